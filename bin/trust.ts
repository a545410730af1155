/** keys.yaml (segur-trust/1) as read from disk, and the private key of whoever signs. Both are the user's own files. */
import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { SuiteError } from "../core/model/index.js";
import { type Problem, refuse } from "../core/plan/problems.js";
import type { Schemas } from "../core/plan/index.js";
import { type Path, readYaml, type YamlFile } from "../core/plan/yaml.js";
import { isDay } from "../core/seal/instants.js";
import { type PublicKey, readSigner, readSigningKey, type SigningKey } from "../core/seal/keys.js";
import { Refusal } from "../core/seal/refusal.js";
import type { AgencyRole, Trust, TrustedAgency, TrustedCandidate, Validity } from "../core/seal/trust.js";
import type { Lang } from "./output.js";

/** Largest file read here, in bytes. A key has some 200; a chain of certificates some 10,000. */
const MAX_FILE = 500_000;

/** keys.yaml as validated by its schema. */
interface Written {
  readonly candidates?: readonly WrittenCandidate[];
  readonly agencies?: readonly WrittenAgency[];
}
interface WrittenCandidate extends Validity {
  readonly vendor: string;
  readonly product?: string;
  readonly key?: string;
  readonly keyFile?: string;
  readonly ca?: string;
  readonly caFile?: string;
  readonly subject?: string;
  readonly revoked?: NonNullable<TrustedCandidate["revoked"]>;
}
interface WrittenAgency extends Validity {
  readonly name: string;
  readonly key?: string;
  readonly keyFile?: string;
  readonly roles: readonly AgencyRole[];
}

/**
 * Whom the user trusts. Paths inside are relative to the file. Throws SuiteError ERR_CONFIG with every mistake found, each with
 * its line.
 */
export function loadTrust(file: string, schemas: Schemas): Trust {
  const yaml = readYaml(readText(file, "ERR_CONFIG"), file);
  refuse("ERR_CONFIG", schemas.problems("trust", yaml));
  const builder = new Builder(yaml, path.dirname(path.resolve(file)));
  const trust = builder.build();
  refuse("ERR_CONFIG", builder.problems);
  return trust;
}

/**
 * The user's own signing key, with its certificate chain if any. Says on stderr when others can read the file. Throws
 * SuiteError ERR_KEY.
 */
export function loadPrivateKey(file: string, certificateFile?: string, lang: Lang = "fr"): SigningKey {
  const pem = readText(file, "ERR_KEY");
  const certificates = certificateFile === undefined ? undefined : readText(certificateFile, "ERR_KEY");
  const key = readSigningKey(pem, file, certificates, certificateFile);
  // Windows has no such bits: Node shows every file as readable by all there.
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    process.stderr.write(`! ${file}: ${OPEN_KEY[lang]}\n`);
  }
  return key;
}

/** Names given on the command line that go into something signed. Throws SuiteError ERR_USAGE. */
export function demandNames(...names: readonly string[]): void {
  for (const name of names) {
    if (name.trim() !== "" && name.length <= 1000) continue;
    throw new SuiteError("ERR_USAGE", "the name is not one that can be signed", {
      where: JSON.stringify(name.slice(0, 100)),
      mend: "give a text of 1 to 1,000 characters",
    });
  }
}

const OPEN_KEY = {
  fr: "d'autres que vous peuvent lire cette clé privée (chmod 600 la protège)",
  en: "others than you can read this private key (chmod 600 protects it)",
} as const;

function readText(file: string, code: "ERR_CONFIG" | "ERR_KEY"): string {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (!facts?.isFile() || facts.size > MAX_FILE) {
    const what = facts?.isFile() ? "the file is too large" : "there is no such file";
    throw new SuiteError(code, what, { where: file, mend: "Correct the path." });
  }
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new SuiteError(code, "the file cannot be read", { where: file, mend: "Check who may read it.", cause });
  }
}

class Builder {
  readonly problems: Problem[] = [];
  private readonly yaml: YamlFile;
  private readonly folder: string;

  constructor(yaml: YamlFile, folder: string) {
    this.yaml = yaml;
    this.folder = folder;
  }

  build(): Trust {
    const { candidates = [], agencies = [] } = this.yaml.value as Written;
    const trust: Trust = {
      candidates: candidates.flatMap((one, index) => this.candidate(one, ["candidates", index]) ?? []),
      agencies: agencies.flatMap((one, index) => this.agency(one, ["agencies", index]) ?? []),
    };
    if (this.problems.length === 0) this.oneOwner(trust);
    return trust;
  }

  private candidate(written: WrittenCandidate, at: Path): TrustedCandidate | null {
    const { vendor, product, subject, revoked } = written;
    const given = (["key", "keyFile", "ca", "caFile"] as const).filter((name) => written[name] !== undefined);
    const validity = this.validity(written, at);
    const [only] = given;
    if (only === undefined || given.length > 1) {
      this.wrong(
        at,
        only === undefined ? "the candidate has neither key nor authority" : "the candidate has several keys",
        'Give one of "key", "keyFile", "ca" and "caFile"; a second key is a second entry.',
      );
      return null;
    }
    const base = { vendor, ...(product === undefined ? {} : { product }), ...validity };
    const pem = this.pem(written[only] ?? "", only, at);
    if (pem === null) return null;
    if (only === "key" || only === "keyFile") {
      if (subject !== undefined) {
        this.wrong([...at, "subject"], '"subject" stands without "ca"', "Remove it: it describes a certificate.");
      }
      if (revoked !== undefined) {
        this.wrong([...at, "revoked"], '"revoked" stands without "ca"', "Remove it: it describes a certificate.");
      }
      const key = this.publicKey(pem, [...at, only]);
      return key && { ...base, key };
    }
    const ca = this.authority(pem, [...at, only]);
    if (ca && subject === undefined) {
      this.wrong(
        [...at, only],
        '"ca" stands without "subject"',
        'Add "subject", such as CN=Exemple: else whoever this authority certified could sign for the candidate.',
      );
    }
    for (const [index, { on }] of (revoked ?? []).entries()) {
      this.validity(on === undefined ? {} : { from: on }, [...at, "revoked", index]);
    }
    return (
      ca && {
        ...base,
        ca,
        ...(subject === undefined ? {} : { subject }),
        ...(revoked === undefined ? {} : { revoked }),
      }
    );
  }

  private agency(written: WrittenAgency, at: Path): TrustedAgency | null {
    const { name, roles } = written;
    const validity = this.validity(written, at);
    const given = (["key", "keyFile"] as const).filter((one) => written[one] !== undefined);
    const [only] = given;
    if (only === undefined || given.length > 1) {
      this.wrong(
        at,
        only === undefined ? "the agency has no key" : "the agency has two keys",
        'Give one of "key" and "keyFile"; a second key is a second entry.',
      );
      return null;
    }
    const pem = this.pem(written[only] ?? "", only, at);
    const key = pem === null ? null : this.publicKey(pem, [...at, only]);
    if (!key) return null;
    if (roles.includes("label") && key.algorithm !== "ecdsa-p256") {
      this.wrong(
        [...at, only],
        "a key that signs labels is not ECDSA on P-256",
        "Give an ECDSA P-256 key (`segur keys --for agency`), or take the role `label` away.",
      );
      return null;
    }
    return { name, key, roles, ...validity };
  }

  /** Key or certificate text, in place or in the file named; null when it is no use (said). */
  private pem(written: string, member: "key" | "keyFile" | "ca" | "caFile", at: Path): string | null {
    let text = written;
    if (member === "keyFile" || member === "caFile") {
      const file = path.resolve(this.folder, written);
      const facts = statSync(file, { throwIfNoEntry: false });
      try {
        if (!facts?.isFile() || facts.size > MAX_FILE) throw new Error("no plain file of a sensible size");
        text = readFileSync(file, "utf8");
      } catch {
        this.wrong([...at, member], `the file "${written}" cannot be read`, "Correct the path, relative to this file.");
        return null;
      }
    }
    if (!text.includes("PRIVATE KEY-----")) return text;
    this.wrong(
      [...at, member],
      "a private key stands where a public one is expected",
      "Give the public key. If others saw this one, make a new pair: it is no longer secret.",
    );
    return null;
  }

  private publicKey(pem: string, at: Path): PublicKey | null {
    if (pem.includes("-----BEGIN CERTIFICATE-----")) {
      this.wrong(
        at,
        "a certificate stands where a public key is expected",
        "Give its key (openssl x509 -in CERT -noout -pubkey), or name its authority under `ca`.",
      );
      return null;
    }
    if ((pem.match(/-----BEGIN /g) ?? []).length > 1) {
      this.wrong(at, "there is more than one key", "Give one; a second key is a second entry.");
      return null;
    }
    try {
      return readSigner(pem, "").key;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.reason === "signer_algorithm") {
        this.wrong(at, "the key is neither Ed25519 nor ECDSA on P-256", "Give a key of one of these two kinds.");
      } else {
        this.wrong(
          at,
          "this is not a public key",
          "Give it in PEM (-----BEGIN PUBLIC KEY-----), as `segur keys` does.",
        );
      }
      return null;
    }
  }

  private authority(pem: string, at: Path): X509Certificate | null {
    if ((pem.match(/-----BEGIN /g) ?? []).length > 1) {
      this.wrong(at, "there is more than one certificate", "Give that of the authority alone.");
      return null;
    }
    try {
      const certificate = new X509Certificate(pem);
      if (certificate.ca) return certificate;
      this.wrong(
        at,
        "the certificate is not that of an authority",
        "Give the certificate of the authority that issued it, or the key itself under `key`.",
      );
    } catch {
      this.wrong(at, "this is not a certificate", "Give it in PEM (-----BEGIN CERTIFICATE-----).");
    }
    return null;
  }

  private validity({ from, until }: Validity, at: Path): Validity {
    for (const [name, day] of [
      ["from", from],
      ["until", until],
    ] as const) {
      if (day !== undefined && !isDay(day)) {
        this.wrong([...at, name], `"${day}" is not a day`, "Write a day of the calendar, such as 2026-11-21.");
      }
    }
    if (from !== undefined && until !== undefined && from > until) {
      this.wrong([...at, "until"], `"until" is before "from"`, "Exchange the two, or correct one.");
    }
    return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
  }

  /** A key speaks for one: under two names nobody could say who signed, and a vendor must not sign as the agency. */
  private oneOwner(trust: Trust): void {
    const owner = new Map<string, string>();
    for (const [index, { key, name }] of trust.agencies.entries()) {
      const known = owner.get(key.keyid);
      if (known !== undefined && known !== name) {
        this.wrong(["agencies", index], "the same key stands for two agencies", "Give each agency a key of its own.");
      }
      owner.set(key.keyid, name);
    }
    for (const [index, { key }] of trust.candidates.entries()) {
      if (key && owner.has(key.keyid)) {
        this.wrong(
          ["candidates", index],
          "the same key stands for a candidate and for an agency",
          "Give each a key of its own: a vendor must not be able to sign as the agency.",
        );
      }
    }
  }

  private wrong(at: Path, what: string, mend: string): void {
    this.problems.push({ what, where: this.yaml.where(at), mend });
  }
}
