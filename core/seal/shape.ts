/** Reading the payload of a signed statement: of unknown shape until each member was looked at. Closed: no member is passed over. */

/** The value as an object with exactly these members, or null. */
export function closedRecord(value: unknown, members: readonly string[]): Readonly<Record<string, unknown>> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const names = Object.keys(value);
  if (names.length !== members.length || !members.every((name) => Object.hasOwn(value, name))) return null;
  return value as Readonly<Record<string, unknown>>;
}

/** A text of 1 to `max` UTF-16 units. */
export function isText(value: unknown, max: number): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= max;
}

/** SHA-256 in lower-case hexadecimal. */
export function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
