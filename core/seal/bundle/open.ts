/**
 * Opens a bundle that somebody else made, as far as bytes and signatures go: archive, manifest, hashes, signer, attestation.
 * Whether the claimed verdicts are true is not asked here.
 */
import { canonicalJson } from "../../model/index.js";
import { readArchive } from "../archive.js";
import { type Envelope, parseEnvelope, payloadJson, signedBy } from "../envelope.js";
import { millisecondsOf } from "../instants.js";
import { readSigner, type Signer } from "../keys.js";
import { Refusal } from "../refusal.js";
import { holdsTogether } from "../trust.js";
import { type BundleManifest, matchFiles, NAMES, sha256 } from "./manifest.js";

export interface OpenedBundle {
  /** SHA-256 of the whole bundle: how reviews and labels name it. */
  readonly sha256: string;
  readonly size: number;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: BundleManifest;
  readonly manifestBytes: Uint8Array;
  readonly signer: Signer;
  readonly attestation: Envelope;
  /** The signed statement, shape unknown: `matchStatement` holds it against the claimed result. */
  readonly statement: unknown;
}

const NEEDED = [NAMES.manifest, NAMES.attestation, NAMES.signer, NAMES.run, NAMES.result, "recording/recording.json"];
/** Largest manifest read: 20,000 files of 300 bytes. */
const MAX_MANIFEST = 8 * 1024 * 1024;
/**
 * Largest other files read as one text: what is parsed takes many times its size in memory. run.json has some 3 kB, result.json
 * some 200 kB. (Envelopes have a bound of their own.)
 */
const MAX_SIZES: Readonly<Record<string, number>> = {
  [NAMES.signer]: 1024 * 1024,
  [NAMES.run]: 4 * 1024 * 1024,
  [NAMES.result]: 32 * 1024 * 1024,
};

/** `isManifest`: validation by the schema `bundle`. Throws Refusal. */
export async function openBundle(bytes: Uint8Array, isManifest: (value: unknown) => boolean): Promise<OpenedBundle> {
  const files = await readArchive(bytes);
  for (const name of NEEDED) if (!files.has(name)) throw new Refusal("manifest_missing", name);
  for (const [name, most] of Object.entries(MAX_SIZES)) {
    const size = files.get(name)?.length ?? 0;
    if (size > most) throw new Refusal("archive_too_large", name, { size, most });
  }
  const manifestBytes = files.get(NAMES.manifest) ?? new Uint8Array(0);
  const manifest = parseManifest(manifestBytes, isManifest);
  matchFiles(manifest, files);
  const signer = readSigner(signerText(files), NAMES.signer);
  const attestation = parseEnvelope(
    files.get(NAMES.attestation) ?? new Uint8Array(0),
    "attestation",
    NAMES.attestation,
  );
  if (!signedBy(attestation, [signer.key])) throw new Refusal("signature_invalid", NAMES.attestation);
  holdsTogether(signer.certificates, manifest.run.endedAt, NAMES.signer);
  return {
    sha256: sha256(bytes),
    size: bytes.length,
    files,
    manifest,
    manifestBytes,
    signer,
    attestation,
    statement: payloadJson(attestation, NAMES.attestation),
  };
}

function parseManifest(bytes: Uint8Array, isManifest: (value: unknown) => boolean): BundleManifest {
  const unreadable = new Refusal("manifest_unreadable", NAMES.manifest);
  if (bytes.length > MAX_MANIFEST) throw unreadable;
  let value: unknown;
  try {
    value = JSON.parse(decode(bytes));
  } catch {
    throw unreadable;
  }
  if (!isManifest(value)) throw unreadable;
  const manifest = value as BundleManifest;
  // One spelling: a member that stands twice would read otherwise elsewhere.
  if (!Buffer.from(canonicalJson(manifest)).equals(bytes)) throw unreadable;
  const { startedAt, endedAt } = manifest.run;
  if (!(millisecondsOf(startedAt) <= millisecondsOf(endedAt))) throw unreadable;
  return manifest;
}

function signerText(files: ReadonlyMap<string, Uint8Array>): string {
  try {
    return textOf(files, NAMES.signer);
  } catch {
    throw new Refusal("signer_unreadable", NAMES.signer);
  }
}

/** Text of a file, to the byte. Throws TypeError on what is not UTF-8; a byte order mark stays, and no JSON begins with one. */
export function textOf(files: ReadonlyMap<string, Uint8Array>, name: string): string {
  return decode(files.get(name) ?? new Uint8Array(0));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
