/**
 * A fictitious agency, for tests: a fresh key with every role, a keys.yaml that trusts it, and its rule pack
 * (tests/support/rule-pack/) copied and signed. Its two perimeters hold only rows that the reference vendor's run proves today:
 *
 *   agence-machine   nothing to review: `referencable` as soon as the run is good
 *   agence-preuves   `referencable` once the agency accepted `MSS/CONF.16:MSS/CONF.16.01.01` and `INS/va1.40:INS/va1.40`
 *
 * So `segur run -c <segurYaml()> --specs <agency.specs>` of the reference vendor gives a result that can really be labelled.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readRulesFolder } from "../../bin/rule-pack.js";
import { packageRoot } from "../../core/model/index.js";
import {
  generateKeyPem,
  type KeyAlgorithm,
  type PublicKey,
  readSigningKey,
  type SigningKey,
} from "../../core/seal/keys.js";
import { rulePackManifest, signRulePack } from "../../core/seal/rule-pack.js";
import { type AgencyRole, type Trust, TRUST_FORMAT } from "../../core/seal/trust.js";

export const AGENCY = "Agence d'essai";
/** Vendor in the configuration of the bundled run. */
export const REFERENCE_VENDOR = "Projet de démonstration";
export const PACK = { name: "agence-d-essai", version: "2026.1" } as const;
const ROLES: readonly AgencyRole[] = ["challenge", "review", "label", "rules", "countersign"];

export interface TestAgency {
  /** Temporary; holds all that follows. */
  readonly folder: string;
  /** For `--specs`. */
  readonly specs: string;
  readonly key: SigningKey;
  /** For `--key`. */
  readonly keyFile: string;
  /** The reference vendor's, for `segur seal --key`. */
  readonly vendorKeyFile: string;
  readonly vendorKey: SigningKey;
  readonly trust: Trust;
  /** For `--trust`: the agency with every role, and the key of the reference vendor. */
  readonly trustFile: string;
  dispose(): void;
}

export function testAgency(): TestAgency {
  const folder = mkdtempSync(path.join(tmpdir(), "segur-agency-"));
  const fresh = (name: string, algorithm: KeyAlgorithm) => {
    const file = path.join(folder, `${name}.key`);
    const { privatePem } = generateKeyPem(algorithm);
    writeFileSync(file, privatePem, { mode: 0o600 });
    return { file, key: readSigningKey(privatePem, file) };
  };
  const { file: keyFile, key } = fresh("agency", "ecdsa-p256");
  const { file: vendorKeyFile, key: vendorKey } = fresh("vendor", "ed25519");
  const trust: Trust = {
    candidates: [{ vendor: REFERENCE_VENDOR, key: vendorKey }],
    agencies: [{ name: AGENCY, key, roles: ROLES }],
  };
  const trustFile = path.join(folder, "keys.yaml");
  const written = (entry: { readonly key?: PublicKey }) => ({ ...entry, key: entry.key?.pem });
  const file = {
    format: TRUST_FORMAT,
    candidates: trust.candidates.map(written),
    agencies: trust.agencies.map(written),
  };
  // JSON is YAML too.
  writeFileSync(trustFile, JSON.stringify(file));
  const specs = path.join(folder, "rules");
  cpSync(path.join(packageRoot(import.meta.url), "tests", "support", "rule-pack"), specs, { recursive: true });
  signPack(specs, key);
  return {
    folder,
    specs,
    key,
    keyFile,
    vendorKeyFile,
    vendorKey,
    trust,
    trustFile,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Signs the pack in a folder as it stands there, whatever it holds. */
export function signPack(specs: string, key: SigningKey, card: { name: string; version: string } = PACK): void {
  const manifest = rulePackManifest(card, readRulesFolder(specs));
  writeFileSync(path.join(specs, "rules.dsse.json"), signRulePack(manifest, key));
}

export interface SegurYaml {
  /** Where it is written, and where the run goes. */
  readonly folder: string;
  /** Port of the reference software. */
  readonly port: number;
  readonly perimeters: readonly string[];
  /** Proof id to the text of its one file. */
  readonly proofs?: Readonly<Record<string, string>>;
}

/** The configuration of the bundled run with other perimeters and with proofs; gives its path. Runs go to `runs` beside it. */
export function segurYaml({ folder, port, perimeters, proofs = {} }: SegurYaml): string {
  const root = packageRoot(import.meta.url);
  const template = readFileSync(path.join(root, "fixtures", "vendors", "reference", "segur.yaml"), "utf8");
  const files = Object.entries(proofs).map(([id, text], index) => {
    const file = `proof-${index + 1}.txt`;
    writeFileSync(path.join(folder, file), text);
    return [id, { files: [file] }];
  });
  const text = template
    .replaceAll("{port}", String(port))
    .replaceAll("{root}", root.replaceAll("\\", "/"))
    .replace(/^perimeters: .*$/m, `perimeters: ${JSON.stringify(perimeters)}`)
    // Its answers are about domains of the bundled perimeters.
    .replace(/^maturity: .*\n/m, "");
  const file = path.join(folder, "segur.yaml");
  writeFileSync(file, `${text}\nproofs: ${JSON.stringify(Object.fromEntries(files))}\nruns: runs\n`);
  return file;
}
