/** From the folder of a run to a bundle: judged again, proofs gathered, private numbers looked for, sealed whole or not at all. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { canonicalJson, SuiteError } from "../core/model/index.js";
import { recordingDigest, recordingFolder, loadRecording } from "../core/record/reader.js";
import { type BundleManifest, NAMES, sha256 } from "../core/seal/bundle/manifest.js";
import { sealBundle } from "../core/seal/bundle/seal.js";
import type { SigningKey } from "../core/seal/keys.js";
import { loadIdentities } from "../services/shared/identities.js";
import { readDossierRecord } from "./dossier/record.js";
import { judgeView, planOf } from "./judgement.js";
import { demandFictitious } from "./privacy-gate.js";
import { type RunFolder, type RunMeta, readRunMeta } from "./run-folder.js";
import type { Suite } from "./suite.js";

/** Largest file of proof taken in, in bytes. */
const MAX_PROOF = 200 * 1024 * 1024;

export interface Sealed {
  readonly bytes: Uint8Array;
  /** Places in which a person's number could stand unseen: encrypted or too deep. The user is told. */
  readonly unseen: readonly string[];
  /** Places of what may be a person's number or a token, and may be harmless. The user is told. */
  readonly told: readonly string[];
}

/** The bundle of a run. Throws SuiteError ERR_SEAL, ERR_RULE_SET, ERR_RECORDING or ERR_RUN_FOLDER; nothing is written. */
export async function sealRun(folder: RunFolder, suite: Suite, key: SigningKey): Promise<Sealed> {
  const meta = readRunMeta(folder);
  if (meta.ruleSet !== suite.ruleSet) {
    throw new SuiteError("ERR_RULE_SET", "the run was made with another rule set", {
      where: folder.path,
      mend: `run again, or seal with version ${meta.toolVersion} (rule set ${meta.ruleSet})`,
    });
  }
  const recording = recordingFolder(folder.recording);
  const view = loadRecording(recording);
  const digest = recordingDigest(recording);
  const result = judgeView(view, digest, meta, planOf(meta, suite), suite);
  if (result.gate.checks === "empty") {
    throw new SuiteError("ERR_SEAL", "nothing was executed in this run: there is nothing to seal", {
      where: folder.path,
      mend: "run again; see `segur doctor`",
    });
  }
  const files = new Map<string, Uint8Array>([
    [NAMES.run, readFileSync(folder.file("run.json"))],
    [NAMES.result, Buffer.from(canonicalJson(result))],
  ]);
  for (const name of recording.names()) {
    const bytes = recording.read(name);
    if (bytes) files.set(`${NAMES.recording}${name}`, bytes);
  }
  for (const name of [NAMES.challenge, NAMES.countersignature]) {
    const bytes = readIfThere(folder.file(name));
    if (bytes) files.set(name, bytes);
  }
  const proofs = gatherProofs(meta, files);
  demandReviewed(folder, meta, suite.root, files, proofs);
  const identities = loadIdentities(suite.root);
  const { unseen, told } = await demandFictitious(files, { view, identities, challenge: meta.challenge, proofs });
  const bytes = sealBundle(
    {
      run: { id: meta.id, startedAt: meta.startedAt, endedAt: endOf(view.events, meta.startedAt) },
      candidate: result.candidate,
      perimeters: meta.config.perimeters,
      mode: meta.mode,
      challenge: meta.challenge?.id ?? null,
      tool: { name: "segur", version: meta.toolVersion },
      ruleSet: meta.ruleSet,
      rules: meta.rules,
      configHash: meta.configHash,
      recording: digest,
      proofs,
    },
    files,
    result,
    key,
  );
  return { bytes, unseen, told };
}

/** Time of the last recorded event: when the run ended, for whoever judges keys and certificates. */
export function endOf(events: readonly { readonly at: string }[], startedAt: string): string {
  return events.reduce((latest, { at }) => (Date.parse(at) > Date.parse(latest) ? at : latest), startedAt);
}

/**
 * A review that run.json names was made on bytes that the dossier knew when the run was last judged with it (dossier.json); sealed
 * beside others it would be of them. Throws SuiteError ERR_SEAL.
 */
function demandReviewed(
  folder: RunFolder,
  meta: RunMeta,
  root: string,
  files: ReadonlyMap<string, Uint8Array>,
  proofs: BundleManifest["proofs"],
): void {
  const known = new Map(readDossierRecord(folder, meta, root)?.proofs.map((proof) => [proof.id, proof.files]));
  for (const { id, name, file } of proofs) {
    const reviewed = meta.config.proofs[id]?.review ? known.get(id) : undefined;
    const digest = sha256(files.get(file) ?? new Uint8Array(0));
    if (!reviewed || reviewed.some((one) => one.sha256 === digest)) continue;
    throw new SuiteError("ERR_SEAL", `a file of the proof ${id} is another than the one that was reviewed`, {
      where: name,
      mend: "take the dossier of today into the run: segur dossier apply RUN",
    });
  }
}

function readIfThere(file: string): Uint8Array | null {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : null;
}

/** In bytes; null when it is no file that can be sealed as a proof: not there, no plain file, not to be reached, too large. */
export function proofSize(file: string): number | null {
  try {
    const facts = statSync(file);
    return facts.isFile() && facts.size <= MAX_PROOF ? facts.size : null;
  } catch {
    return null;
  }
}

/**
 * Adds the files that run.json names as proofs (of segur.yaml, the dossier, or `segur proof`); their names in the bundle are ours, so
 * that no disk refuses them. The same bytes stand there once, however many proofs they serve.
 */
function gatherProofs(meta: RunMeta, files: Map<string, Uint8Array>): BundleManifest["proofs"] {
  const kept = new Map<string, string>();
  return Object.entries(meta.config.proofs).flatMap(([id, proof], number) => {
    const own = new Set<string>();
    return proof.files.map((file, index) => {
      if (proofSize(file) === null) {
        throw new SuiteError("ERR_SEAL", `a file of the proof ${id} is not there, or is too large`, {
          where: file,
          mend: `put it back (200 MB at most), or take it out: segur proof RUN --remove ${id}`,
        });
      }
      const ending = /\.[A-Za-z0-9]{1,8}$/.exec(file)?.[0] ?? "";
      const name = `${NAMES.proofs}${String(number + 1).padStart(4, "0")}-${index + 1}${ending}`;
      const bytes = readFileSync(file);
      const digest = sha256(bytes);
      // Twice the same bytes under one id are two files of it.
      const there = own.has(digest) ? undefined : kept.get(digest);
      own.add(digest);
      if (there !== undefined) return { id, name: path.basename(file), file: there };
      kept.set(digest, name);
      files.set(name, bytes);
      return { id, name: path.basename(file), file: name };
    });
  });
}
