/** The dossier on the page: counts, what waits for the candidate, then the proofs of each chapter. */
import type { DossierProof, DossierView, NotApplicableClaim, ProofState } from "../../core/model/index.js";
import {
  awaitsCandidate,
  byChapter,
  byUrgency,
  findingText,
  kindWords,
  PROOF_STATES,
  reviewText,
  sizeText,
  STATE_SIGNS,
  staleWords,
  stateSummary,
} from "../dossier.js";
import type { Facts } from "../facts.js";
import { rowsIn } from "../tallies.js";
import type { Anchors } from "./anchors.js";
import type { Line, Tone } from "./checks-view.js";

interface StateView {
  readonly sign: string;
  readonly tone: Tone;
  readonly state: string;
}

export interface ProofView extends StateView {
  readonly anchor: string;
  readonly id: string;
  readonly nature: string;
  readonly scenario: string | null;
  readonly rows: readonly (Omit<Line, "href"> & { readonly href: string | null })[];
  readonly kinds: string;
  /** Why what was accepted no longer holds. */
  readonly stale: string | null;
  readonly origin: string | null;
  readonly files: readonly { readonly name: string; readonly size: string; readonly digest: string }[];
  readonly findings: readonly { readonly weight: string; readonly blocks: boolean; readonly text: string }[];
  readonly review: string | null;
}

export interface DossierSection {
  readonly intro: string;
  readonly total: string;
  readonly tally: readonly (StateView & { readonly meaning: string; readonly count: string })[];
  readonly due: { readonly label: string; readonly proofs: readonly (StateView & Line)[] } | null;
  readonly chapters: readonly {
    readonly chapter: string;
    readonly name: string;
    readonly count: string;
    readonly summary: string;
    readonly caption: string;
    readonly proofs: readonly ProofView[];
  }[];
  readonly claims: readonly (StateView & {
    readonly row: string;
    readonly href: string | null;
    readonly title: string;
    readonly justification: string;
  })[];
}

/** First characters of a digest: enough to tell two files apart by eye; the whole stands in the bundle. */
const DIGEST_SHOWN = 12;

const STATE_TONES: Readonly<Record<ProofState, Tone>> = {
  owed: "wait",
  blocked: "bad",
  refused: "bad",
  stale: "warn",
  to_review: "wait",
  accepted: "good",
};

export function dossierSection(facts: Facts, anchors: Anchors, dossier: DossierView): DossierSection {
  const { proofs: t } = facts.t;
  const places = rowPlaces(facts, anchors);
  const due = dossier.proofs.filter((proof) => proof.mandatory && awaitsCandidate(proof)).sort(byUrgency);
  return {
    intro: t.intro(facts.dateTime(dossier.asOf)),
    total: t.counts.proofs(dossier.proofs.length, facts.number(dossier.proofs.length)),
    tally: PROOF_STATES.map((state) => ({
      ...signed(state, t.states[state]),
      meaning: t.stateMeaning[state],
      count: facts.number(dossier.proofs.filter((proof) => proof.state === state).length),
    })),
    due:
      due.length === 0
        ? null
        : {
            label: t.counts.due(due.length, facts.number(due.length)),
            proofs: due.map((proof) => ({
              ...signed(proof.state, t.states[proof.state]),
              href: anchors.of("proof", proof.id),
              id: proof.id,
              title: kindWords(facts, proof),
            })),
          },
    chapters: byChapter(dossier.proofs).map(([chapter, proofs]) => ({
      chapter,
      name: facts.domainName(chapter),
      count: t.counts.proofs(proofs.length, facts.number(proofs.length)),
      summary: stateSummary(facts, proofs),
      caption: t.tableOf(chapter),
      proofs: proofs.map((proof) => proofView(facts, anchors, places, proof)),
    })),
    claims: dossier.notApplicable.map((claim) => ({
      ...signed(claim.state, t.claimStates[claim.state]),
      row: facts.foreign(claim.row),
      href: places.get(claim.row)?.href ?? null,
      title: places.get(claim.row)?.title ?? "",
      justification: facts.foreign(claim.justification),
    })),
  };
}

function signed(state: ProofState | NonNullable<NotApplicableClaim["review"]>["state"], words: string): StateView {
  return { sign: STATE_SIGNS[state], tone: STATE_TONES[state], state: words };
}

function proofView(facts: Facts, anchors: Anchors, places: ReadonlyMap<string, Line>, proof: DossierProof): ProofView {
  const { proofs: t } = facts.t;
  return {
    ...signed(proof.state, t.states[proof.state]),
    anchor: anchors.of("proof", proof.id),
    id: proof.id,
    nature: facts.t.levels[proof.mandatory ? "mandatory" : "optional"],
    scenario: proof.scenario === null ? null : t.scenario(proof.scenario),
    rows: proof.rows.map((id) => places.get(id) ?? { href: null, id, title: "" }),
    kinds: kindWords(facts, proof),
    stale: staleWords(facts, proof),
    origin: proof.origin === null ? null : t.origins[proof.origin],
    files: proof.files.map(({ name, bytes, sha256 }) => ({
      name: facts.foreign(name),
      size: bytes === null ? "" : sizeText(facts, bytes),
      digest: sha256 === null ? "" : t.sha(sha256.slice(0, DIGEST_SHOWN)),
    })),
    findings: proof.findings.map((finding) => ({
      weight: t.weights[finding.weight],
      blocks: finding.weight === "blocks",
      text: findingText(facts, finding),
    })),
    review: reviewText(facts, proof.review),
  };
}

/** Where each row stands on the page: in the first perimeter that holds it. */
function rowPlaces(facts: Facts, anchors: Anchors): ReadonlyMap<string, Line> {
  const places = new Map<string, Line>();
  for (const perimeter of facts.input.result.perimeters) {
    for (const { id } of rowsIn(perimeter)) {
      if (places.has(id)) continue;
      places.set(id, {
        href: anchors.of("row", perimeter.id, id),
        id,
        title: facts.rowTitle(id, perimeter.couloir),
      });
    }
  }
  return places;
}
