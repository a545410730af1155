/**
 * Makes certificates: keys by node:crypto (fast, in the thread pool), X.509 by @peculiar/x509, PKCS#12 by node-forge.
 * Both libraries are imported at first use only: a start with a PKI already on disk does not pay for them.
 */
import { generateKeyPair, type KeyObject, randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { promisify } from "node:util";

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly keyPem: string;
}

/** A distinguished name, in the order it is encoded: one attribute per RDN. */
export type DistinguishedName = readonly (readonly [type: "C" | "ST" | "O" | "OU" | "CN", value: string])[];

export type KeyUse = "root" | "intermediate" | "tls-server" | "tls-client" | "sign";

export interface CertificateRequest {
  readonly subject: DistinguishedName;
  readonly keys: KeyPair;
  readonly use: KeyUse;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** DNS names and IP addresses of the subject alternative name; none when empty. */
  readonly names?: readonly string[];
}

export interface Issuer {
  readonly certPem: string;
  readonly keys: KeyPair;
}

/** Certificate policy of IGC-Santé test certificates (domain notes other-services.md, section 5, E1). */
const TEST_POLICY = "1.2.250.1.213.1.7.2.1.1.1.1";
/** Private extension of IGC-Santé; its octet has the high bit set on test certificates (same source). */
export const CARD_TYPE_EXTENSION = "1.2.250.1.71.1.2.5";
export const TEST_CARD_TYPE = 0x83;

const EKU = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  emailProtection: "1.3.6.1.5.5.7.3.4",
} as const;

const SIGNING = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

export async function makeKeys(): Promise<KeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { privateKey, publicKey, keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

async function x509(): Promise<typeof import("@peculiar/x509")> {
  await import("reflect-metadata"); // @peculiar/x509 throws at import without it, and does not declare it
  return import("@peculiar/x509");
}

async function signingKey(keys: KeyPair): Promise<webcrypto.CryptoKey> {
  const der = keys.privateKey.export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, SIGNING, false, ["sign"]);
}

async function verifyingKey(keys: KeyPair): Promise<webcrypto.CryptoKey> {
  const der = keys.publicKey.export({ type: "spki", format: "der" });
  return webcrypto.subtle.importKey("spki", der, SIGNING, true, ["verify"]);
}

/** PEM of a new certificate, signed by `issuer`, or by itself when `issuer` is null (a root). */
export async function issueCertificate(request: CertificateRequest, issuer: Issuer | null): Promise<string> {
  const lib = await x509();
  const publicKey = await verifyingKey(request.keys);
  const parent = issuer ? new lib.X509Certificate(issuer.certPem) : null;
  const issuerPublic = issuer ? await verifyingKey(issuer.keys) : publicKey;
  const authority = request.use === "root" || request.use === "intermediate";
  const flags = lib.KeyUsageFlags;
  const usage = authority
    ? flags.keyCertSign | flags.cRLSign
    : request.use === "sign"
      ? flags.digitalSignature | flags.nonRepudiation
      : flags.digitalSignature | flags.keyEncipherment;
  const extensions: InstanceType<typeof lib.Extension>[] = [
    new lib.BasicConstraintsExtension(authority, request.use === "intermediate" ? 0 : undefined, true),
    new lib.KeyUsagesExtension(usage, true),
    await lib.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
    await lib.AuthorityKeyIdentifierExtension.create(issuerPublic, false, webcrypto),
  ];
  if (!authority) {
    extensions.push(
      new lib.ExtendedKeyUsageExtension(extendedUsage(request.use)),
      new lib.CertificatePolicyExtension([TEST_POLICY]),
      new lib.Extension(CARD_TYPE_EXTENSION, false, Uint8Array.of(0x04, 0x01, TEST_CARD_TYPE)),
    );
  }
  if (request.names && request.names.length > 0) {
    extensions.push(
      new lib.SubjectAlternativeNameExtension(
        request.names.map((value) => ({ type: isIP(value) > 0 ? ("ip" as const) : ("dns" as const), value })),
      ),
    );
  }
  const subject = nameOf(lib, request.subject);
  const certificate = await lib.X509CertificateGenerator.create(
    {
      serialNumber: serial(),
      subject,
      issuer: parent ? parent.subjectName : subject,
      notBefore: request.notBefore,
      notAfter: request.notAfter,
      signingAlgorithm: SIGNING,
      publicKey,
      signingKey: await signingKey(issuer ? issuer.keys : request.keys),
      extensions,
    },
    webcrypto,
  );
  return `${certificate.toString("pem")}\n`;
}

/** PEM of a revocation list of `issuer` that names the serial numbers (hexadecimal). */
export async function issueCrl(
  issuer: Issuer,
  serials: readonly string[],
  now: Date,
  nextUpdate: Date,
): Promise<string> {
  const lib = await x509();
  const crl = await lib.X509CrlGenerator.create(
    {
      issuer: new lib.X509Certificate(issuer.certPem).subject,
      thisUpdate: now,
      nextUpdate,
      signingAlgorithm: SIGNING,
      signingKey: await signingKey(issuer.keys),
      entries: serials.map((serialNumber) => ({ serialNumber, revocationDate: now })),
    },
    webcrypto,
  );
  // The library writes "BEGIN CRL"; OpenSSL and RFC 7468 want "BEGIN X509 CRL".
  const lines =
    Buffer.from(crl.rawData)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN X509 CRL-----\n${lines.join("\n")}\n-----END X509 CRL-----\n`;
}

/** PKCS#12 of a key and its chain. 3DES: the one cipher that Windows, Java, OpenSSL 3 and node all read. */
export async function makePkcs12(keyPem: string, chainPem: readonly string[], name: string, password: string) {
  const forge = (await import("node-forge")).default;
  const bags = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(keyPem),
    chainPem.map((pem) => forge.pki.certificateFromPem(pem)),
    password,
    { algorithm: "3des", friendlyName: name },
  );
  return Buffer.from(forge.asn1.toDer(bags).getBytes(), "latin1");
}

/** ORG table of other-services.md section 5: SSL = serverAuth + clientAuth, AUTH_CLI = clientAuth, SIGN = emailProtection. */
function extendedUsage(use: KeyUse): string[] {
  if (use === "tls-server") return [EKU.serverAuth, EKU.clientAuth];
  return use === "tls-client" ? [EKU.clientAuth] : [EKU.emailProtection];
}

function nameOf(lib: typeof import("@peculiar/x509"), name: DistinguishedName) {
  return new lib.Name(name.map(([type, value]) => ({ [type]: [value] })));
}

/** 16 random octets, first one kept under 0x80 and over 0 so that DER needs neither padding nor stripping. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}
