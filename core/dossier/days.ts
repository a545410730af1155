/** Calendar days as `YYYY-MM-DD`, compared as text. No clock, no time zone. */

/** A day of the calendar: `2026-02-29` is none. */
export function isDay(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/**
 * The same day of the month so many months later; where that month has no such day, its last one. So French procedure counts
 * a time of months or years (code de procédure civile, articles 641 and 642): a year from 29 February ends on 28 February.
 */
export function monthsLater(day: string, months: number): string {
  const [year, month, date] = day.split("-").map(Number);
  const count = (year ?? 0) * 12 + (month ?? 1) - 1 + months;
  const [toYear, toMonth] = [Math.floor(count / 12), (count % 12) + 1];
  return written(toYear, toMonth, Math.min(date ?? 1, daysIn(toYear, toMonth)));
}

export function dayAfter(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  const next = (date ?? 1) + 1;
  if (next <= daysIn(year ?? 0, month ?? 1)) return written(year ?? 0, month ?? 1, next);
  return monthsLater(`${day.slice(0, 8)}01`, 1);
}

/** Months after its run within which a proof may still be said to have been looked at. */
const LATEST = 12;

/**
 * The day up to which ages of a proof are counted. `on`: the day on which the candidate says it looked at it, which no clock confirms.
 * It is heard between the day of the run and a year after it; and never beyond `reviewed`, the day on which an agency, signing, looked
 * at it itself: a form dated later than that is dated in the future, whatever was said.
 */
export function lookedAtOn(on: string | undefined, runDay: string, reviewed?: string): string {
  const said = on !== undefined && isDay(on) && on > runDay ? on : runDay;
  const latest = monthsLater(runDay, LATEST);
  const heard = said > latest ? latest : said;
  return reviewed !== undefined && reviewed < heard ? reviewed : heard;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function written(year: number, month: number, date: number): string {
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
}

const MONTHS: readonly (readonly [string, string])[] = [
  ["janvier", "january"],
  ["février", "february"],
  ["mars", "march"],
  ["avril", "april"],
  ["mai", "may"],
  ["juin", "june"],
  ["juillet", "july"],
  ["août", "august"],
  ["septembre", "september"],
  ["octobre", "october"],
  ["novembre", "november"],
  ["décembre", "december"],
];

/** The ways a document in French or English writes a day, in lower case without accents (see `plain`). */
export function waysToWrite(day: string): string[] {
  const [year = "", month = "", date = ""] = day.split("-");
  const short = String(Number(date));
  const [french = "", english = ""] = MONTHS[Number(month) - 1] ?? [];
  const first = short === "1" ? ["1er"] : [];
  const numbers = ["/", ".", "-"].flatMap((sign) => [
    `${date}${sign}${month}${sign}${year}`,
    `${short}${sign}${String(Number(month))}${sign}${year}`,
    `${date}${sign}${month}${sign}${year.slice(2)}`,
    `${year}${sign}${month}${sign}${date}`,
  ]);
  const words = [short, date, ...first].flatMap((number) => [
    `${number} ${french} ${year}`,
    `${number} ${english} ${year}`,
    `${english} ${number}, ${year}`,
  ]);
  return [...numbers, ...words].map(plain);
}

/** Lower case, no accents, no ligatures (PDFs have them), single spaces: how texts are compared. */
export function plain(text: string): string {
  return text
    .replace(/[\ufb00-\ufb06]/g, (ligature) => ligature.normalize("NFKD"))
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\s+/g, " ")
    .toLowerCase();
}
