/** `segur dossier status` for people: requirement by requirement, what the machine established, what a person owes. */
import {
  byCodeUnit,
  type DossierProof,
  type DossierView,
  type PerimeterResult,
  type ProofState,
  type RowResult,
} from "../../core/model/index.js";
import { MESSAGES } from "../../reports/messages/index.js";
import { visible } from "../../reports/safe.js";
import type { Lang } from "../output.js";
import type { Suite } from "../suite.js";
import { DOSSIER_WORDS } from "../words/dossier.js";
import { findingText } from "../words/proof-rules.js";

export interface StatusInput {
  readonly view: DossierView;
  readonly product: string;
  readonly perimeters: readonly PerimeterResult[];
  /** False: the verdicts rest on no run, and are not shown. */
  readonly judged: boolean;
  /** Rows with nothing left to do are left out. */
  readonly owedOnly: boolean;
  readonly suite: Suite;
  readonly lang: Lang;
}

const OPEN: readonly ProofState[] = ["owed", "blocked", "refused", "stale", "to_review"];

export function countsOf(view: DossierView): Record<ProofState, number> {
  const counts: Record<ProofState, number> = { owed: 0, blocked: 0, refused: 0, stale: 0, accepted: 0, to_review: 0 };
  for (const { state } of view.proofs) counts[state] += 1;
  return counts;
}

export function isOpen({ state }: DossierProof): boolean {
  return OPEN.includes(state);
}

/** A row as it stands in perimeters that say the same of it. */
export interface RowIn {
  readonly row: RowResult;
  readonly perimeters: readonly string[];
}

/**
 * Every row of the perimeters; more than once where they do not say the same of it, as when a row that two couloirs share is stated
 * otherwise in one of them. `judged` false: the verdicts rest on nothing, and make no difference.
 */
export function rowsOnce(perimeters: readonly PerimeterResult[], judged: boolean): RowIn[] {
  const found = new Map<string, { row: RowResult; perimeters: string[] }>();
  for (const { id, groups } of perimeters) {
    for (const row of groups.flatMap((group) => group.rows)) {
      const { level, verdict, strength, dossier } = row;
      const key = JSON.stringify([row.id, level, dossier, ...(judged ? [verdict, strength] : [])]);
      const same = found.get(key);
      if (same) same.perimeters.push(id);
      else found.set(key, { row, perimeters: [id] });
    }
  }
  return [...found.values()];
}

export function statusText(input: StatusInput): string {
  const { view, perimeters, lang, suite, judged, owedOnly } = input;
  const words = DOSSIER_WORDS[lang];
  const { decisions, verdicts, strengths, levels, colon } = MESSAGES[lang];
  const mandatory = view.proofs.filter((proof) => proof.mandatory);
  const lines = [
    words.head(visible(input.product), view.asOf),
    words.counts(countsOf(view), view.proofs.length),
    words.mandatory(mandatory.filter(isOpen).length, mandatory.length),
  ];
  if (!judged) lines.push(words.noRun);
  for (const perimeter of judged ? perimeters : []) {
    lines.push(`${words.perimeter} ${perimeter.id}${colon}${decisions[perimeter.decision]} (${words.notAllowed})`);
  }
  const titles = new Map(suite.specs.requirements.map((row) => [row.id, row]));
  let chapter = "";
  const rows = rowsOnce(perimeters, judged);
  const verdictsOf = new Map<string, number>();
  for (const { row } of rows) verdictsOf.set(row.id, (verdictsOf.get(row.id) ?? 0) + 1);
  const domain = (row: RowResult): string => titles.get(row.id)?.domain ?? "";
  const byDomain = (a: RowIn, b: RowIn): number => byCodeUnit(domain(a.row), domain(b.row));
  for (const { row, perimeters: where } of [...rows].sort(byDomain)) {
    const proofs = view.proofs.filter((proof) => proof.rows.includes(row.id));
    const claim = view.notApplicable.find((one) => one.row === row.id);
    const done = row.verdict === "not_applicable" || (row.verdict === "conform" && !proofs.some(isOpen));
    if (owedOnly && done) continue;
    if (domain(row) !== chapter) {
      chapter = domain(row);
      lines.push("", chapter);
    }
    const strength = row.strength === null ? "" : `, ${strengths[row.strength]}`;
    const among = (verdictsOf.get(row.id) ?? 0) > 1 ? `, ${where.join(" ")}` : "";
    const verdict = judged ? ` [${verdicts[row.verdict]}${strength}${among}]` : "";
    lines.push(
      `  ${visible(row.id)} (${levels[row.level]})${verdict} ${visible(titles.get(row.id)?.title[lang] ?? "")}`,
    );
    if (row.verdict === "not_applicable" && row.justification) lines.push(`      ${visible(row.justification)}`);
    if (claim) {
      const stale = claim.stale ? ` (${words.otherText})` : "";
      lines.push(
        `    ${words.claim}, ${words.claimStates[claim.state]}${stale}${colon}${visible(claim.justification)}`,
      );
    }
    for (const proof of proofs) lines.push(...proofLines(proof, row.id, lang));
  }
  lines.push("", words.more);
  return `${lines.join("\n")}\n`;
}

function proofLines(proof: DossierProof, row: string, lang: Lang): string[] {
  const words = DOSSIER_WORDS[lang];
  const { colon } = MESSAGES[lang];
  const kinds = proof.kinds.map((kind) => words.kinds[kind] ?? kind).join(", ");
  const others = proof.rows.filter((id) => id !== row);
  const stale = proof.stale ? ` (${words.stale[proof.stale] ?? proof.stale})` : "";
  const origin = proof.origin === "run" ? `, ${words.origins.run}` : "";
  const also = others.length > 0 ? `, ${words.serves} ${others.join(" ")}` : "";
  return [
    `    ${mark(proof.state)} ${visible(proof.id)}${colon}${words.states[proof.state]}${stale}${kinds === "" ? "" : `, ${kinds}`}${origin}${also}`,
    ...proof.files.map(
      ({ name, bytes }) =>
        `        ${visible(name)} (${bytes === null ? words.stale.missing : `${bytes} ${words.bytes}`})`,
    ),
    ...(proof.review
      ? [
          `        ${words.states[proof.review.state]} ${visible(words.by(proof.review.by, proof.review.on))}${proof.review.why ? `${colon}${visible(proof.review.why)}` : ""}`,
        ]
      : []),
    // A reviewer who accepted it has seen what was remarked.
    ...(proof.state === "accepted" ? [] : proof.findings).map(
      (finding) => `        ${finding.weight === "blocks" ? "✗" : "!"} ${visible(findingText(finding, lang))}`,
    ),
  ];
}

function mark(state: ProofState): string {
  return { accepted: "✓", to_review: "?", stale: "~", owed: "·", refused: "✗", blocked: "✗" }[state];
}
