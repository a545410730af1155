/** Certificates as an authority for vendors would issue them, and as it would not. */
import { type KeyObject, webcrypto } from "node:crypto";
import "reflect-metadata"; // @peculiar/x509 throws at import without it, and does not declare it
import * as x509 from "@peculiar/x509";
import { readSigningKey, type SigningKey } from "../../core/seal/keys.js";
import { keyPair } from "../support/bundle.js";

export interface Authority {
  readonly key: SigningKey;
  readonly name: string;
  readonly pem: string;
}

export interface Request {
  readonly name: string;
  /** Days as `2026-11-21`. */
  readonly from?: string;
  readonly to?: string;
  readonly ca?: boolean;
}

const SIGNING = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

function imported(key: KeyObject, usage: "sign" | "verify"): Promise<webcrypto.CryptoKey> {
  const der =
    usage === "sign" ? key.export({ type: "pkcs8", format: "der" }) : key.export({ type: "spki", format: "der" });
  return webcrypto.subtle.importKey(usage === "sign" ? "pkcs8" : "spki", der, SIGNING, true, [usage]);
}

/** PEM of a certificate for a P-256 key; by the key itself when there is no authority. */
export async function certificate(key: SigningKey, request: Request, by: Authority | null): Promise<string> {
  const { name, from = "2020-01-01", to = "2100-01-01", ca = false } = request;
  const made = await x509.X509CertificateGenerator.create(
    {
      serialNumber: "01",
      subject: `CN=${name}`,
      issuer: `CN=${by?.name ?? name}`,
      notBefore: new Date(`${from}T00:00:00Z`),
      notAfter: new Date(`${to}T00:00:00Z`),
      signingAlgorithm: SIGNING,
      publicKey: await imported(key.key, "verify"),
      signingKey: await imported((by?.key ?? key).privateKey, "sign"),
      extensions: [
        new x509.BasicConstraintsExtension(ca, undefined, true),
        new x509.KeyUsagesExtension(ca ? x509.KeyUsageFlags.keyCertSign : x509.KeyUsageFlags.digitalSignature, true),
      ],
    },
    webcrypto,
  );
  return `${made.toString("pem")}\n`;
}

export async function authority(name: string, request: Partial<Request> = {}): Promise<Authority> {
  const key = keyPair("ecdsa-p256");
  return { key, name, pem: await certificate(key, { name, ca: true, ...request }, null) };
}

/** A key that shows a certificate of the authority, and what stands between, if anything. */
export async function certified(by: Authority, request: Request, between = ""): Promise<SigningKey> {
  const key = keyPair("ecdsa-p256");
  const pem = await certificate(key, request, by);
  return readSigningKey(key.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "key", pem + between);
}
