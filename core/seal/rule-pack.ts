/**
 * The signed manifest of a rule pack (segur-rules/1): which files make it, by SHA-256. The files are data (perimeters, rows,
 * scenarios) and are read by core/plan; here only their names and digests count.
 */
import { createHash } from "node:crypto";
import { byCodeUnit, canonicalJson, type RulePackFacts } from "../model/index.js";
import { type Envelope, parseEnvelope, payloadJson, signEnvelope, signedBy } from "./envelope.js";
import type { SigningKey } from "./keys.js";
import { Refusal } from "./refusal.js";
import { agencyKeys, type Trust } from "./trust.js";

export const RULES_FORMAT = "segur-rules/1";

/** Name, version and basis of the pack; the envelope; the folders of its data. */
export const RULES_CARD = "rules.yaml";
export const RULES_ENVELOPE = "rules.dsse.json";
export const RULES_FOLDERS = ["requirements", "perimeters", "scenarios"] as const;

/** Files of a pack: many times what a whole couloir needs. */
export const MAX_RULES_FILES = 1_000;

export interface RulePackManifest {
  readonly format: typeof RULES_FORMAT;
  readonly name: string;
  readonly version: string;
  /** Every file but the envelope: name with `/`, SHA-256 in hexadecimal. */
  readonly files: Readonly<Record<string, string>>;
}

/** An envelope with its payload validated. That its signature is somebody's is another question: `rulePackSigner`. */
export interface SignedRulePack {
  readonly envelope: Envelope;
  readonly manifest: RulePackManifest;
}

/** `rules.yaml`, or one YAML file of one of the three folders. */
export function isRulesFile(name: string): boolean {
  if (name === RULES_CARD) return true;
  const [folder, file, ...deeper] = name.split("/");
  const known = RULES_FOLDERS.some((one) => one === folder);
  return known && deeper.length === 0 && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.yaml$/.test(file ?? "");
}

export function rulePackManifest(
  card: Pick<RulePackFacts, "name" | "version">,
  files: ReadonlyMap<string, Uint8Array>,
): RulePackManifest {
  const digests = [...files].map(([name, bytes]) => [name, sha256(bytes)] as const);
  return {
    format: RULES_FORMAT,
    name: card.name,
    version: card.version,
    files: Object.fromEntries(digests.sort(([a], [b]) => byCodeUnit(a, b))),
  };
}

/** Text of `rules.dsse.json`. */
export function signRulePack(manifest: RulePackManifest, key: SigningKey): string {
  return signEnvelope("rules", Buffer.from(canonicalJson(manifest)), key);
}

/** Throws Refusal `envelope_unreadable`, `envelope_signatures`, `envelope_type`, `envelope_payload` or `rules_unreadable`. */
export function openRulePack(bytes: Uint8Array, where: string): SignedRulePack {
  const envelope = parseEnvelope(bytes, "rules", where);
  return { envelope, manifest: manifestOf(payloadJson(envelope, where), where) };
}

function manifestOf(value: unknown, where: string): RulePackManifest {
  const odd = (): Refusal => new Refusal("rules_unreadable", where);
  if (!isRecord(value)) throw odd();
  const { format, name, version, files } = value;
  if (format !== RULES_FORMAT || !isWord(name, 200) || !isWord(version, 100) || !isRecord(files)) throw odd();
  const entries = Object.entries(files);
  if (entries.length > MAX_RULES_FILES) throw odd();
  const digests = entries.map(([file, digest]) => {
    if (!isRulesFile(file) || typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) throw odd();
    return [file, digest] as const;
  });
  return { format: RULES_FORMAT, name, version, files: Object.fromEntries(digests) };
}

/** Files that are not as the manifest says, sorted: missing, altered, or not named in it. Empty = the pack is whole. */
export function rulePackDifferences(
  manifest: RulePackManifest,
  files: ReadonlyMap<string, Uint8Array>,
): { readonly file: string; readonly kind: "missing" | "altered" | "unlisted" }[] {
  const listed = new Map(Object.entries(manifest.files));
  const names = [...new Set([...listed.keys(), ...files.keys()])].sort(byCodeUnit);
  return names.flatMap((file): ReturnType<typeof rulePackDifferences> => {
    const bytes = files.get(file);
    const digest = listed.get(file);
    if (bytes === undefined) return [{ file, kind: "missing" }];
    if (digest === undefined) return [{ file, kind: "unlisted" }];
    return sha256(bytes) === digest ? [] : [{ file, kind: "altered" as const }];
  });
}

/** Identity of a pack: SHA-256 over its manifest, whoever signed it. */
export function rulePackDigest(manifest: RulePackManifest): string {
  return sha256(Buffer.from(canonicalJson(manifest)));
}

/**
 * Name of the agency that signed, with a key trusted for rules at an instant (ISO 8601, UTC: when the pack was used); null when
 * nobody trusted did.
 */
export function rulePackSigner({ envelope }: SignedRulePack, trust: Trust, instant: string): string | null {
  return signedBy(envelope, agencyKeys(trust, "rules", instant))?.name ?? null;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWord(value: unknown, longest: number): value is string {
  return typeof value === "string" && value.length <= longest && /^[A-Za-z0-9][A-Za-z0-9.+_-]*$/.test(value);
}
