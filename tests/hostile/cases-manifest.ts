/** Manifests that do not say what is there, and files that do not belong. */
import { createHash } from "node:crypto";
import { type HostileCase, refused } from "./case.js";
import { Forgery } from "./forge.js";

const RESULT = "result.json";
/** A file of the good bundle that is none of those every bundle has. */
const STREAM = "recording/segments.jsonl";

export const MANIFEST_CASES: readonly HostileCase[] = [
  {
    id: "no-manifest",
    what: "bundle.json left out",
    expected: refused("manifest_missing"),
    build: (stage) => new Forgery(stage).seal({ after: (files) => files.delete("bundle.json") }),
  },
  {
    id: "no-attestation",
    what: "the signed attestation left out",
    expected: refused("manifest_missing"),
    build: (stage) => new Forgery(stage).seal({ after: (files) => files.delete("attestation.dsse.json") }),
  },
  {
    id: "no-recording",
    what: "only a result, signed and listed, without its evidence",
    expected: refused("manifest_missing"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      for (const name of [...forgery.files.keys()]) if (name.startsWith("recording/")) forgery.files.delete(name);
      return forgery.seal();
    },
  },
  {
    id: "manifest-no-json",
    what: "a manifest that is not JSON",
    expected: refused("manifest_unreadable"),
    build: (stage) => new Forgery(stage).seal({ manifestText: () => "format: segur-bundle/1\n" }),
  },
  {
    id: "manifest-deep",
    what: "a manifest of a million nested lists",
    expected: refused("manifest_unreadable"),
    build: (stage) => new Forgery(stage).seal({ manifestText: () => "[".repeat(1_000_000) + "]".repeat(1_000_000) }),
  },
  {
    id: "manifest-deep-inside",
    what: "a manifest with a member of 100,000 nested objects",
    expected: refused("manifest_unreadable"),
    build: (stage) =>
      new Forgery(stage).seal({
        manifestText: (text) =>
          text.replace('"tool":{', `"tool":{"x":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)},`),
      }),
  },
  {
    id: "manifest-huge",
    what: "a manifest of 9 MB",
    expected: refused("manifest_unreadable"),
    build: (stage) => new Forgery(stage).seal({ manifestText: (text) => text + " ".repeat(9_000_000) }),
  },
  {
    id: "manifest-of-the-future",
    what: "a manifest of format segur-bundle/2",
    expected: refused("manifest_unreadable"),
    build: (stage) => new Forgery(stage).seal({ manifest: (manifest) => (manifest.format = "segur-bundle/2") }),
  },
  {
    id: "manifest-says-twice",
    what: "a manifest that names the candidate twice: some readers take the first, others the last",
    expected: refused("manifest_unreadable"),
    build: (stage) =>
      new Forgery(stage).seal({
        manifestText: (text) =>
          text.replace("{", '{"candidate":{"product":"P","vendor":"Somebody else","version":"9"},'),
      }),
  },
  {
    id: "unlisted-file",
    what: "a file that the manifest does not list",
    expected: refused("manifest_files"),
    build: (stage) =>
      new Forgery(stage).seal({ after: (files) => files.set("proofs/more.pdf", Buffer.from("slipped in")) }),
  },
  {
    id: "missing-file",
    what: "a listed file that is not there",
    expected: refused("manifest_files"),
    build: (stage) => new Forgery(stage).seal({ after: (files) => files.delete(STREAM) }),
  },
  {
    id: "other-size",
    what: "a byte added to a journal of the recording after sealing",
    expected: refused("manifest_size"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) => files.set(STREAM, Buffer.concat([files.get(STREAM) ?? Buffer.alloc(0), Buffer.from("x")])),
      }),
  },
  {
    id: "other-content",
    what: "a byte of the recording changed after sealing",
    expected: refused("manifest_hash"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) => {
          const bytes = Buffer.from(files.get(STREAM) ?? []);
          bytes[0] = (bytes[0] ?? 0) ^ 1;
          files.set(STREAM, bytes);
        },
      }),
  },
  {
    id: "result-edited",
    what: "a verdict of result.json edited after sealing",
    expected: refused("manifest_hash"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) => {
          const text = Buffer.from(files.get(RESULT) ?? []).toString("utf8");
          files.set(RESULT, Buffer.from(text.replace('"not_tested"', '"not_texted"')));
        },
      }),
  },
  {
    id: "signer-replaced",
    what: "another public key put in place of the signer's after sealing",
    expected: refused("manifest_hash"),
    build: (stage) =>
      new Forgery(stage).seal({ after: (files) => files.set("signer.pem", Buffer.from(stage.nobody.pem)) }),
  },
  {
    id: "manifest-edited",
    what: "hash and size of an edited result put right in the manifest, without signing again",
    expected: refused("attestation_subject"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) => {
          const result = Buffer.from(files.get(RESULT) ?? [])
            .toString("utf8")
            .replace('"not_tested"', '"conform"');
          const manifest = JSON.parse(Buffer.from(files.get("bundle.json") ?? []).toString("utf8")) as {
            files: Record<string, { sha256: string; size: number }>;
          };
          const sha256 = createHash("sha256").update(result).digest("hex");
          manifest.files[RESULT] = { sha256, size: Buffer.byteLength(result) };
          files.set(RESULT, Buffer.from(result));
          files.set("bundle.json", Buffer.from(`${JSON.stringify(manifest)}\n`));
        },
      }),
  },
  {
    id: "proto-file",
    what: "a file named __proto__, listed and signed",
    expected: refused("manifest_files"),
    build: (stage) => new Forgery(stage).put("__proto__", '{"polluted":true}').seal(),
  },
  {
    id: "proto-listed",
    what: "a manifest that lists __proto__ without the file",
    expected: refused("manifest_files"),
    build: (stage) =>
      new Forgery(stage).seal({
        manifestText: (text) =>
          text.replace('"files":{', `"files":{"__proto__":{"sha256":"${"0".repeat(64)}","size":0},`),
      }),
  },
  {
    id: "foreign-file",
    what: "a program beside the bundle's files, listed and signed",
    expected: refused("manifest_files"),
    build: (stage) => new Forgery(stage).put("install.sh", "#!/bin/sh\n").seal(),
  },
  {
    id: "foreign-in-recording",
    what: "a file in the folder of the recording that is no part of one, listed and signed",
    expected: refused("manifest_files"),
    build: (stage) => new Forgery(stage).put("recording/notes.txt", "x").digest().seal(),
  },
];
