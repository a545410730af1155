/** campaign.csv (RFC 4180, UTF-8, CRLF): one line per bundle, for spreadsheets. The JSON beside it is the exact one. */
import { visible } from "../../reports/safe.js";
import type { CampaignLine } from "./summary.js";

type Column = readonly [name: string, value: (line: CampaignLine) => string | number | null | undefined];

const COLUMNS: readonly Column[] = [
  ["file", (line) => line.file],
  ["status", (line) => line.status],
  ["reason", (line) => line.reason],
  ["where", (line) => line.where],
  ["vendor", (line) => line.candidate?.vendor],
  ["product", (line) => line.candidate?.product],
  ["version", (line) => line.candidate?.version],
  ["mode", (line) => line.mode],
  ["decisions", (line) => line.decisions?.map(decision).join(" ")],
  ["differences", (line) => line.differences],
  ["signer", (line) => line.signer?.keyid],
  ["signer_subject", (line) => line.signer?.subject],
  ["signer_trusted", (line) => trusted(line)],
  ["challenge", (line) => line.challenge?.id],
  ["challenge_issuer", (line) => line.challenge?.issuer],
  ["challenge_traced", (line) => traced(line)],
  ["countersigned_by", (line) => line.countersignature?.issuer],
  ["run", (line) => line.run?.id],
  ["run_started", (line) => line.run?.startedAt],
  ["run_ended", (line) => line.run?.endedAt],
  ["tool_version", (line) => line.madeWith?.tool],
  ["rule_set", (line) => line.madeWith?.ruleSet],
  ["rule_pack", (line) => line.madeWith?.rules],
  ["repeats", (line) => line.repeats.join(" ")],
  ["duplicate_of", (line) => line.duplicateOf],
  ["sha256", (line) => line.bundle?.sha256],
  ["size", (line) => line.bundle?.size],
];

export function csvOf(lines: readonly CampaignLine[]): string {
  const rows = [COLUMNS.map(([name]) => name), ...lines.map((line) => COLUMNS.map(([, value]) => value(line) ?? ""))];
  return rows.map((row) => `${row.map((value) => cell(String(value))).join(",")}\r\n`).join("");
}

function decision({ perimeter, decision, reason }: NonNullable<CampaignLine["decisions"]>[number]): string {
  return `${perimeter}=${decision}${reason === null ? "" : `(${reason})`}`;
}

/** "of" and not "/": a spreadsheet would make a date of 3/4. */
function traced({ challenge }: CampaignLine): string {
  if (challenge === null || challenge.expected === null) return "";
  return `${challenge.traced} of ${challenge.expected}`;
}

function trusted({ signer }: CampaignLine): string {
  if (!signer) return "";
  return signer.trusted === null ? "not_asked" : signer.trusted ? "yes" : "no";
}

/** What spreadsheets take for the beginning of a formula, also in full width and after spaces; `|` and `%` in some. */
const FORMULA = "[=+\\-@|%\\uff1d\\uff0b\\uff0d\\uff20]";
const AT_START = new RegExp(`^\\s*${FORMULA}`);
/** A spreadsheet of a country that writes commas in numbers cuts cells at `;` and not at `,`, quoted or not. */
const AFTER_CUT = new RegExp(`([;,"])(?=\\s*${FORMULA})`, "g");

/**
 * One cell. An apostrophe before what could be a formula makes it text; controls (tab, line ends) become visible. Both alter
 * foreign text that asks for it, and only that.
 */
export function cell(text: string): string {
  const shown = visible(text).replace(AFTER_CUT, "$1'");
  const safe = AT_START.test(shown) ? `'${shown}` : shown;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
