/** What is known of every proof supplied: files opened and read, rules applied, reviews, staleness. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import {
  type DossierEntry,
  dossierView,
  demanded,
  factsFor,
  heard,
  isStaleClaim,
  judgeProof,
  limitsOf,
  type ProofInput,
  type ProofOnHand,
  reviewOf,
  sharedFiles,
  stalenessOf,
  standingReview,
} from "../../core/dossier/index.js";
import type {
  DossierView,
  OwnReview,
  Perimeter,
  ProofFile,
  ProofFinding,
  RunResult,
  SegurConfig,
  SessionMode,
} from "../../core/model/index.js";
import type { Specs } from "../../core/plan/index.js";
import { mediaOf } from "../../protocols/media.js";
import { textOf } from "../../protocols/document-text.js";
import { digestOf, type OpenedDossier } from "./folder.js";

/** Larger files are hashed, not looked into. */
const MOST_READ = 200 * 1024 * 1024;

export interface ViewOptions {
  readonly config: Pick<
    SegurConfig,
    "candidate" | "perimeters" | "subProfiles" | "conditions" | "alternatives" | "proofs" | "notApplicable"
  >;
  readonly specs: Specs;
  readonly dossier: OpenedDossier | null;
  /** Perimeters to look at; default those of the configuration. */
  readonly perimeters?: readonly Perimeter[];
  /** Rows no check spoke for in a run: only a proof under their own id can serve them. */
  readonly unspoken?: ReadonlySet<string>;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  /** Of the run it is held against; default `sandbox`. */
  readonly mode?: SessionMode;
}

/** The dossier of a candidate: proofs of the folder, and those that segur.yaml or run.json names beside it. */
export async function viewOf(options: ViewOptions): Promise<DossierView> {
  const { config, specs, dossier, asOf, unspoken, mode = "sandbox" } = options;
  const perimeters = options.perimeters ?? specs.perimeters.filter(({ id }) => config.perimeters.includes(id));
  const heardOf = heard(config, specs.requirements);
  const stale = (dossier?.file.notApplicable ?? []).filter(isStaleClaim);
  const shared = {
    perimeters,
    requirements: specs.requirements,
    answers: { ...config, ...heardOf },
    mode,
    ...(unspoken ? { unspoken } : {}),
    staleClaims: new Set(stale.map(({ row }) => row)),
  };
  const wanted = demanded(shared);
  const read = reader();
  const hands = new Map<string, ProofOnHand>();
  const inputs: ProofInput[] = [];
  for (const proof of wanted) {
    const entries = (dossier?.file.proofs ?? []).filter((entry) => entry.ids.includes(proof.id));
    const supplied = Object.hasOwn(config.proofs, proof.id) ? config.proofs[proof.id] : undefined;
    if (entries.length === 0 && !supplied) continue;
    // In the folder, also those whose file is gone; else as segur.yaml has them.
    const places =
      entries.length > 0 && dossier
        ? entryPlaces(entries, dossier)
        : (supplied?.files ?? []).map((file) => ({ file, addedOn: null }));
    const files: ProofFile[] = [];
    const listed: ProofOnHand["files"][number][] = [];
    for (const { file } of places) {
      const known = await read(file);
      listed.push({ name: path.basename(file), bytes: known?.bytes ?? null, sha256: known?.sha256 ?? null });
      if (known) files.push(known);
    }
    const facts = factsFor(entries, asOf) ?? supplied?.facts ?? null;
    const input: ProofInput = {
      id: proof.id,
      kinds: [...new Set(proof.rows.flatMap((row) => row.proofs.kinds))],
      files,
      facts,
      addedOn: places.map(({ addedOn }) => addedOn).find((on) => on !== null) ?? null,
      candidate: { product: config.candidate.product, version: config.candidate.version },
      productShown: entries.find((entry) => entry.product !== undefined)?.product ?? null,
      asOf,
      limits: limitsOf(dossier?.file ?? null),
      servesToo: entries.flatMap((entry) => entry.ids).filter((id) => id !== proof.id),
    };
    inputs.push(input);
    hands.set(proof.id, {
      files: listed,
      findings: judgeProof(input),
      review: entries.length > 0 && dossier ? lastReview(entries) : ownReview(supplied?.review),
      heard: heardOf.proofs[proof.id]?.review?.state === "accepted",
      stale: dossier ? staleOf(entries, dossier, config.candidate.version) : null,
      origin: entries.some(({ origin }) => origin === "run") ? "run" : "person",
    });
  }
  for (const { id, finding } of sharedFiles(inputs)) {
    const hand = hands.get(id);
    if (hand) hands.set(id, { ...hand, findings: [...hand.findings, finding] satisfies ProofFinding[] });
  }
  return dossierView({ ...shared, onHand: hands, asOf });
}

/**
 * Rows no check spoke for: all of theirs were inapplicable in this run. Outside the sandbox also those that nobody but the software's
 * own adapter spoke for: they wait for a proof that the agency accepts.
 */
export function unspokenIn(result: RunResult): ReadonlySet<string> {
  const outcome = new Map(result.checks.map((check) => [check.id, check.outcome]));
  const rows = result.perimeters.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
  return new Set(
    rows
      .filter(
        ({ checks, strength }) =>
          (result.mode !== "sandbox" && strength === "answered") ||
          (checks.length > 0 && checks.every((id) => outcome.get(id) === "inapplicable")),
      )
      .map(({ id }) => id),
  );
}

function entryPlaces(entries: readonly DossierEntry[], dossier: OpenedDossier) {
  return entries.flatMap((entry) =>
    entry.files.map((file) => ({ file: path.join(dossier.folder, file.path), addedOn: file.added })),
  );
}

/** The last word on any of the entries, a refusal before an acceptance: shown even when it does not hold any more. */
function lastReview(entries: readonly DossierEntry[]): ProofOnHand["review"] {
  const last = entries.flatMap((entry) => entry.reviews?.at(-1) ?? []);
  if (last.length < entries.length) return last.find(({ state }) => state === "refused") ?? null;
  return ownReview(last.find(({ state }) => state === "refused") ?? last.at(-1));
}

/** Without the digests: what people are shown. */
function ownReview(review: OwnReview | undefined): OwnReview | null {
  if (!review) return null;
  const { state, by, on, why } = review;
  return { state, by, on, ...(why === undefined ? {} : { why }) };
}

/** Why a review that was given does not hold any more, or why a file is not what was added. */
function staleOf(entries: readonly DossierEntry[], dossier: OpenedDossier, version: string): string | null {
  if (reviewOf(entries, dossier.digests, version)?.state === "refused") return null;
  for (const entry of entries) {
    const reason = stalenessOf(entry, dossier.digests, version);
    if (reason !== null) return reason;
    if ((entry.reviews ?? []).length > 0 && standingReview(entry, dossier.digests, version) === null) return "bytes";
  }
  return null;
}

/** Every file is opened once, however many proofs it serves. */
function reader(): (file: string) => Promise<ProofFile | null> {
  const known = new Map<string, Promise<ProofFile | null>>();
  return (file) => {
    const found = known.get(file) ?? readProof(file);
    known.set(file, found);
    return found;
  };
}

async function readProof(file: string): Promise<ProofFile | null> {
  const sha256 = digestOf(file);
  if (sha256 === null) return null;
  const bytes = statSync(file).size;
  const name = path.basename(file);
  if (bytes > MOST_READ) return { name, bytes, sha256, media: null, text: null };
  const content = readFileSync(file);
  const media = await mediaOf(content);
  return { name, bytes, sha256, media, text: await textOf(content, media, name) };
}
