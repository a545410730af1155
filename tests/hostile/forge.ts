/**
 * What a forger can do who has our sources, a good bundle and a key: edit any file, judge again, make manifest and attestation
 * again, sign. The hooks of `seal` spoil one layer and leave the others right, so that a refusal names that layer and no other.
 */
import { judgeView, planOf } from "../../bin/judgement.js";
import type { RunMeta } from "../../bin/run-folder.js";
import { endOf } from "../../bin/sealing.js";
import { canonicalJson, type RunResult } from "../../core/model/index.js";
import { loadRecording, recordingDigest, recordingInMemory } from "../../core/record/reader.js";
import { writeArchive } from "../../core/seal/archive.js";
import { type BundleManifest, manifestText, NAMES } from "../../core/seal/bundle/manifest.js";
import { statementText } from "../../core/seal/bundle/statement.js";
import { PAYLOAD_TYPES, pae, signEnvelope } from "../../core/seal/envelope.js";
import { type SigningKey, signBytes, signerPem } from "../../core/seal/keys.js";
import type { SealedRun, Stage } from "./stage.js";

/** JSON of any shape, to be spoilt. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a forger edits what has no type
export type Loose = any;

export interface SealHooks {
  readonly key?: SigningKey;
  /** Text of signer.pem instead of what the key shows. */
  readonly signer?: string;
  /** Before the files are listed; the statement still speaks of the result as it was. */
  readonly before?: (files: Map<string, Uint8Array>) => void;
  readonly manifest?: (manifest: Loose) => void;
  /** Any text at all as manifest; signed as it is. */
  readonly manifestText?: (text: string) => string;
  readonly statement?: (statement: Loose) => void;
  readonly envelope?: (envelope: Loose) => void;
  /** After everything is signed. */
  readonly after?: (files: Map<string, Uint8Array>) => void;
  readonly archive?: (files: ReadonlyMap<string, Uint8Array>) => Uint8Array;
}

export class Forgery {
  /** Without manifest, attestation and signer: those are made by `seal`. */
  readonly files: Map<string, Uint8Array>;
  /** What the manifest says besides the files. */
  readonly facts: Loose;
  private readonly stage: Stage;

  constructor(stage: Stage, from: SealedRun = stage.good) {
    this.stage = stage;
    this.files = new Map(from.files);
    const manifest = JSON.parse(this.text(NAMES.manifest)) as BundleManifest;
    for (const name of [NAMES.manifest, NAMES.attestation, NAMES.signer]) this.files.delete(name);
    this.facts = { ...manifest, files: undefined };
  }

  text(name: string): string {
    const bytes = this.files.get(name);
    if (!bytes) throw new Error(`the good bundle has no ${name}`);
    return Buffer.from(bytes).toString("utf8");
  }

  /** Replaces text that must be there. */
  replace(name: string, from: string | RegExp, to: string): this {
    const text = this.text(name);
    const changed = text.replace(from, () => to);
    if (changed === text) throw new Error(`${String(from)} does not occur in ${name}`);
    return this.put(name, changed);
  }

  put(name: string, content: string | Uint8Array): this {
    this.files.set(name, typeof content === "string" ? Buffer.from(content) : content);
    return this;
  }

  json(name: string, edit: (value: Loose) => void): this {
    const value = JSON.parse(this.text(name));
    edit(value);
    return this.put(name, name === NAMES.result ? canonicalJson(value) : `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Records of a journal of the recording (`events`, `exchanges`, `connections`, `segments`), edited in place or replaced. */
  records(journal: string, edit: (records: Loose[]) => Loose[] | void): this {
    const name = `recording/${journal}.jsonl`;
    const records = this.text(name)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
    const kept = edit(records) ?? records;
    return this.put(name, kept.map((record) => `${JSON.stringify(record)}\n`).join(""));
  }

  /** A record as it stands in the end (the last line of an id counts), spoilt in every line that has its id. */
  record(journal: string, test: (record: Loose) => boolean, edit: (record: Loose) => void): this {
    return this.records(journal, (records) => {
      const last = new Map(records.map((record) => [record.id, record]));
      const found = [...last.values()].find(test);
      if (!found) throw new Error(`the good run has no such record of ${journal}`);
      for (const record of records) if (record.id === found.id) edit(record);
    });
  }

  /** The event that opened the first scenario with a patient. */
  opened(): Loose {
    let found: Loose;
    this.record(
      "events",
      (one) => one.kind === "scenario.open" && one.data.facts.patient !== null,
      (one) => {
        found = one;
      },
    );
    return found;
  }

  /** Where the first whole request of an operation stands. */
  request(operation: string): { readonly name: string; readonly start: number; readonly end: number } {
    let range: Loose;
    this.record(
      "exchanges",
      (record) => record.operation === operation && record.complete,
      (record) => {
        range = record.request;
      },
    );
    return { name: `recording/streams/${range.stream}`, start: range.start, end: range.end };
  }

  run(edit: (meta: Loose) => void): this {
    return this.json(NAMES.run, edit);
  }

  result(edit: (result: Loose) => void): this {
    return this.json(NAMES.result, edit);
  }

  get recording(): Map<string, Uint8Array> {
    const parts = [...this.files].filter(([name]) => name.startsWith(NAMES.recording));
    return new Map(parts.map(([name, bytes]) => [name.slice(NAMES.recording.length), bytes]));
  }

  /** Digest of the recording as it now is, written wherever it is named. */
  digest(): this {
    const digest = recordingDigest(recordingInMemory(this.recording, "recording"));
    this.facts.recording = digest;
    return this.result((result) => {
      result.recording.sha256 = digest;
    });
  }

  /** Judges the forged evidence with the true engine and claims what it gives, as a forger would who wants `equal`. */
  rejudge(): this {
    this.digest();
    const meta = JSON.parse(this.text(NAMES.run)) as RunMeta;
    const view = loadRecording(recordingInMemory(this.recording, "recording"));
    const { suite } = this.stage;
    const result = judgeView(view, String(this.facts.recording), meta, planOf(meta, suite), suite);
    this.facts.run.endedAt = endOf(view.events, meta.startedAt);
    return this.put(NAMES.result, canonicalJson(result));
  }

  seal(hooks: SealHooks = {}): Uint8Array {
    const key = hooks.key ?? this.stage.vendor;
    const sealed = new Map(this.files).set(NAMES.signer, Buffer.from(hooks.signer ?? signerPem(key)));
    hooks.before?.(sealed);
    const manifest = JSON.parse(manifestText(this.facts as BundleManifest, sealed));
    hooks.manifest?.(manifest);
    const text = canonicalJson(manifest);
    const manifestBytes = Buffer.from(hooks.manifestText?.(text) ?? text);
    const claimed = JSON.parse(this.text(NAMES.result)) as RunResult;
    const statement = JSON.parse(statementText(manifestBytes, manifest as BundleManifest, claimed));
    hooks.statement?.(statement);
    const envelope = JSON.parse(signEnvelope("attestation", Buffer.from(canonicalJson(statement)), key));
    hooks.envelope?.(envelope);
    sealed.set(NAMES.manifest, manifestBytes);
    sealed.set(NAMES.attestation, Buffer.from(`${JSON.stringify(envelope)}\n`));
    hooks.after?.(sealed);
    return (hooks.archive ?? writeArchive)(sealed);
  }
}

/** A signature over a payload under any type, as an envelope's member. */
export function signatureOf(payloadType: string, payload: Uint8Array, key: SigningKey): Loose {
  return { keyid: key.keyid, sig: signBytes(pae(payloadType, payload), key).toString("base64") };
}

export const ATTESTATION_TYPE = PAYLOAD_TYPES.attestation;
