/** Markdown for a job summary of a CI: decisions, counts, what to fix, what was not seen. */
import type { CheckResult, PerimeterResult } from "../../core/model/index.js";
import { baselineLines } from "../baseline.js";
import { Facts } from "../facts.js";
import { findingsOf, rowsIn } from "../tallies.js";
import { penOf } from "../html/official-view.js";
import type { ReportInput } from "../model.js";
import { officialLines } from "../official.js";
import { dossierBlock, maturityBlock, waveBlock } from "./dossier-blocks.js";
import { code, parts, plain, table } from "./write.js";

/** A job summary is small: GitHub refuses more than 1 MB. */
const CHECKS_MAX = 50;
const FINDINGS_MAX = 5;

export function renderMarkdown(input: ReportInput): string {
  const facts = new Facts(input);
  const { t } = facts;
  const { candidate } = input.result;
  const name = [candidate.vendor, candidate.product, candidate.version]
    .map((word) => code(facts.foreign(word)))
    .join(" ");
  const blocks = [
    `# ${plain(t.title)}`,
    `> **${plain(t.notice)}**`,
    ...(input.mask ? [`> ${plain(t.masked)}`] : []),
    ...(facts.incomplete === null ? [] : [`**${plain(facts.incomplete)}**`]),
    `${plain(t.candidate)}${t.colon}${name}`,
    decisions(facts),
    ...input.result.perimeters.map((perimeter) => perimeterBlock(facts, perimeter)),
    waveBlock(facts),
    dossierBlock(facts),
    maturityBlock(facts),
    facts.breachesBeside === null ? "" : plain(facts.breachesBeside),
    breaches(facts),
    official(facts),
    baseline(facts),
    untested(facts),
    gate(facts),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function decisions(facts: Facts): string {
  const { t } = facts;
  const { perimeters } = facts.input.result;
  if (perimeters.length === 0) return "";
  return table(
    [t.perimeter, t.decision, t.scoreMandatory, t.scoreMachine, t.scoreProofs],
    perimeters.map((perimeter) => {
      const { mandatory, machine, proofs } = perimeter.score.all;
      return [
        plain(facts.perimeterTitle(perimeter)),
        `**${plain(t.decisions[perimeter.decision])}** (${plain(t.decisionScope)})`,
        plain(facts.share(mandatory.conform, mandatory.total)),
        plain(facts.share(machine.proved, machine.provable)),
        plain(facts.share(proofs.accepted, proofs.demanded)),
      ];
    }),
  );
}

function perimeterBlock(facts: Facts, perimeter: PerimeterResult): string {
  const { t } = facts;
  const rows = rowsIn(perimeter);
  const known = facts.input.catalogue.perimeters[perimeter.id];
  const verdicts = facts.verdictCounts(rows);
  return [
    `## ${plain(facts.perimeterTitle(perimeter))}`,
    plain(facts.decisionWhy(perimeter)),
    [
      `- ${plain(t.basis)}${t.colon}${plain(perimeter.basis)}`,
      `- ${plain(t.knownGap)}${t.colon}${plain(known?.knownGap[facts.input.lang] ?? t.unknown)}`,
      `- ${plain(t.counts.rows(rows.length, facts.number(rows.length)))}${t.colon}${plain(verdicts)}`,
    ].join("\n"),
  ].join("\n\n");
}

function official(facts: Facts): string {
  const run = facts.input.official;
  if (!run) return "";
  const [head = "", ...lines] = officialLines(run, penOf(facts));
  const shown = lines.slice(0, CHECKS_MAX).map((line) => `- ${plain(line)}`);
  return [`## ${plain(head)}`, shown.join("\n")].join("\n\n");
}

function breaches(facts: Facts): string {
  const { t } = facts;
  const checks = facts.input.result.checks.filter((check) => check.outcome === "breached" || check.outcome === "error");
  if (checks.length === 0) return `## ${plain(t.breaches)}\n\n${plain(t.breachesNone)}`;
  const left = checks.length - CHECKS_MAX;
  return [
    `## ${plain(t.breaches)} (${facts.number(checks.length)})`,
    ...checks.slice(0, CHECKS_MAX).map((check) => breach(facts, check)),
    ...(left > 0 ? [plain(t.counts.more(left, facts.number(left)))] : []),
  ].join("\n\n");
}

function breach(facts: Facts, check: CheckResult): string {
  const { t } = facts;
  const findings = findingsOf(check, "breach");
  const left = findings.length - FINDINGS_MAX;
  const cause = check.cause === null ? "" : ` (${plain(t.cause)}${t.colon}${plain(t.causes[check.cause])})`;
  return [
    `### ${code(check.id)} ${plain(facts.checkTitle(check.id))}${cause}`,
    [
      ...(check.reason === null ? [] : [`- ${plain(facts.reason(check.reason))}`]),
      ...findings
        .slice(0, FINDINGS_MAX)
        .map((finding) => `- ${parts(facts.messageParts(finding))} (${code(facts.pointer(finding.at))})`),
      ...(left > 0 ? [`- ${plain(t.counts.more(left, facts.number(left)))}`] : []),
      `- **${plain(t.nextStep)}**${t.colon}${parts(facts.nextStep(check))}`,
    ].join("\n"),
  ].join("\n\n");
}

function baseline(facts: Facts): string {
  const lines = baselineLines(facts);
  if (!lines) return "";
  const { t } = facts;
  const more = (count: number): string[] => {
    const left = count - CHECKS_MAX;
    return left > 0 ? [`- ${plain(t.counts.more(left, facts.number(left)))}`] : [];
  };
  const list = (head: string, items: readonly string[]): string =>
    items.length === 0
      ? ""
      : [`**${plain(head)}**`, [...items.slice(0, CHECKS_MAX), ...more(items.length)].join("\n")].join("\n\n");
  const { known, unknown, stale } = lines;
  return [
    `## ${plain(lines.title)}${t.colon}${code(lines.file)}`,
    known.lines.length === 0 ? `**${plain(known.head)}**` : "",
    list(
      known.head,
      known.lines.map((line) => `- ${code(line.check)} ${plain(line.own)}${code(line.foreign)}`),
    ),
    list(
      unknown.head,
      unknown.checks.map((check) => `- ${code(check)}`),
    ),
    list(
      stale.head,
      stale.lines.map((line) => `- ${code(line.check)} ${plain(line.own)}`),
    ),
    lines.idle === null ? "" : plain(lines.idle),
  ]
    .filter((block) => block !== "")
    .join("\n\n");
}

function untested(facts: Facts): string {
  const { t } = facts;
  const checks = facts.input.result.checks.filter((check) => check.planned && check.outcome === "unobserved");
  const scenarios = facts.input.result.scenarios.filter((scenario) => scenario.state !== "done");
  const head = `## ${plain(t.untested)}`;
  if (checks.length + scenarios.length === 0) return `${head}\n\n${plain(t.untestedNone)}`;
  return [
    head,
    ...(checks.length === 0
      ? []
      : [
          table(
            [t.check, t.reason],
            checks.map((check) => [code(check.id), plain(facts.reason(check.reason))]),
          ),
        ]),
    ...(scenarios.length === 0
      ? []
      : [
          table(
            [t.scenario, t.state],
            scenarios.map((scenario) => [code(facts.foreign(scenario.key)), plain(t.states[scenario.state])]),
          ),
        ]),
  ].join("\n\n");
}

function gate(facts: Facts): string {
  const { t } = facts;
  const { result, meta } = facts.input;
  const planned = result.checks.filter((check) => check.planned);
  const outcomes = facts.outcomeCounts(planned);
  const known = baselineLines(facts)?.gate;
  return [
    `## ${plain(t.gate)}`,
    [
      `- ${plain(t.gate)}${t.colon}${plain(t.gates[meta.gate])}`,
      `- ${plain(t.gateChecks)}${t.colon}**${plain(t.gateStates[result.gate.checks])}**`,
      ...(known ? [`- ${plain(known.name)}${t.colon}**${plain(known.value)}**`] : []),
      `- ${plain(t.gateWave)}${t.colon}**${plain(facts.waveGate ? t.gateWaveStates.passed : t.gateWaveStates.missed)}**`,
      `- ${plain(t.counts.checks(planned.length, facts.number(planned.length)))}${t.colon}${plain(outcomes || t.none)}`,
      `- ${plain(t.unplanned(result.gate.unplanned, facts.number(result.gate.unplanned)))}`,
    ].join("\n"),
  ].join("\n\n");
}
