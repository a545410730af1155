/** The proof plan of a candidate: every proof demanded, which rows it serves, and where it stands. Pure. */
import {
  applicability,
  byCodeUnit,
  decides,
  DEFAULT_LIMITS,
  demandedProofs,
  type DossierProof,
  type DossierView,
  type NotApplicableClaim,
  type Perimeter,
  type ProofFinding,
  type ProofState,
  type Requirement,
  type SegurConfig,
  type SessionMode,
  statedIn,
} from "../model/index.js";
import type { DossierFile } from "./store.js";

/** What is known of the proofs of one id. */
export interface ProofOnHand {
  readonly files: DossierProof["files"];
  readonly findings: readonly ProofFinding[];
  readonly review: DossierProof["review"];
  /** The candidate's own acceptance counts (core/dossier/heard.ts). */
  readonly heard: boolean;
  /** A review was given, and what it was given on is another today; null while a refusal of these bytes stands. */
  readonly stale: string | null;
  readonly origin: "run" | "person";
}

export interface ViewInput {
  readonly perimeters: readonly Perimeter[];
  readonly requirements: readonly Requirement[];
  readonly answers: Pick<SegurConfig, "subProfiles" | "conditions" | "alternatives" | "notApplicable">;
  readonly onHand: ReadonlyMap<string, ProofOnHand>;
  /** Rows no check spoke for in a run (all were inapplicable): only a proof under their own id can serve them. */
  readonly unspoken?: ReadonlySet<string>;
  readonly asOf: string;
  /** Rows whose claim was reviewed with another justification (`isStaleClaim`). */
  readonly staleClaims?: ReadonlySet<string>;
  /** Default `sandbox`: elsewhere the candidate's own reviews are notes, and everything supplied waits for the agency. */
  readonly mode?: SessionMode;
}

export interface DemandedProof {
  readonly id: string;
  readonly rows: readonly Requirement[];
  readonly perimeters: readonly string[];
}

/**
 * Every proof that rows of the perimeters demand and that the candidate has to supply, once each, by chapter then id. A row that a
 * person must establish and for which the source lists no proof asks for one under its own id: nothing else can serve it.
 */
export function demanded(
  input: Pick<ViewInput, "perimeters" | "requirements" | "answers" | "unspoken" | "mode">,
): DemandedProof[] {
  const { perimeters, requirements, answers, unspoken } = input;
  const claims = isHeard(input) ? answers.notApplicable : undefined;
  const found = new Map<string, { rows: Requirement[]; perimeters: Set<string> }>();
  for (const perimeter of perimeters) {
    const wanted = new Set(perimeter.groups.flatMap((group) => group.rows));
    for (const row of requirements) {
      if (!wanted.has(row.id) || !applicability(row, answers).applies || acceptedClaim(row, claims)) continue;
      for (const id of proofsOf(row, perimeter, answers, unspoken)) {
        const proof = found.get(id) ?? { rows: [], perimeters: new Set<string>() };
        if (!proof.rows.includes(row)) proof.rows.push(row);
        proof.perimeters.add(perimeter.id);
        found.set(id, proof);
      }
    }
  }
  return [...found]
    .map(([id, proof]) => ({ id, rows: proof.rows, perimeters: [...proof.perimeters] }))
    .sort((a, b) => byCodeUnit(chapterOf(a), chapterOf(b)) || byCodeUnit(a.id, b.id));
}

/** Without a check that decides and without a listed proof, the row's own id: it would stay untested for ever. */
function proofsOf(
  row: Requirement,
  perimeter: Perimeter,
  answers: ViewInput["answers"],
  unspoken: ReadonlySet<string> | undefined,
): readonly string[] {
  const listed = demandedProofs(row, answers);
  if (listed.length > 0) return listed;
  const checked = statedIn(row, perimeter.couloir).checks.length > 0;
  return checked && !unspoken?.has(row.id) ? [] : [row.id];
}

function acceptedClaim(row: Requirement, claims: Readonly<Record<string, NotApplicableClaim>> | undefined): boolean {
  return claims !== undefined && Object.hasOwn(claims, row.id) && claims[row.id]?.review?.state === "accepted";
}

export function chapterOf({ rows }: Pick<DemandedProof, "rows">): string {
  return rows[0]?.domain ?? "";
}

export function dossierView(input: ViewInput): DossierView {
  return {
    asOf: input.asOf,
    proofs: demanded(input).map((proof) => stand(proof, input)),
    notApplicable: Object.entries(input.answers.notApplicable ?? {})
      .map(([row, { justification, review }]) => ({
        row,
        justification,
        state: (isHeard(input) ? review?.state : undefined) ?? ("to_review" as const),
        ...(input.staleClaims?.has(row) ? { stale: true as const } : {}),
      }))
      .sort((a, b) => byCodeUnit(a.row, b.row)),
  };
}

function stand(proof: DemandedProof, { onHand, mode }: ViewInput): DossierProof {
  const hand = onHand.get(proof.id);
  const scenarios = proof.rows.flatMap((row) => row.scenarios);
  return {
    id: proof.id,
    rows: proof.rows.map((row) => row.id).sort(byCodeUnit),
    perimeters: proof.perimeters,
    scenario: scenarios.find((scenario) => proof.id.startsWith(`${scenario}.`)) ?? null,
    chapter: chapterOf(proof),
    kinds: [...new Set(proof.rows.flatMap((row) => row.proofs.kinds))],
    mandatory: proof.rows.some(decides),
    state: stateOf(hand, isHeard({ mode })),
    origin: hand && hand.files.length > 0 ? hand.origin : null,
    files: hand?.files ?? [],
    findings: hand?.findings ?? [],
    review: hand?.review ?? null,
    stale: hand?.stale ?? null,
  };
}

function isHeard({ mode }: { readonly mode?: SessionMode | undefined }): boolean {
  return (mode ?? "sandbox") === "sandbox";
}

/** `heard`: the candidate's own reviews count. */
function stateOf(hand: ProofOnHand | undefined, heard: boolean): ProofState {
  if (!hand || hand.files.length === 0 || hand.files.every(({ bytes }) => bytes === null || bytes === 0)) return "owed";
  if (hand.findings.some(({ weight }) => weight === "blocks")) return "blocked";
  if (hand.stale !== null) return "stale";
  if (!heard || !hand.review || (hand.review.state === "accepted" && !hand.heard)) return "to_review";
  return hand.review.state;
}

/** Limits of the dossier over ours. */
export function limitsOf(dossier: DossierFile | null): typeof DEFAULT_LIMITS {
  return { ...DEFAULT_LIMITS, ...dossier?.limits };
}
