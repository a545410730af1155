/** `segur explain ID`: a requirement, a check or a scenario in plain words. */
import type { CheckDef, Requirement, Scenario, ScenarioStep } from "../../core/model/index.js";
import { SuiteError } from "../../core/model/index.js";
import { nearest } from "../../core/plan/problems.js";
import { MESSAGES } from "../../reports/messages/index.js";
import { stepsOf } from "../dossier/steps.js";
import type { ExitCode, Lang } from "../output.js";
import { docOf } from "../rendering.js";
import { openSuite, type Suite } from "../suite.js";

export interface ExplainOptions {
  readonly json?: boolean;
  /** Folder of a rule pack. */
  readonly specs?: string;
  readonly lang: Lang;
}

export function explain(id: string, options: ExplainOptions): ExitCode {
  const suite = openSuite(options);
  const wanted = id.replace(/^SC\./, "");
  // `dmp/patient-identifier:differs` or `… differs` names one message of a check.
  const [thing = "", message] = wanted.split(/[:#]/);
  const exact = find(suite, (candidate, aliases) => candidate === thing || aliases.includes(id));
  const found =
    exact.length > 0 ? exact : find(suite, (candidate) => candidate.toLowerCase().startsWith(thing.toLowerCase()));
  if (found.length === 0) {
    const near = nearestOf(thing, suite);
    throw new SuiteError("ERR_USAGE", `nothing is named ${id}`, {
      mend:
        near.length > 0
          ? `did you mean ${near.join(", ")}?`
          : "give the id of a requirement (MSS/CONF.16), a check (mss/…), a scenario (mss-…), or the beginning of one",
    });
  }
  const [first] = found;
  if (message !== undefined && first?.kind === "check" && !(message in first.item.messages)) {
    throw new SuiteError("ERR_USAGE", `the check ${first.item.id} has no message ${message}`, {
      mend: `its messages: ${Object.keys(first.item.messages).join(", ")}`,
    });
  }
  if (options.json) process.stdout.write(`${JSON.stringify(found.map((entry) => describe(entry, suite)))}\n`);
  else if (found.length > 1 && exact.length === 0) {
    process.stdout.write(
      `${found.map((entry) => `${entry.item.id.padEnd(34)} ${titleOf(entry)[options.lang]}`).join("\n")}\n`,
    );
  } else process.stdout.write(found.map((entry) => textOf(entry, suite, options.lang, message)).join("\n"));
  return 0;
}

type Entry =
  { kind: "requirement"; item: Requirement } | { kind: "check"; item: CheckDef } | { kind: "scenario"; item: Scenario };

function find(suite: Suite, test: (id: string, aliases: readonly string[]) => boolean): Entry[] {
  return [
    ...suite.specs.requirements
      .filter((r) => test(r.id, r.aliases))
      .map((item): Entry => ({ kind: "requirement", item })),
    ...suite.checks.filter((c) => test(c.id, [])).map((item): Entry => ({ kind: "check", item })),
    ...suite.specs.scenarios.filter((s) => test(s.id, [])).map((item): Entry => ({ kind: "scenario", item })),
  ];
}

/** Up to three known ids a misspelt one may have meant. */
function nearestOf(word: string, suite: Suite): string[] {
  const known = find(suite, () => true).map((entry) => entry.item.id);
  const near: string[] = [];
  for (let left = known; near.length < 3;) {
    const one = nearest(word, left);
    if (one === undefined) break;
    near.push(one);
    left = left.filter((id) => id !== one);
  }
  return near;
}

function titleOf(entry: Entry): { fr: string; en: string } {
  return entry.item.title;
}

function rowsOf(suite: Suite, check: string): { checks: string[]; supports: string[] } {
  const by = (list: (row: Requirement) => readonly string[]) =>
    suite.specs.requirements.filter((row) => list(row).includes(check)).map((row) => row.id);
  return { checks: by((row) => row.checks), supports: by((row) => row.supports) };
}

/** The entry as data, for `--json`. */
function describe(entry: Entry, suite: Suite): Record<string, unknown> {
  if (entry.kind === "requirement") return { kind: entry.kind, ...entry.item };
  if (entry.kind === "scenario") return { kind: entry.kind, ...entry.item };
  const { evaluate: _evaluate, ...rest } = entry.item;
  return { kind: entry.kind, ...rest, requirements: rowsOf(suite, entry.item.id), ...docOf(suite.root, entry.item.id) };
}

const WORDS = {
  fr: {
    wave: "vague",
    level: "nature",
    couloirs: "couloirs",
    variant: (couloir: string) => `autre énoncé pour ${couloir}, où les contrôles ne donnent pas le verdict`,
    how: "Ce qu'une machine peut comparer",
    checks: "Contrôles qui donnent le verdict",
    supports: "Contrôles qui n'en couvrent qu'une partie (sans verdict)",
    proofs: "Preuves officielles",
    kinds: "forme",
    summary: "contenu",
    toShow: "que montrer",
    excluded: "Exclue",
    source: "source",
    confidence: "confiance dans l'identifiant",
    messages: "Constats possibles",
    breach: "écart",
    remark: "remarque",
    witness: "témoin extérieur",
    rows: "Exigences",
    reads: "Échanges lus",
    scenarios: "Scénarios nécessaires",
    control: "Scénario témoin",
    faults: "Incidents provoqués au service",
    steps: "Étapes",
    none: "aucun",
    marks: "marque",
  },
  en: {
    wave: "wave",
    level: "level",
    couloirs: "couloirs",
    variant: (couloir: string) => `another statement for ${couloir}, where the checks give no verdict`,
    how: "What a machine can compare",
    checks: "Checks that give the verdict",
    supports: "Checks that cover only a part of it (no verdict)",
    proofs: "Official proofs",
    kinds: "form",
    summary: "contents",
    toShow: "what to show",
    excluded: "Excluded",
    source: "source",
    confidence: "confidence in the id",
    messages: "Possible findings",
    breach: "breach",
    remark: "remark",
    witness: "outside witness",
    rows: "Requirements",
    reads: "Exchanges read",
    scenarios: "Scenarios needed",
    control: "Control scenario",
    faults: "Faults of the service",
    steps: "Steps",
    none: "none",
    marks: "mark",
  },
} as const;

function textOf(entry: Entry, suite: Suite, lang: Lang, message: string | undefined): string {
  if (entry.kind === "requirement") return requirementText(entry.item, suite, lang);
  if (entry.kind === "scenario") return scenarioText(entry.item, lang);
  return checkText(entry.item, suite, lang, message);
}

function requirementText(row: Requirement, suite: Suite, lang: Lang): string {
  const w = WORDS[lang];
  const t = MESSAGES[lang];
  const { kinds } = t.proofs;
  const names = (ids: readonly string[]): string[] =>
    ids.length === 0
      ? [`  ${w.none}`]
      : ids.map((id) => `  ${id.padEnd(34)} ${suite.checks.find((check) => check.id === id)?.title[lang] ?? ""}`);
  const lines = [
    `${row.id}${row.aliases.length > 0 ? ` (${row.aliases.join(", ")})` : ""}`,
    row.title[lang],
    `${w.wave} ${row.wave ?? "-"}, ${w.level}${t.colon}${t.levels[row.level]}, ${w.couloirs}${t.colon}${row.couloirs.join(", ")}`,
    ...Object.entries(row.variants ?? {}).map(([couloir, title]) => `${w.variant(couloir)}${t.colon}${title[lang]}`),
    "",
  ];
  if (row.how) lines.push(`${w.how}${t.colon}${row.how[lang]}`, "");
  lines.push(w.checks, ...names(row.checks));
  if (row.supports.length > 0) lines.push(w.supports, ...names(row.supports));
  lines.push("", `${w.proofs}${t.colon}${row.proofs.ids.join(", ") || t.noneF}`);
  if (row.proofs.kinds.length > 0)
    lines.push(`  ${w.kinds}${t.colon}${row.proofs.kinds.map((kind) => kinds[kind] ?? kind).join(", ")}`);
  if (row.proofs.summary) lines.push(`  ${w.summary}${t.colon}${row.proofs.summary[lang]}`);
  for (const { kind, steps } of stepsOf({ id: row.proofs.ids[0] ?? row.id, rows: [row] }, lang)) {
    lines.push(`  ${w.toShow}${kind === "" ? "" : `, ${kinds[kind] ?? kind}`}${t.colon}`);
    lines.push(...steps.map((step, index) => `    ${index + 1}. ${step}`));
  }
  if (row.excluded) lines.push(`${w.excluded}${t.colon}${row.excluded[lang]}`);
  lines.push("", `${w.source}${t.colon}${row.source}`, `${w.confidence}${t.colon}${t.confidences[row.confidence]}`);
  return `${lines.join("\n")}\n`;
}

function checkText(check: CheckDef, suite: Suite, lang: Lang, message: string | undefined): string {
  const w = WORDS[lang];
  const t = MESSAGES[lang];
  const rows = rowsOf(suite, check.id);
  const lines = [check.id, check.title[lang], ""];
  const { doc } = docOf(suite.root, check.id);
  if (doc) lines.push(doc[lang], "");
  lines.push(w.messages);
  for (const [id, definition] of Object.entries(check.messages)) {
    if (message && id !== message) continue;
    lines.push(
      `  ${id} (${w[definition.weight]})${t.colon}${definition[lang]}`,
      `    ${w.source}${t.colon}${definition.source}`,
      `    ${w.marks}${t.colon}${t.marks[definition.mark]}; ${w.witness}${t.colon}${definition.witness === "none" ? w.none : definition.witness}`,
    );
  }
  lines.push("", `${w.reads}${t.colon}${check.reads.join(", ")}`);
  if (check.scenarios?.length) lines.push(`${w.scenarios}${t.colon}${check.scenarios.join(", ")}`);
  lines.push(`${w.rows}${t.colon}${rows.checks.join(", ") || w.none}`);
  if (rows.supports.length > 0) lines.push(`${t.bearsOnPart}${t.colon}${rows.supports.join(", ")}`);
  return `${lines.join("\n")}\n`;
}

function scenarioText(scenario: Scenario, lang: Lang): string {
  const w = WORDS[lang];
  const { colon } = MESSAGES[lang];
  const lines = [scenario.id, scenario.title[lang], "", scenario.instruction[lang], ""];
  if (scenario.control) lines.push(`${w.control}${colon}${scenario.control}`);
  if (scenario.faults?.length) {
    lines.push(
      `${w.faults}${colon}${scenario.faults.map((fault) => `${fault.service} ${fault.at} ${fault.kind}`).join("; ")}`,
    );
  }
  lines.push(w.steps);
  for (const [index, step] of scenario.steps.entries()) lines.push(`  ${index + 1}. ${stepText(step, lang)}`);
  return `${lines.join("\n")}\n`;
}

/** `ins.search  patientId = $step.0.patientId, mode = traits`; what begins with `$` is filled in when it is played. */
function stepText(step: ScenarioStep, lang: Lang): string {
  if ("observe" in step) return lang === "fr" ? `observer ${step.observe} ms` : `watch for ${step.observe} ms`;
  if ("operation" in step) return `${step.operation}${valuesText(step.input)}`;
  const { service, command, args } = step.control;
  return `${lang === "fr" ? "commande au service" : "command to the service"} ${service}, ${command}${valuesText(args)}`;
}

function valuesText(values: Readonly<Record<string, unknown>> | undefined): string {
  const parts = Object.entries(values ?? {}).map(
    ([name, value]) => `${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return parts.length > 0 ? `  ${parts.join(", ")}` : "";
}
