/** `--baseline FILE` and `--write-baseline FILE`: known failures of the candidate, beside the judgement and never in it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { coverOf } from "../core/compare/index.js";
import { MAX_FINDINGS } from "../core/evaluate/evaluate.js";
import { type BaselineCover, type BaselineEntry, type RunResult, SuiteError } from "../core/model/index.js";
import { openSchemas } from "../core/plan/index.js";
import { type Problem, refuse, suggestion } from "../core/plan/problems.js";
import { readYaml, type YamlFile } from "../core/plan/yaml.js";
import type { ExitCode, Lang } from "./output.js";
import type { Suite } from "./suite.js";

export const BASELINE_FORMAT = "segur-baseline/1";

export interface BaselineOptions {
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
}

/** What was asked, read and validated before anything is run. */
export interface Baseline {
  /** Null when none was given. */
  cover(result: RunResult): BaselineCover | null;
  /** Writes the first baseline when that was asked; gives the path, or null. An empty run knows of no failure. */
  write(result: RunResult): string | null;
}

/** Days that the entries of a written baseline hold. */
const FIRST_DAYS = 90;
/** What a written baseline says until a person has given the reason; refused when read. */
const UNFILLED: Readonly<Record<Lang, string>> = { fr: "à compléter", en: "to fill in" };
const HEADS: Readonly<Record<Lang, string>> = {
  fr: "Écarts connus. Donnez la raison de chacun : sans elle le fichier est refusé.",
  en: "Known failures. Give each its reason: without it the file is refused.",
};

/** Throws SuiteError ERR_USAGE (options that do not go together) or ERR_CONFIG (the file, with the line of each mistake). */
export function openBaseline(options: BaselineOptions, suite: Suite): Baseline {
  const { baseline, writeBaseline } = options;
  if (baseline !== undefined && options.gate === "wave") {
    throw new SuiteError("ERR_USAGE", "a baseline is about checks; it cannot make a wave referencable", {
      where: "--baseline",
      mend: "use it with --gate checks, or leave it out",
    });
  }
  if (baseline !== undefined && writeBaseline !== undefined) {
    throw new SuiteError("ERR_USAGE", "a baseline is either read or written", {
      where: "--write-baseline",
      mend: "give --baseline or --write-baseline, not both",
    });
  }
  if (writeBaseline !== undefined && existsSync(writeBaseline)) {
    throw new SuiteError("ERR_USAGE", "the file is already there", {
      where: writeBaseline,
      mend: "give another name, or remove it",
    });
  }
  const entries = baseline === undefined ? null : readBaseline(baseline, suite);
  return {
    cover: (result) =>
      entries === null || baseline === undefined
        ? null
        : coverOf(result, entries, { file: baseline, today: today(), findingsKept: MAX_FINDINGS }),
    write(result) {
      if (writeBaseline === undefined || result.gate.checks === "empty") return null;
      writeNew(writeBaseline, baselineText(result, today(), options.lang));
      return writeBaseline;
    },
  };
}

/** Exit code of the gate of the checks with a baseline. */
export function coverExitCode(gate: BaselineCover["gate"]): ExitCode {
  if (gate === "error" || gate === "empty") return 2;
  return gate === "passed" ? 0 : 1;
}

export function readBaseline(file: string, suite: Suite): BaselineEntry[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new SuiteError("ERR_CONFIG", "the baseline cannot be read", {
      where: path.resolve(file),
      mend: "give the path of the file; --write-baseline writes a first one",
      cause,
    });
  }
  return parseBaseline(text, file, suite);
}

/** Throws SuiteError ERR_CONFIG with the line of every mistake. */
export function parseBaseline(text: string, name: string, suite: Suite): BaselineEntry[] {
  const yaml = readYaml(text, name);
  refuse("ERR_CONFIG", openSchemas(path.join(suite.root, "specs", "schemas")).problems("baseline", yaml));
  const { entries } = yaml.value as { readonly entries: readonly WrittenEntry[] };
  refuse(
    "ERR_CONFIG",
    entries.flatMap((entry, index) => mistakes(entry, index, yaml, suite)),
  );
  return entries.map((entry) => ({
    check: entry.check,
    messages: entry.messages ?? null,
    outcome: entry.outcome ?? null,
    reason: entry.reason.trim(),
    expires: entry.expires,
  }));
}

interface WrittenEntry {
  readonly check: string;
  readonly messages?: readonly string[];
  readonly outcome?: "breached" | "unobserved";
  readonly reason: string;
  readonly expires: string;
}

/** What the schema cannot know: names of checks and messages, days of the calendar, reasons nobody gave. */
function mistakes(entry: WrittenEntry, index: number, yaml: YamlFile, suite: Suite): Problem[] {
  const at = (...member: (string | number)[]): string => yaml.where(["entries", index, ...member]);
  const problems: Problem[] = [];
  const check = suite.checks.find((one) => one.id === entry.check);
  if (!check) {
    const near = suggestion(
      entry.check,
      suite.checks.map((one) => one.id),
    );
    problems.push({ what: `there is no check "${entry.check}"`, where: at("check"), mend: near });
  }
  for (const [number, message] of (entry.messages ?? []).entries()) {
    const breaches = Object.keys(check?.messages ?? {}).filter((id) => check?.messages[id]?.weight === "breach");
    if (!check || breaches.includes(message)) continue;
    const what = `the check ${check.id} has no breach message "${message}"`;
    problems.push({ what, where: at("messages", number), mend: suggestion(message, breaches) });
  }
  if (entry.messages && entry.outcome === "unobserved") {
    problems.push({
      what: "a check that was not observed has no message",
      where: at("messages"),
      mend: 'Remove "messages", or write "outcome: breached".',
    });
  }
  if (entry.reason.trim() === "" || Object.values(UNFILLED).includes(entry.reason.trim().toLowerCase())) {
    problems.push({
      what: "the reason is not filled in",
      where: at("reason"),
      mend: "Say in words why this failure is accepted for now.",
    });
  }
  if (!isDay(entry.expires)) {
    problems.push({
      what: `${JSON.stringify(entry.expires)} is not a day of the calendar`,
      where: at("expires"),
      mend: "Write YYYY-MM-DD.",
    });
  }
  return problems;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The day of this machine's clock, in UTC: the same for everybody who runs at that moment. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** A baseline of the failures of this result, whose reasons are still to be given. */
export function baselineText(result: Pick<RunResult, "checks">, day: string, lang: Lang): string {
  const expires = new Date(Date.parse(`${day}T00:00:00Z`) + FIRST_DAYS * 86_400_000).toISOString().slice(0, 10);
  const entries = result.checks
    .filter((check) => check.planned && (check.outcome === "breached" || check.outcome === "unobserved"))
    .map((check) => {
      const messages = check.findings.filter((one) => one.weight === "breach").map((one) => one.message);
      const known = check.outcome === "breached" && check.findings.length < MAX_FINDINGS;
      return {
        check: check.id,
        ...(known ? { messages: [...new Set(messages)] } : { outcome: check.outcome }),
        reason: UNFILLED[lang],
        expires,
      };
    });
  return `# ${HEADS[lang]}\n${stringify({ format: BASELINE_FORMAT, entries })}`;
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    throw new SuiteError("ERR_DISK", "the file cannot be written", {
      where: file,
      mend: "check that the folder exists and is writable",
      cause,
    });
  }
}
