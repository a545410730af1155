/** Instants and days as signed statements write them: one spelling each, in UTC, so that their order is that of their text. */

/** `2026-11-21T20:56:18Z`, an instant that the calendar has. */
export function isInstant(value: unknown): value is string {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString() === value.replace("Z", ".000Z");
}

/** `2026-11-21`, a day that the calendar has: 2026-02-30 is none. */
export function isDay(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && isInstant(`${value}T00:00:00Z`);
}

/**
 * Milliseconds since 1970 of a UTC time as recordings and runs write it, with or without a fraction of a second; NaN when the
 * calendar has no such time. `Date.parse` alone would take 30 February for a day of March, and 24:00 for midnight.
 */
export function millisecondsOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text)) return NaN;
  return new Date(time).toISOString().slice(0, 19) === text.slice(0, 19) ? time : NaN;
}

/** Milliseconds since 1970 as an instant; what is below the second is left out. */
export function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, "Z");
}
