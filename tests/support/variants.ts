/**
 * Many bundles out of one, for tests and benchmarks of campaigns: another candidate or run id written into run, recording, result
 * and manifest, and all of it hashed and signed again. Each is whole and verifies as `equal`, since no verdict reads either; only
 * the recorded bytes are those of the first.
 */
import { recordingDigest, recordingInMemory } from "../../core/record/reader.js";
import { type BundleManifest, NAMES } from "../../core/seal/bundle/manifest.js";
import { sealBundle } from "../../core/seal/bundle/seal.js";
import type { SigningKey } from "../../core/seal/keys.js";
import { canonicalJson, type CandidateFacts, type RunResult } from "../../core/model/index.js";
import type { RunMeta } from "../../bin/run-folder.js";

export interface Change {
  readonly candidate?: Partial<Omit<CandidateFacts, "nil">>;
  readonly run?: string;
}

/** `files`: of an honest bundle. */
export function variantOf(files: ReadonlyMap<string, Uint8Array>, change: Change, key: SigningKey): Uint8Array {
  const parts = new Map(files);
  const read = <T>(name: string): T => JSON.parse(Buffer.from(parts.get(name) ?? []).toString("utf8")) as T;
  const write = (name: string, value: unknown): unknown => parts.set(name, Buffer.from(canonicalJson(value)));
  const { format, files: listed, ...facts } = read<BundleManifest>(NAMES.manifest);
  void format;
  void listed;
  for (const name of [NAMES.manifest, NAMES.attestation, NAMES.signer]) parts.delete(name);

  const meta = read<RunMeta>(NAMES.run);
  const id = change.run ?? meta.id;
  const candidate = { ...meta.config.candidate, ...change.candidate };
  write(NAMES.run, { ...meta, id, config: { ...meta.config, candidate } });
  write("recording/recording.json", { ...read<object>("recording/recording.json"), id });
  const events = Buffer.from(parts.get("recording/events.jsonl") ?? []).toString("utf8");
  parts.set("recording/events.jsonl", Buffer.from(events.split("\n").map(opened).join("\n")));
  function opened(line: string): string {
    if (!line.includes('"recording.open"')) return line;
    const event = JSON.parse(line) as { kind: string; data: object };
    return event.kind === "recording.open" ? JSON.stringify({ ...event, data: { ...event.data, candidate } }) : line;
  }

  const recorded = [...parts].filter(([name]) => name.startsWith(NAMES.recording));
  const recording = recordingDigest(
    recordingInMemory(new Map(recorded.map(([name, bytes]) => [name.slice(NAMES.recording.length), bytes])), "variant"),
  );
  const { vendor, product, version } = candidate;
  const result: RunResult = {
    ...read<RunResult>(NAMES.result),
    recording: { id, sha256: recording },
    candidate: { vendor, product, version },
  };
  write(NAMES.result, result);
  return sealBundle(
    { ...facts, run: { ...facts.run, id }, candidate: result.candidate, recording },
    parts,
    result,
    key,
  );
}
