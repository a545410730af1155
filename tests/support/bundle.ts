/**
 * Good bundles for tests. `goodRun()` is a real, small run of the reference vendor, made once per mocha process; the others are
 * short ways to seal it, take the bundle apart, and put it together again as a dishonest vendor would who has a key of its own.
 *
 *   const { folder } = await goodRun();
 *   const key = keyPair();
 *   const files = await unpack(await seal({ key }));
 *   files.set("result.json", Buffer.from("…"));
 *   const forged = repack(files, { resign: key });
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundledConfig } from "../../bin/bundled.js";
import { drive, type RoadOptions } from "../../bin/road.js";
import { type RunFolder, runFolderAt } from "../../bin/run-folder.js";
import { sealRun } from "../../bin/sealing.js";
import { openSuite, type Suite } from "../../bin/suite.js";
import { type Verification, verifyBundle } from "../../bin/verification.js";
import { canonicalJson, demandedProofs, packageRoot, type RunResult } from "../../core/model/index.js";
import { openSchemas, type SchemaName, type Schemas } from "../../core/plan/index.js";
import { readArchive, writeArchive } from "../../core/seal/archive.js";
import { type BundleManifest, NAMES } from "../../core/seal/bundle/manifest.js";
import { sealBundle } from "../../core/seal/bundle/seal.js";
import { generateKeyPem, type KeyAlgorithm, readSigningKey, type SigningKey } from "../../core/seal/keys.js";
import { Refusal } from "../../core/seal/refusal.js";
import type { Trust } from "../../core/seal/trust.js";
import { freePort } from "../../drivers/vendor-process.js";

/** Candidate of every run made here: that of the bundled configuration. */
export const CANDIDATE = {
  vendor: "Projet de démonstration",
  product: "Logiciel de référence",
  version: "1.0",
} as const;

/** One scenario of each service, one of them with an injected fault and its control: two seconds of traffic. */
const SMALL = ["psc-token-expired", "ins-search-corsica", "dmp-submit-twice", "mss-two-mails"];

export interface GoodRun {
  readonly folder: RunFolder;
  readonly suite: Suite;
  readonly schemas: Schemas;
}

/** Everything made here; gone when the process ends. */
const home = mkdtempSync(path.join(tmpdir(), "segur-bundles-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));

let suiteOpened: Suite | null = null;
let good: Promise<GoodRun> | null = null;
let copies = 0;

export function theSuite(): Suite {
  suiteOpened ??= openSuite();
  return suiteOpened;
}

export function theSchemas(): Schemas {
  return openSchemas(path.join(packageRoot(import.meta.url), "specs", "schemas"));
}

/** Whether a value is valid by one of the schemas of specs/schemas: what core/seal wants to be handed. */
export function isValid(schema: SchemaName): (value: unknown) => boolean {
  const validate = theSchemas().validator(schema);
  return (value) => validate(value) === true;
}

/** The run every test may read and none may change; `copyOfRun` gives one to change. It declares two files of proof. */
export function goodRun(): Promise<GoodRun> {
  good ??= makeRun();
  return good;
}

/** Another run of the same software, by options of the road: `challenge`, `mode`, other scenarios under `only`. */
export async function makeRun(options: Partial<RoadOptions> = {}): Promise<GoodRun> {
  const suite = theSuite();
  const { config, sha256 } = bundledConfig({
    root: suite.root,
    specs: suite.specs,
    port: await freePort(),
    runsFolder: path.join(home, "runs"),
  });
  const files = ["capture.png", "notice.pdf"].map((name) => path.join(home, name));
  for (const file of files) writeFileSync(file, `${path.basename(file)}: a fictitious proof\n`);
  const { folder, failure } = await drive({
    // One state folder for all: its keys and certificates are made once.
    config: { ...config, stateFolder: path.join(home, "state"), proofs: { [aProof(suite)]: { files } } },
    configHash: sha256,
    specs: suite.specs,
    checks: suite.checks,
    ruleSet: suite.ruleSet,
    rules: suite.rules,
    only: SMALL,
    lang: "en",
    progress: { line: () => undefined, now: () => undefined, end: () => undefined },
    signal: new AbortController().signal,
    ...options,
  });
  if (failure) throw failure;
  return { folder, suite, schemas: theSchemas() };
}

/** Official id of a proof that some row of the perimeters demands. */
function aProof({ specs }: Suite): string {
  const [id] = specs.requirements.flatMap((row) => demandedProofs(row, { subProfiles: [], conditions: {} }));
  if (id === undefined) throw new Error("no row demands a proof");
  return id;
}

/** A copy of the good run's folder that a test may damage. `meta` edits run.json. */
export async function copyOfRun(meta: (run: Record<string, unknown>) => unknown = (run) => run): Promise<RunFolder> {
  const { folder } = await goodRun();
  copies += 1;
  const copy = path.join(home, `copy-${copies}`, folder.name);
  mkdirSync(path.dirname(copy));
  cpSync(folder.path, copy, { recursive: true });
  const file = path.join(copy, "run.json");
  writeFileSync(file, JSON.stringify(meta(JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>)));
  return runFolderAt(copy);
}

/** A fresh pair, as `segur keys` makes it. */
export function keyPair(algorithm: KeyAlgorithm = "ed25519"): SigningKey {
  return readSigningKey(generateKeyPem(algorithm).privatePem, "key of the test");
}

/** The good run (or another) as `segur seal` seals it. */
export async function seal({
  key = keyPair(),
  folder,
}: { key?: SigningKey; folder?: RunFolder } = {}): Promise<Uint8Array> {
  const run = folder ?? (await goodRun()).folder;
  return (await sealRun(run, theSuite(), key)).bytes;
}

/** Files of a bundle by name, in a map of one's own. */
export async function unpack(bundle: Uint8Array): Promise<Map<string, Uint8Array>> {
  return new Map(await readArchive(bundle));
}

export interface RepackOptions {
  /** Key that signs anew; absent = manifest and attestation stay as they are in `files`. */
  readonly resign?: SigningKey;
  /** Edits the facts of the manifest before it is signed; hashes and sizes are always those of the files. */
  readonly facts?: (facts: Omit<BundleManifest, "format" | "files">) => unknown;
}

/**
 * A bundle of these files. With `resign`: manifest, signer and attestation made again over what the files now are, so that every
 * hash and signature holds; the attestation claims what the (perhaps forged) result.json says.
 */
export function repack(
  files: ReadonlyMap<string, Uint8Array>,
  { resign, facts: edit }: RepackOptions = {},
): Uint8Array {
  if (!resign) return writeArchive(files);
  const { format, files: listed, ...facts } = jsonOf(files, NAMES.manifest) as BundleManifest;
  void format;
  void listed;
  const rest = new Map(files);
  for (const name of [NAMES.manifest, NAMES.attestation, NAMES.signer]) rest.delete(name);
  const edited = (edit ? edit(facts) : facts) as typeof facts;
  return sealBundle(edited, rest, jsonOf(files, NAMES.result) as RunResult, resign);
}

export function jsonOf(files: ReadonlyMap<string, Uint8Array>, name: string): unknown {
  const bytes = files.get(name);
  if (!bytes) throw new Error(`there is no ${name}`);
  return JSON.parse(Buffer.from(bytes).toString("utf8"));
}

/** Replaces a JSON file of a bundle by what `edit` makes of it; `edit` may change the value in place. */
export function editJson<T>(files: Map<string, Uint8Array>, name: string, edit: (value: T) => T | void): void {
  const value = jsonOf(files, name) as T;
  files.set(name, Buffer.from(canonicalJson(edit(value) ?? value)));
}

/** What `segur verify` says of a bundle. */
export async function verified(bundle: Uint8Array, trust: Trust | null = null): Promise<Verification> {
  const { verification } = await verifyBundle(bundle, { suite: theSuite(), schemas: theSchemas(), trust });
  return verification;
}

/** The Refusal that a call ends with; any other end fails the test. */
export async function refusalOf(call: () => unknown): Promise<Refusal> {
  try {
    await call();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
