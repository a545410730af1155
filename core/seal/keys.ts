/**
 * Signing keys: Ed25519 or ECDSA on P-256, alone or with an X.509 certificate chain. Nothing else signs here: a short closed
 * list is what a verifier can audit, and both are read by openssl and by in-toto's own libraries.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
  X509Certificate,
} from "node:crypto";
import { SuiteError } from "../model/index.js";
import { Refusal } from "./refusal.js";

export type KeyAlgorithm = "ed25519" | "ecdsa-p256";

export interface PublicKey {
  /** SHA-256 of the SubjectPublicKeyInfo (DER), in hexadecimal. */
  readonly keyid: string;
  readonly algorithm: KeyAlgorithm;
  readonly key: KeyObject;
  /** The key alone, SubjectPublicKeyInfo in PEM. */
  readonly pem: string;
}

export interface SigningKey extends PublicKey {
  readonly privateKey: KeyObject;
  /** Certificates that present the key, leaf first; empty = a bare key. */
  readonly certificates: readonly X509Certificate[];
}

/** What a signer shows of itself: a bare key, or a chain whose leaf holds it. */
export interface Signer {
  readonly key: PublicKey;
  readonly certificates: readonly X509Certificate[];
}

/** Longest PEM text read from outside; a chain of ten certificates fits many times. */
const MAX_PEM = 200_000;
const MAX_CHAIN = 10;

/** A fresh pair, as PEM texts (PKCS#8 and SubjectPublicKeyInfo). */
export function generateKeyPem(algorithm: KeyAlgorithm): {
  readonly privatePem: string;
  readonly publicPem: string;
  readonly keyid: string;
} {
  const { privateKey, publicKey } =
    algorithm === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    keyid: keyidOf(publicKey),
  };
}

/** SHA-256 over the SubjectPublicKeyInfo, in hexadecimal. */
export function keyidOf(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
}

/** The algorithm of a key, or null when it is none of ours (RSA, P-384, Ed448…). */
export function algorithmOf(key: KeyObject): KeyAlgorithm | null {
  if (key.asymmetricKeyType === "ed25519") return "ed25519";
  if (key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1") return "ecdsa-p256";
  return null;
}

function publicKeyFrom(key: KeyObject): PublicKey | null {
  const algorithm = algorithmOf(key);
  if (algorithm === null) return null;
  const pem = key.export({ type: "spki", format: "pem" }).toString();
  return { keyid: keyidOf(key), algorithm, key, pem };
}

/**
 * The user's own signing key. `pem`: PKCS#8 (or SEC1) text, not encrypted. `certificatePem`: chain, leaf first.
 * `where` and `certificateWhere`: the files, for messages. Throws SuiteError ERR_KEY.
 */
export function readSigningKey(
  pem: string,
  where: string,
  certificatePem?: string,
  certificateWhere = where,
): SigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch (cause) {
    const encrypted = /ENCRYPTED/.test(pem);
    throw new SuiteError("ERR_KEY", encrypted ? "the private key is encrypted" : "this is not a private key", {
      where,
      mend: encrypted
        ? "decrypt it first: openssl pkey -in KEY -out PLAIN"
        : "give a private key in PEM; `segur keys` makes one",
      cause,
    });
  }
  const own = publicKeyFrom(createPublicKey(privateKey));
  if (!own) {
    throw new SuiteError("ERR_KEY", "the key is neither Ed25519 nor ECDSA on P-256", {
      where,
      mend: "give a key of one of these two kinds; `segur keys` makes one",
    });
  }
  const certificates = certificatePem === undefined ? [] : readCertificates(certificatePem);
  const leafKey = certificates?.[0] && keyOfCertificate(certificates[0]);
  if (certificates === null || (certificatePem !== undefined && !leafKey)) {
    throw new SuiteError("ERR_KEY", "this is not a certificate", {
      where: certificateWhere,
      mend: "give certificates in PEM, the one of the key first",
    });
  }
  if (leafKey && keyidOf(leafKey) !== own.keyid) {
    throw new SuiteError("ERR_KEY", "the certificate is not that of the key", {
      where: certificateWhere,
      mend: "give the certificate issued for this key, as the first of the file",
    });
  }
  return { ...own, privateKey, certificates };
}

/** What a signing key shows to others: its chain in PEM, or the bare public key. */
export function signerPem(key: SigningKey): string {
  return key.certificates.length > 0 ? key.certificates.map((one) => one.toString()).join("") : key.pem;
}

/**
 * One public key, or one chain and nothing else, from foreign text: beside a second key, two readers could see two signers.
 * Throws Refusal `signer_unreadable` or `signer_algorithm`.
 */
export function readSigner(pem: string, where: string): Signer {
  if (pem.length > MAX_PEM) throw new Refusal("signer_unreadable", where);
  const certificates = readCertificates(pem);
  const [leaf] = certificates ?? [];
  const blocks = pem.match(/-----BEGIN /g)?.length;
  if (certificates === null || blocks !== (leaf ? certificates.length : 1)) {
    throw new Refusal("signer_unreadable", where);
  }
  const found = leaf ? keyOfCertificate(leaf) : readPublicKey(pem, where);
  if (!found) throw new Refusal("signer_unreadable", where);
  const key = publicKeyFrom(found);
  if (!key) throw new Refusal("signer_algorithm", where);
  return { key, certificates };
}

function readPublicKey(pem: string, where: string): KeyObject {
  // A private key shown as a public one would be read too: nobody may publish one here without noticing.
  if (!/^-----BEGIN PUBLIC KEY-----/m.test(pem)) throw new Refusal("signer_unreadable", where);
  try {
    return createPublicKey(pem);
  } catch {
    throw new Refusal("signer_unreadable", where);
  }
}

/** Null when the library cannot make a key of what the certificate holds. */
function keyOfCertificate(certificate: X509Certificate): KeyObject | null {
  try {
    return certificate.publicKey;
  } catch {
    return null;
  }
}

/** Certificates of a PEM text in their order; null when one of them cannot be read, or there are too many. */
function readCertificates(pem: string): X509Certificate[] | null {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  // A damaged block in the middle would otherwise be passed over, and another certificate taken for the issuer.
  const begun = pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  if (blocks.length !== begun || blocks.length > MAX_CHAIN) return null;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

/** Ed25519 over the bytes; ECDSA with SHA-256, the signature in DER (RFC 3279 section 2.2.3). */
export function signBytes(bytes: Uint8Array, key: SigningKey): Buffer {
  return sign(key.algorithm === "ed25519" ? null : "sha256", bytes, key.privateKey);
}

export function verifyBytes(bytes: Uint8Array, signature: Uint8Array, key: PublicKey): boolean {
  try {
    return verify(key.algorithm === "ed25519" ? null : "sha256", bytes, key.key, signature);
  } catch {
    return false;
  }
}
