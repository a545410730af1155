/** Summary for a terminal: what was decided, what to fix, what was not seen. Colours only when the caller asks. */
import type { CheckResult, Decision, PerimeterResult } from "../../core/model/index.js";
import { baselineLines } from "../baseline.js";
import { plainText } from "../doc.js";
import { Facts } from "../facts.js";
import { findingsOf, rowsIn } from "../tallies.js";
import { penOf } from "../html/official-view.js";
import type { ReportInput } from "../model.js";
import { officialLines } from "../official.js";
import { stepGroups } from "../steps.js";
import { unobservedGroups } from "../unobserved.js";
import { dossierBlock, maturityBlock, waveBlock } from "./dossier-blocks.js";
import { type Paint, paint } from "./paint.js";

/** Findings printed per check, and checks printed per list. */
const FINDINGS_MAX = 3;
const LIST_MAX = 30;
/** Characters of a line of ids. */
const LINE_MAX = 110;

export function renderText(input: ReportInput): string {
  const facts = new Facts(input);
  const colours = paint(input.color === true);
  const blocks = [
    header(facts, colours),
    ...input.result.perimeters.map((perimeter) => perimeterBlock(facts, colours, perimeter)),
    waveBlock(facts, colours),
    dossierBlock(facts, colours),
    maturityBlock(facts, colours),
    facts.breachesBeside === null ? [] : [colours.warn(facts.breachesBeside)],
    breachBlock(facts, colours),
    unobservedBlock(facts, colours),
    trafficBlock(facts, colours),
    officialBlock(facts, colours),
    baselineBlock(facts, colours),
    gateBlock(facts, colours),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function header(facts: Facts, c: Paint): string[] {
  const { t } = facts;
  const { candidate } = facts.input.result;
  const name = [candidate.vendor, candidate.product, candidate.version].map((word) => facts.foreign(word)).join(" · ");
  return [
    c.bold(t.title),
    `${t.candidate}${t.colon}${name}`,
    c.warn(t.notice),
    ...(facts.input.mask ? [t.masked] : []),
    ...(facts.incomplete === null ? [] : [c.warn(facts.incomplete)]),
  ];
}

function perimeterBlock(facts: Facts, c: Paint, perimeter: PerimeterResult): string[] {
  const { t } = facts;
  const rows = rowsIn(perimeter);
  const known = facts.input.catalogue.perimeters[perimeter.id];
  const decision = `${t.decisions[perimeter.decision]} (${t.decisionScope})`;
  const verdicts = facts.verdictCounts(rows);
  const { mandatory, machine, proofs } = perimeter.score.all;
  return [
    `${c.bold(facts.perimeterTitle(perimeter))}${t.colon}${decisionPaint(c, perimeter)(decision)}`,
    `  ${facts.decisionWhy(perimeter)}`,
    `  ${t.basis}${t.colon}${perimeter.basis}. ${t.knownGap}${t.colon}${known?.knownGap[facts.input.lang] ?? t.unknown}`,
    `  ${t.counts.rows(rows.length, facts.number(rows.length))}${t.colon}${verdicts}`,
    `  ${t.scoreMandatory}${t.colon}${facts.share(mandatory.conform, mandatory.total)}`,
    `  ${t.scoreMachine}${t.colon}${facts.share(machine.proved, machine.provable)}`,
    `  ${t.scoreProofs}${t.colon}${facts.share(proofs.accepted, proofs.demanded)}`,
  ];
}

function decisionPaint(c: Paint, perimeter: PerimeterResult): (text: string) => string {
  const tones: Record<Decision, (text: string) => string> = {
    referencable: c.good,
    not_referencable: perimeter.reason === "owed" ? c.warn : c.bad,
    undetermined: c.warn,
  };
  return tones[perimeter.decision];
}

function breachBlock(facts: Facts, c: Paint): string[] {
  const { t } = facts;
  const checks = facts.input.result.checks.filter((check) => check.outcome === "breached" || check.outcome === "error");
  if (checks.length === 0) return [];
  return [
    `${c.bold(t.breaches)}  ${facts.number(checks.length)}`,
    ...checks.slice(0, LIST_MAX).flatMap((check) => breachLines(facts, c, check)),
    ...moreLine(facts, checks.length),
  ];
}

function breachLines(facts: Facts, c: Paint, check: CheckResult): string[] {
  const { t } = facts;
  const findings = findingsOf(check, "breach");
  const left = findings.length - FINDINGS_MAX;
  const cause = check.cause === null ? "" : ` [${t.causes[check.cause]}]`;
  return [
    `  ${c.bad(check.id)}  ${facts.checkTitle(check.id)}${cause}`,
    ...(check.reason === null ? [] : [`    ${facts.reason(check.reason)}`]),
    ...findings
      .slice(0, FINDINGS_MAX)
      .map(
        (finding) => `    - ${plainText(facts.messageParts(finding))}  ${c.quiet(`(${facts.pointer(finding.at)})`)}`,
      ),
    ...(left > 0 ? [`    ${t.counts.more(left, facts.number(left))}`] : []),
    `    ${t.nextStep}${t.colon}${plainText(facts.nextStep(check))}`,
  ];
}

function unobservedBlock(facts: Facts, c: Paint): string[] {
  const { t } = facts;
  const checks = facts.input.result.checks.filter((check) => check.planned && check.outcome === "unobserved");
  const scenarios = facts.input.result.scenarios.filter((scenario) => scenario.state !== "done");
  if (checks.length + scenarios.length === 0) return [];
  const groups = unobservedGroups(facts);
  const steps = stepGroups(facts);
  return [
    `${c.bold(t.untested)}  ${facts.number(checks.length)}`,
    ...groups.flatMap(({ reason, cause, ids }) => [
      `  ${reason}${cause === null ? "" : ` [${cause}]`}  ${facts.number(ids.length)}`,
      ...wrapped(ids, "    ").map((line) => c.warn(line)),
    ]),
    ...scenarios.slice(0, LIST_MAX).map((scenario) => {
      const reason = scenario.reason === null ? "" : ` (${facts.reason(scenario.reason)})`;
      return `  ${t.scenario} ${facts.foreign(scenario.key)}${t.colon}${t.states[scenario.state]}${reason}`;
    }),
    ...moreLine(facts, scenarios.length),
    ...(steps.length === 0 ? [] : [`  ${t.steps.title}`]),
    ...steps
      .slice(0, LIST_MAX)
      .map(({ operation, answer, said, count }) => `    ${[operation, answer, said].join(" ").trim()} (${count})`),
    ...moreLine(facts, steps.length),
  ];
}

/** Ids one after the other, in lines that a terminal shows whole. */
function wrapped(ids: readonly string[], indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const [index, id] of ids.entries()) {
    const word = index === ids.length - 1 ? id : `${id},`;
    if (line !== "" && indent.length + line.length + 1 + word.length > LINE_MAX) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, indent + line];
}

function moreLine(facts: Facts, count: number): string[] {
  const left = count - LIST_MAX;
  return left > 0 ? [`  ${facts.t.counts.more(left, facts.number(left))}`] : [];
}

function trafficBlock(facts: Facts, c: Paint): string[] {
  const { t } = facts;
  const { unexpected, unattributed } = facts.input.result;
  return [
    ...(unexpected.length > 0 ? [`${c.warn(t.unexpected)}${t.colon}${facts.number(unexpected.length)}`] : []),
    ...(unattributed.length > 0 ? [`${c.warn(t.unattributed)}${t.colon}${facts.number(unattributed.length)}`] : []),
  ];
}

/** The official rules in short: the page tells them layer by layer. */
function officialBlock(facts: Facts, c: Paint): string[] {
  const { official } = facts.input;
  if (!official) return [];
  const [head = "", ...lines] = officialLines(official, penOf(facts));
  return [c.bold(head), ...lines.slice(0, LIST_MAX).map((line) => `  ${line}`), ...moreLine(facts, lines.length)];
}

/** What was known to fail, and which entries of the file no longer hold. */
function baselineBlock(facts: Facts, c: Paint): string[] {
  const lines = baselineLines(facts);
  if (!lines) return [];
  const { known, unknown, stale, idle, file, title } = lines;
  return [
    `${c.bold(title)}${facts.t.colon}${file}`,
    `  ${known.head}`,
    ...known.lines.slice(0, LIST_MAX).map((line) => `    ${c.warn(line.check)}  ${line.own}${line.foreign}`),
    ...moreLine(facts, known.lines.length),
    ...(unknown.checks.length > 0 ? [`  ${c.bad(unknown.head)}`] : []),
    ...unknown.checks.slice(0, LIST_MAX).map((check) => `    ${c.bad(check)}`),
    ...moreLine(facts, unknown.checks.length),
    ...(stale.lines.length > 0 ? [`  ${c.bad(stale.head)}`] : []),
    ...stale.lines.slice(0, LIST_MAX).map((line) => `    ${c.bad(line.check)}  ${line.own}`),
    ...moreLine(facts, stale.lines.length),
    ...(idle === null ? [] : [`  ${c.quiet(idle)}`]),
  ];
}

function gateBlock(facts: Facts, c: Paint): string[] {
  const { t } = facts;
  const { result, meta } = facts.input;
  const planned = result.checks.filter((check) => check.planned);
  const outcomes = facts.outcomeCounts(planned);
  const remarks = result.checks.reduce((sum, check) => sum + findingsOf(check, "remark").length, 0);
  const wave = facts.waveGate ? c.good(t.gateWaveStates.passed) : c.warn(t.gateWaveStates.missed);
  const checks = (result.gate.checks === "passed" ? c.good : c.bad)(t.gateStates[result.gate.checks]);
  const baseline = baselineLines(facts)?.gate;
  const asked = (gate: "checks" | "wave"): string => (meta.gate === gate ? ` [${t.gate}]` : "");
  return [
    `${t.counts.checks(planned.length, facts.number(planned.length))}${outcomes === "" ? "" : `${t.colon}${outcomes}`} · ${t.counts.remarks(remarks, facts.number(remarks))} · ${t.unplanned(result.gate.unplanned, facts.number(result.gate.unplanned))}`,
    `${c.bold(t.gateChecks)}${t.colon}${checks}${asked("checks")}`,
    ...(baseline ? [`${c.bold(baseline.name)}${t.colon}${(baseline.passed ? c.good : c.bad)(baseline.value)}`] : []),
    `${c.bold(t.gateWave)}${t.colon}${wave}${asked("wave")}`,
  ];
}
