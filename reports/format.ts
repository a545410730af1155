/** Numbers, shares and dates as each language writes them. Own and small, so that a rendering is the same on every machine. */
import type { Lang } from "./model.js";

const GROUP = { fr: "\u202f", en: "," } as const;
const DECIMAL = { fr: ",", en: "." } as const;

/** Whole number: `1 234` with a narrow no-break space in French, `1,234` in English. */
export function number(value: number, lang: Lang): string {
  const digits = Math.trunc(Math.abs(value)).toString();
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, GROUP[lang]);
  return value < 0 ? `-${grouped}` : grouped;
}

/**
 * Share of `total`, one decimal, rounded down: 100 % is said only when nothing is missing. A share above zero is never
 * shown as zero. `null` when there is nothing to divide by.
 */
export function percent(part: number, total: number, lang: Lang): string | null {
  if (total <= 0) return null;
  const tenths = Math.max(Math.floor((part * 1000) / total), part > 0 ? 1 : 0);
  const whole = Math.floor(tenths / 10);
  const rest = tenths % 10;
  const figure = rest === 0 ? `${whole}` : `${whole}${DECIMAL[lang]}${rest}`;
  return lang === "fr" ? `${figure}\u202f%` : `${figure}%`;
}

const MONTHS = {
  fr: [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
  ],
  en: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
} as const;

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?Z?)?$/;

/** `21 novembre 2026 à 18:25:00 UTC`; text that is not an ISO date comes back as it is. */
export function dateTime(iso: string, lang: Lang): string {
  const found = ISO.exec(iso);
  const month = found ? MONTHS[lang][Number(found[2]) - 1] : undefined;
  if (!found || month === undefined) return iso;
  const [, year, , day, hour, minute, second] = found;
  const dayNumber = Number(day);
  const date =
    lang === "fr" ? `${dayNumber === 1 ? "1er" : dayNumber} ${month} ${year}` : `${dayNumber} ${month} ${year}`;
  if (hour === undefined) return date;
  const time = `${hour}:${minute}${second === undefined ? "" : `:${second}`} UTC`;
  return lang === "fr" ? `${date} à ${time}` : `${date} at ${time}`;
}

/** Time of day with its fraction, for evidence: `18:25:00.123Z`. */
export function clock(iso: string): string {
  const at = iso.indexOf("T");
  return at < 0 ? iso : iso.slice(at + 1);
}
