/** For a terminal: what separates from each wave, the dossier, the maturity view. Short: the page tells all of it. */
import { awaitsCandidate, byUrgency, kindWords, stateSummary, stateWords } from "../dossier.js";
import type { Facts } from "../facts.js";
import { type CouloirMaturity, maturity } from "../maturity.js";
import { declaredText, gapSentences, measuredText } from "../maturity-words.js";
import { separation, type WaveGap } from "../separation.js";
import { gapText } from "../waves.js";
import type { Paint } from "./paint.js";

/** Row ids printed per task, proofs per list. */
const IDS_MAX = 7;
const PROOFS_MAX = 12;
/** Couloirs whose maturity is printed line by line; with more, only what differs is told. */
const COULOIRS_MAX = 2;
const APART_MAX = 12;

export function waveBlock(facts: Facts, c: Paint): string[] {
  const gaps = separation(facts.input.result.perimeters);
  if (gaps.length === 0) return [];
  return [
    c.bold(facts.t.waves.title),
    ...gaps.flatMap(({ waves }) => waves.flatMap((gap) => waveLines(facts, c, gap))),
  ];
}

function waveLines(facts: Facts, c: Paint, gap: WaveGap): string[] {
  const { t } = facts;
  const said = (gap.met ? c.good : c.warn)(gapText(facts, gap));
  return [
    `  ${c.bold(facts.place(gap.perimeter))}${t.colon}${said}`,
    ...gap.needs
      .filter((need) => need.own.length > 0)
      .map((need) => `    ${t.waves.tasks[need.task]}${t.colon}${someOf(facts, need.own)}`),
  ];
}

/** `9  A, B, C and 6 more`. */
function someOf(facts: Facts, ids: readonly string[]): string {
  const shown = ids.slice(0, IDS_MAX).join(", ");
  const left = ids.length - IDS_MAX;
  return `${facts.number(ids.length)}  ${shown}${left > 0 ? ` ${facts.t.counts.more(left, facts.number(left))}` : ""}`;
}

export function dossierBlock(facts: Facts, c: Paint): string[] {
  const { dossier } = facts.input;
  if (!dossier || dossier.proofs.length === 0) return [];
  const { t } = facts;
  const due = dossier.proofs.filter((proof) => proof.mandatory && awaitsCandidate(proof)).sort(byUrgency);
  const left = due.length - PROOFS_MAX;
  const total = t.proofs.counts.proofs(dossier.proofs.length, facts.number(dossier.proofs.length));
  return [
    `${c.bold(t.proofs.title)}`,
    `  ${total}${t.colon}${stateSummary(facts, dossier.proofs)}`,
    ...(due.length === 0
      ? [`  ${c.good(t.proofs.dueNone)}`]
      : [`  ${c.warn(t.proofs.counts.due(due.length, facts.number(due.length)))}`]),
    ...due.slice(0, PROOFS_MAX).map((proof) => {
      const kinds = kindWords(facts, proof);
      return `    ${c.warn(proof.id)}  ${stateWords(facts, proof)}${kinds === "" ? "" : `  ${c.quiet(kinds)}`}`;
    }),
    ...(left > 0 ? [`    ${t.counts.more(left, facts.number(left))}`] : []),
  ];
}

/** Without an answer of the candidate the terminal says nothing: the counts per wave stand above. */
export function maturityBlock(facts: Facts, c: Paint): string[] {
  const { t } = facts;
  const declared = facts.input.maturity ?? {};
  if (Object.keys(declared).length === 0) return [];
  const couloirs = maturity(facts.input.result.perimeters, (row) => facts.domainOf(row), declared);
  if (couloirs.length === 0) return [];
  const apart = couloirs.flatMap((one) => gapSentences(facts, one).map((sentence) => `${one.couloir}  ${sentence}`));
  const left = apart.length - APART_MAX;
  return [
    c.bold(t.maturity.title),
    ...(couloirs.length > COULOIRS_MAX ? [] : couloirs.flatMap((one) => maturityLines(facts, one))),
    ...(apart.length === 0 ? [`  ${c.good(t.maturity.gapNone)}`] : [`  ${t.maturity.gapTitle}`]),
    ...apart.slice(0, APART_MAX).map((line) => `    ${c.warn(line)}`),
    ...(left > 0 ? [`    ${t.counts.more(left, facts.number(left))}`] : []),
  ];
}

/** The domains that the candidate answered for. */
function maturityLines(facts: Facts, { couloir, domains }: CouloirMaturity): string[] {
  const { t } = facts;
  const { declared, measured, unmeasured } = t.maturity;
  return domains
    .filter((domain) => domain.declared !== null)
    .map((domain) => {
      const waves = domain.measures.map(
        (measure) => `${t.wave(measure.perimeter.wave)} ${measuredText(facts, measure)}`,
      );
      const said = `${declared}${t.colon}${declaredText(facts, domain.declared)}`;
      const seen = `${measured}${t.colon}${waves.join(", ") || unmeasured}`;
      return `  ${couloir}  ${[facts.foreign(domain.domain).padEnd(7), said, seen].join("  ")}`;
    });
}
