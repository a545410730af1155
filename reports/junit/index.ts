/**
 * JUnit XML, as CI servers read it. Names are stable: a suite per slice, a case per planned check, whatever the run saw.
 * When the gate is the wave, one more suite holds a case per perimeter; with a baseline, one holds a case per check it names.
 * A known failure is skipped with its reason, never passed. Times are 0: judging a check has no meaningful time.
 */
import type { CheckResult, PerimeterResult } from "../../core/model/index.js";
import { byCodeUnit } from "../../core/model/index.js";
import { type BaselineLines, baselineLines } from "../baseline.js";
import { plainText } from "../doc.js";
import { Facts } from "../facts.js";
import { findingsOf } from "../tallies.js";
import type { ReportInput } from "../model.js";
import { visible } from "../safe.js";

const FINDINGS_MAX = 20;

interface Case {
  readonly name: string;
  readonly classname: string;
  readonly kind: "passed" | "failure" | "error" | "skipped";
  readonly body: readonly string[];
}

export function renderJunit(input: ReportInput): string {
  const facts = new Facts(input);
  const known = baselineLines(facts);
  const slices = new Map<string, Case[]>();
  for (const check of input.result.checks.filter((c) => c.planned)) {
    const slice = check.id.split("/")[0] ?? check.id;
    const cases = slices.get(slice) ?? [];
    cases.push(checkCase(facts, slice, check, known));
    slices.set(slice, cases);
  }
  const suites = [...slices].sort(([a], [b]) => byCodeUnit(a, b));
  if (input.meta.gate === "wave")
    suites.push(["perimeters", input.result.perimeters.map((p) => perimeterCase(facts, p))]);
  if (known && input.baseline) suites.push(["baseline", baselineCases(known, input.baseline)]);
  const all = suites.flatMap(([, cases]) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="segur"${totals(all)}>`,
    ...suites.flatMap(([name, cases]) => suite(facts, name, cases)),
    "</testsuites>",
    "",
  ].join("\n");
}

function suite(facts: Facts, name: string, cases: readonly Case[]): readonly string[] {
  const { meta } = facts.input;
  return [
    `  <testsuite name="${attribute(name)}"${totals(cases)} timestamp="${attribute(meta.generatedAt.replace(/(?:\.\d+)?Z$/, ""))}">`,
    "    <properties>",
    ...properties(facts).map(
      ([key, value]) => `      <property name="${attribute(key)}" value="${attribute(value)}"/>`,
    ),
    "    </properties>",
    ...cases.flatMap((one) => {
      const open = `    <testcase name="${attribute(one.name)}" classname="${attribute(one.classname)}" time="0"`;
      return one.body.length === 0 ? [`${open}/>`] : [`${open}>`, ...one.body, "    </testcase>"];
    }),
    "  </testsuite>",
  ];
}

function totals(cases: readonly Case[]): string {
  const count = (kind: Case["kind"]): number => cases.filter((one) => one.kind === kind).length;
  return ` tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="0"`;
}

function properties(facts: Facts): readonly (readonly [string, string])[] {
  const { result, meta } = facts.input;
  return [
    ["segur.notice", facts.t.notice],
    [
      "segur.candidate",
      [result.candidate.vendor, result.candidate.product, result.candidate.version]
        .map((w) => facts.foreign(w))
        .join(" "),
    ],
    ["segur.ruleSet", facts.foreign(result.ruleSet)],
    ["segur.recording", facts.foreign(result.recording.sha256)],
    ["segur.gate", meta.gate],
    ["segur.gate.checks", result.gate.checks],
    ...(facts.input.baseline ? [["segur.gate.baseline", facts.input.baseline.gate] as const] : []),
    ["segur.gate.wave", facts.waveGate ? "passed" : "missed"],
    ["segur.unplanned", String(result.gate.unplanned)],
    ...result.perimeters.flatMap((perimeter): [string, string][] => [
      [`segur.perimeter.${perimeter.id}.decision`, perimeter.decision],
      [`segur.perimeter.${perimeter.id}.reason`, perimeter.reason ?? ""],
      [`segur.perimeter.${perimeter.id}.basis`, perimeter.basis],
    ]),
  ];
}

function checkCase(facts: Facts, slice: string, check: CheckResult, baseline: BaselineLines | null): Case {
  const about = { name: check.id, classname: `segur.${slice}` };
  const remarks = findingsOf(check, "remark");
  const known = baseline?.known.lines.find((line) => line.check === check.id);
  if (baseline && known) {
    const message = `${baseline.title}${facts.t.colon}${known.own}${known.foreign}`;
    const said = lines(facts, [...findingsOf(check, "breach"), ...remarks]);
    const body = said === "" ? [] : [`      <system-out>${xml(said)}</system-out>`];
    return { ...about, kind: "skipped", body: [`      <skipped message="${attribute(message)}"/>`, ...body] };
  }
  const out = remarks.length === 0 ? [] : [`      <system-out>${xml(lines(facts, remarks))}</system-out>`];
  const because = facts.reason(check.reason);
  switch (check.outcome) {
    case "met":
      return { ...about, kind: "passed", body: out };
    case "inapplicable":
      return { ...about, kind: "skipped", body: [`      <skipped message="${attribute(because)}"/>`, ...out] };
    case "unobserved":
      return { ...about, kind: "failure", body: [element("failure", "unobserved", because, ""), ...out] };
    case "error":
      return { ...about, kind: "error", body: [element("error", "suite", because, ""), ...out] };
    case "breached": {
      const findings = findingsOf(check, "breach");
      const first = findings[0];
      const message = first ? plainText(facts.messageParts(first)) : facts.checkTitle(check.id);
      const text = `${lines(facts, findings)}\n${facts.t.nextStep}${facts.t.colon}${plainText(facts.nextStep(check))}`;
      return { ...about, kind: "failure", body: [element("failure", "breach", message, text), ...out] };
    }
  }
}

/** A case per check that the file names: failed when one of its entries no longer holds. */
function baselineCases(lines: BaselineLines, cover: NonNullable<ReportInput["baseline"]>): Case[] {
  return cover.named.map((check) => {
    const about = { name: check, classname: "segur.baseline" };
    const gone = lines.stale.lines.filter((line) => line.check === check).map((line) => line.own);
    if (gone.length === 0) return { ...about, kind: "passed", body: [] };
    return { ...about, kind: "failure", body: [element("failure", "stale", gone.join(" ; "), "")] };
  });
}

function perimeterCase(facts: Facts, perimeter: PerimeterResult): Case {
  const about = { name: perimeter.id, classname: "segur.perimeters" };
  if (perimeter.decision === "referencable") return { ...about, kind: "passed", body: [] };
  const message = `${facts.t.decisions[perimeter.decision]} (${facts.t.decisionScope}). ${facts.decisionWhy(perimeter)}`;
  const { notConform, undetermined, notTested, toReview, dossierOwed } = perimeter.deciding;
  const lists = { notConform, undetermined, notTested, toReview, dossierOwed };
  const text = Object.entries(lists)
    .filter(([, ids]) => ids.length > 0)
    .map(([list, ids]) => `${facts.t.decidingLists[list as keyof typeof lists]}${facts.t.colon}${ids.join(", ")}`)
    .join("\n");
  const failed = perimeter.decision === "undetermined" ? "error" : "failure";
  return { ...about, kind: failed, body: [element(failed, perimeter.reason ?? perimeter.decision, message, text)] };
}

function lines(facts: Facts, findings: CheckResult["findings"]): string {
  const left = findings.length - FINDINGS_MAX;
  return [
    ...findings
      .slice(0, FINDINGS_MAX)
      .map((finding) => `${finding.message}: ${plainText(facts.messageParts(finding))} (${facts.pointer(finding.at)})`),
    ...(left > 0 ? [facts.t.counts.more(left, facts.number(left))] : []),
  ].join("\n");
}

function element(name: "failure" | "error", type: string, message: string, text: string): string {
  const open = `      <${name} type="${attribute(type)}" message="${attribute(message)}"`;
  return text === "" ? `${open}/>` : `${open}>${xml(text)}</${name}>`;
}

/** Escaped for text and for attributes; what XML 1.0 cannot say was made visible before, and is again here for our own strings. */
function xml(text: string): string {
  return text
    .split("\n")
    .map((line) => visibleOutsideSpaces(line))
    .join("\n")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/** Line feeds of an attribute survive only as references. */
function attribute(text: string): string {
  return xml(text).replace(/\n/g, "&#10;");
}

/** The narrow spaces of French figures are ours and legal. */
function visibleOutsideSpaces(line: string): string {
  return line
    .split(/([\u00a0\u202f])/)
    .map((piece) => (piece === "\u00a0" || piece === "\u202f" ? piece : visible(piece)))
    .join("");
}
