/** From the folder of a run to a bundle: judged again, proofs gathered, private numbers looked for, sealed whole or not at all. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { dayAfter } from "../core/dossier/index.js";
import { canonicalJson, SuiteError } from "../core/model/index.js";
import { recordingDigest, recordingFolder, loadRecording } from "../core/record/reader.js";
import { type BundleManifest, NAMES, sha256 } from "../core/seal/bundle/manifest.js";
import { sealBundle } from "../core/seal/bundle/seal.js";
import type { SigningKey } from "../core/seal/keys.js";
import { loadIdentities } from "../services/shared/identities.js";
import { judgeView, planOf } from "./judgement.js";
import { demandFictitious } from "./privacy-gate.js";
import { isOfOthers } from "./proofs-agree.js";
import { readRunJson, type RunFolder, type RunMeta, readRunMeta, runText } from "./run-folder.js";
import { type Suite, today } from "./suite.js";

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
  const files = new Map<string, Uint8Array>([[NAMES.result, Buffer.from(canonicalJson(result))]]);
  for (const name of recording.names()) {
    const bytes = recording.read(name);
    if (bytes) files.set(`${NAMES.recording}${name}`, bytes);
  }
  for (const name of [NAMES.challenge, NAMES.countersignature]) {
    const bytes = readIfThere(folder.file(name));
    if (bytes) files.set(name, bytes);
  }
  const proofs = gatherProofs(meta, files);
  demandReviewed(meta, files, proofs);
  demandPast(meta, today());
  files.set(NAMES.run, runForBundle(folder, proofs, files.has(NAMES.countersignature)));
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
 * run.json with the names that its files of proof have in the bundle: where they stand on the vendor's machine is nobody's business.
 * A countersignature covers all but proofs and claims, so the rest stays as it was written.
 */
function runForBundle(folder: RunFolder, proofs: BundleManifest["proofs"], countersigned: boolean): Uint8Array {
  const written = readRunJson(folder);
  const named = Object.entries(written.config.proofs).map(([id, proof]) => [
    id,
    { ...proof, files: proofs.filter((one) => one.id === id).map(({ file }) => file) },
  ]);
  // Older versions wrote the whole path of segur.yaml.
  const configFile = countersigned ? written.configFile : path.basename(written.configFile);
  const config = { ...written.config, proofs: Object.fromEntries(named) as RunMeta["config"]["proofs"] };
  return Buffer.from(runText({ ...written, configFile, config }));
}

/** What run.json says was reviewed must be what is sealed. Throws SuiteError ERR_SEAL. */
function demandReviewed(meta: RunMeta, files: ReadonlyMap<string, Uint8Array>, proofs: BundleManifest["proofs"]): void {
  for (const [id, proof] of Object.entries(meta.config.proofs)) {
    const listed = proofs.filter((one) => one.id === id);
    const digests = listed.map(({ file }) => sha256(files.get(file) ?? new Uint8Array(0)));
    if (!isOfOthers(proof, digests)) continue;
    const other = listed.find((_, index) => digests[index] !== proof.review?.sha256?.[index]);
    throw new SuiteError("ERR_SEAL", `a file of the proof ${id} is another than the one that was reviewed`, {
      where: other?.name ?? id,
      mend: "take the dossier of today into the run: segur dossier apply RUN",
    });
  }
}

/** Nobody looked at a proof on a day that is still to come, in any time zone. Throws SuiteError ERR_SEAL. */
function demandPast(meta: RunMeta, day: string): void {
  for (const [id, { on }] of Object.entries(meta.config.proofs)) {
    if (on === undefined || on <= dayAfter(day)) continue;
    throw new SuiteError("ERR_SEAL", `the proof ${id} is said to have been looked at on a day to come: ${on}`, {
      where: "run.json",
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
      if (there !== undefined) return { id, name: nameOf(file), file: there };
      kept.set(digest, name);
      files.set(name, bytes);
      return { id, name: nameOf(file), file: name };
    });
  });
}

/** As the user called it; a sign that another system takes for a folder is replaced. */
function nameOf(file: string): string {
  return path.basename(file).replaceAll("\\", "_");
}
