/**
 * HL7 TS (`YYYY[MM[DD[HH[MM[SS[.S…]]]]]][±ZZZZ]`) and the times of XDS metadata (the same without fraction and offset, in
 * UTC: ITI TF-3 §4.2.3.1.7, dmp.md §2.3). Pure arithmetic on the proleptic Gregorian calendar: no locale, no clock.
 */

export interface Hl7Time {
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
  readonly hour: number | null;
  readonly minute: number | null;
  readonly second: number | null;
  /** Minutes east of UTC; null when none is written. */
  readonly offset: number | null;
  /** How many digits were written before fraction and offset: 4, 6, 8, 10, 12 or 14. */
  readonly digits: number;
}

/** `shape`: not the syntax; `date`: no such day in the calendar; `time`: no such time of day; `offset`: not ±HHMM up to 14 hours. */
export type Hl7TimeProblem = "shape" | "date" | "time" | "offset";

const SYNTAX = /^(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:\.\d+)?([+-]\d+)?$/;

/** Reads a TS; the problem when it is none. Never throws. */
export function readHl7Time(
  value: string,
): { readonly time: Hl7Time; readonly problem: null } | { readonly time: null; readonly problem: Hl7TimeProblem } {
  const found = SYNTAX.exec(value);
  if (!found) return { time: null, problem: "shape" };
  const part = (index: number): number | null => (found[index] === undefined ? null : Number(found[index]));
  const [year, month, day, hour, minute, second] = [part(1) ?? 0, part(2), part(3), part(4), part(5), part(6)];
  if (year < 1 || outside(month, 1, 12) || (day !== null && outside(day, 1, daysInMonth(year, month ?? 1)))) {
    return { time: null, problem: "date" };
  }
  if (outside(hour, 0, 23) || outside(minute, 0, 59) || outside(second, 0, 59)) return { time: null, problem: "time" };
  const zone = found[7];
  let offset: number | null = null;
  if (zone !== undefined) {
    const digits = /^[+-](\d{2})(\d{2})$/.exec(zone);
    const minutes = digits ? Number(digits[1]) * 60 + Number(digits[2]) : Number.NaN;
    if (!digits || Number(digits[2]) > 59 || minutes > 14 * 60) return { time: null, problem: "offset" };
    offset = zone.startsWith("-") ? -minutes : minutes;
  }
  const digits = (/^\d+/.exec(value)?.[0] ?? "").length;
  return { time: { year, month, day, hour, minute, second, offset, digits }, problem: null };
}

function outside(value: number | null, low: number, high: number): boolean {
  return value !== null && (value < low || value > high);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * The TS in UTC with the precision it was written in, fraction dropped: `20261121193000+0100` gives `20261121183000`.
 * Without a time of day nothing can be shifted and the date comes back as it is. Null when the value is no TS, or has a
 * time of day but no offset: which instant it means is then unknown.
 */
export function toUtc(value: string): string | null {
  const { time } = readHl7Time(value);
  if (!time) return null;
  if (time.hour === null) return value.slice(0, time.digits);
  if (time.offset === null) return null;
  const shifted = minutesOf(time) - time.offset;
  return writeMinutes(shifted, time.second).slice(0, time.digits);
}

/** Seconds since 1970-01-01T00:00:00Z of a UTC time without offset (`YYYYMMDDhhmmss`, shorter ones read as their beginning); null when it is none. */
export function utcSeconds(value: string): number | null {
  if (!/^\d+$/.test(value)) return null;
  const { time } = readHl7Time(value);
  return time ? minutesOf(time) * 60 + (time.second ?? 0) : null;
}

/** Seconds since 1970-01-01T00:00:00Z of a TS with a time of day and an offset; null for any other. */
export function instantOf(value: string): number | null {
  const utc = toUtc(value);
  return utc !== null && utc.length >= 10 ? utcSeconds(utc) : null;
}

/**
 * Whether a UTC time of metadata and a TS of a document mean the same moment. The shorter of the two decides the precision
 * (`202101040635` agrees with `20210104063500`). `unknown` when the TS has no offset or no time of day.
 */
export function agrees(utc: string, ts: string): "same" | "different" | "unknown" {
  const expected = toUtc(ts);
  if (expected === null || expected.length < 10) return "unknown";
  const [short, long] = utc.length < expected.length ? [utc, expected] : [expected, utc];
  return short.length >= 8 && long.startsWith(short) ? "same" : "different";
}

function minutesOf(time: Hl7Time): number {
  const days = daysFromEpoch(time.year, time.month ?? 1, time.day ?? 1);
  return days * 1440 + (time.hour ?? 0) * 60 + (time.minute ?? 0);
}

/** Days from 1970-01-01 to a date (Howard Hinnant's civil calendar, with years that begin in March). */
function daysFromEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

function writeMinutes(minutes: number, second: number | null): string {
  const z = Math.floor(minutes / 1440) + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const ofDay = minutes - Math.floor(minutes / 1440) * 1440;
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${String(year).padStart(4, "0")}${two(month)}${two(day)}${two(Math.floor(ofDay / 60))}${two(ofDay % 60)}${two(second ?? 0)}`;
}
