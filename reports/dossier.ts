/** The dossier in words every rendering shares: order, counts, sentences of the rules, names hidden when asked. */
import { byCodeUnit, type DossierProof, type ProofFinding, type ProofState } from "../core/model/index.js";
import type { Facts } from "./facts.js";
import { tally } from "./tallies.js";

/** What has to be done first stands first. */
export const PROOF_STATES: readonly ProofState[] = ["owed", "blocked", "refused", "stale", "to_review", "accepted"];

/** Never colour alone: a sign and a word. */
export const STATE_SIGNS: Readonly<Record<ProofState, string>> = {
  owed: "○",
  blocked: "✕",
  refused: "↩",
  stale: "↻",
  to_review: "…",
  accepted: "✓",
};

/** States in which a proof does not count and waits for the candidate. */
export function awaitsCandidate({ state }: DossierProof): boolean {
  return state !== "accepted" && state !== "to_review";
}

/** Mandatory before optional, then by state, then by id. */
export function byUrgency(a: DossierProof, b: DossierProof): number {
  return (
    Number(b.mandatory) - Number(a.mandatory) ||
    PROOF_STATES.indexOf(a.state) - PROOF_STATES.indexOf(b.state) ||
    byCodeUnit(a.id, b.id)
  );
}

export function stateCounts(
  proofs: readonly DossierProof[],
): readonly { readonly key: ProofState; readonly count: number }[] {
  return tally(PROOF_STATES, proofs, (proof) => proof.state).filter(({ count }) => count > 0);
}

/** `4 owed, 12 accepted`. */
export function stateSummary(facts: Facts, proofs: readonly DossierProof[]): string {
  const { states, statesMany } = facts.t.proofs;
  return stateCounts(proofs)
    .map(({ key, count }) => `${facts.number(count)} ${(facts.t.singular(count) ? states : statesMany)[key]}`)
    .join(", ");
}

export function byChapter(proofs: readonly DossierProof[]): readonly (readonly [string, readonly DossierProof[]])[] {
  const chapters = new Map<string, DossierProof[]>();
  for (const proof of proofs) {
    const members = chapters.get(proof.chapter) ?? [];
    members.push(proof);
    chapters.set(proof.chapter, members);
  }
  return [...chapters]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([chapter, members]) => [chapter, members.sort(byUrgency)]);
}

/** Kinds of files that serve, in words; "" where the source names none. */
export function kindWords(facts: Facts, proof: DossierProof): string {
  return proof.kinds.map((kind) => facts.t.proofs.kinds[kind] ?? facts.foreign(kind)).join(", ");
}

/** Why what was accepted no longer holds; null when it does, or when nothing was. */
export function staleWords(facts: Facts, { state, stale }: DossierProof): string | null {
  if (state !== "stale" || stale === null) return null;
  const { staleness } = facts.t.proofs;
  return Object.hasOwn(staleness, stale) ? (staleness[stale] ?? stale) : facts.foreign(stale);
}

/** `stale (the file has changed)`. */
export function stateWords(facts: Facts, proof: DossierProof): string {
  const state = facts.t.proofs.states[proof.state];
  const why = staleWords(facts, proof);
  return why === null ? state : `${state} (${why})`;
}

/** The rule's own sentence; a rule that nobody gave words for shows its id and what it says. */
export function findingText(facts: Facts, finding: ProofFinding): string {
  const slots = Object.fromEntries(
    Object.entries(finding.slots).map(([name, value]) => [
      name,
      typeof value === "number" ? value : facts.foreign(value),
    ]),
  );
  const texts = facts.input.proofTexts ?? {};
  const say = Object.hasOwn(texts, finding.rule) ? texts[finding.rule] : undefined;
  if (say) return say(slots);
  const said = Object.entries(slots).map(([name, value]) => `${name} ${value}`);
  return [facts.foreign(finding.rule), ...said].join(", ");
}

/** `accepted by Claire Martin on 3 November 2026: the window is readable`. The reviewer's name is hidden in a masked rendering. */
export function reviewText(facts: Facts, review: DossierProof["review"]): string | null {
  if (!review) return null;
  const { proofs } = facts.t;
  const said = proofs.reviewed[review.state](facts.person(review.by), facts.dateTime(review.on));
  return review.why === undefined || review.why === "" ? said : `${said}${facts.t.colon}${facts.foreign(review.why)}`;
}

/** `3.2 MB`, in the units of the language. */
export function sizeText(facts: Facts, bytes: number): string {
  const { units, decimal } = facts.t.proofs;
  const [unit, size] = bytes >= 1_000_000 ? [units[2], 1_000_000] : bytes >= 1000 ? [units[1], 1000] : [units[0], 1];
  const tenths = Math.round((bytes * 10) / size);
  const rest = size === 1 ? 0 : tenths % 10;
  return `${facts.number(Math.floor(tenths / 10))}${rest === 0 ? "" : `${decimal}${rest}`} ${unit}`;
}
