/** A small certificate authority for tests: chains around our signing keys, with dates of one's choice. */
import "reflect-metadata";
import { createPublicKey, generateKeyPairSync, type KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

export interface CertificateShape {
  /** Distinguished name, such as `CN=Éditeur fictif, O=Exemple`; or its parts one by one, for names nobody would type. */
  readonly subject: string | x509.JsonName;
  /** Public key in PEM (Ed25519 or P-256). */
  readonly publicPem: string;
  readonly from?: string;
  readonly until?: string;
  /** BasicConstraints CA:TRUE. */
  readonly ca?: boolean;
  /** KeyUsage keyCertSign; as `ca` says when it is left out. */
  readonly signsCertificates?: boolean;
  /** BasicConstraints pathLenConstraint. */
  readonly pathLength?: number;
  /** `encipher`: for keys, not for documents. */
  readonly use?: "sign" | "encipher";
  /** Has an extension that whoever does not know it must stop at. */
  readonly critical?: boolean;
  /** In hexadecimal. */
  readonly serial?: string;
  /** Name of the issuer written in it, where that is not the name of who signs. */
  readonly issuer?: string;
}

/** An authority has a plain name, and makes its own keys. */
export type AuthorityShape = Omit<CertificateShape, "publicPem" | "subject"> & { readonly subject: string };

export interface Authority {
  readonly subject: string;
  /** Its own certificate, PEM with a final line feed. */
  readonly pem: string;
  /** Its certificate and those of the authorities above it, the root left out. */
  readonly chain: string;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
  /** PEM of a certificate it signs (ECDSA with SHA-256). */
  issue(shape: CertificateShape): Promise<string>;
  /** An authority below it; `ca: false` makes one that may not issue, and issues all the same. */
  below(shape: AuthorityShape): Promise<Authority>;
}

/** A root. Without dates: 2020 to 2090. */
export async function certificateAuthority(shape: AuthorityShape): Promise<Authority> {
  const keys = freshKeys();
  const pem = await certificate({ ca: true, ...shape, publicPem: keys.publicPem }, shape.subject, keys.privateKey);
  return authority(shape.subject, pem, keys, "");
}

interface Keys {
  readonly privateKey: KeyObject;
  readonly publicPem: string;
}

function freshKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey, publicPem: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

function authority(subject: string, pem: string, keys: Keys, chain: string): Authority {
  return {
    subject,
    pem,
    chain,
    ...keys,
    issue: (shape) => certificate(shape, subject, keys.privateKey),
    async below(shape) {
      const own = freshKeys();
      const full = { ca: true, ...shape, publicPem: own.publicPem };
      const made = await certificate(full, subject, keys.privateKey);
      return authority(shape.subject, made, own, made + chain);
    },
  };
}

let serial = 0;

async function certificate(shape: CertificateShape, issuer: string, issuerKey: KeyObject): Promise<string> {
  const { subject, publicPem, from = "2020-01-01T00:00:00Z", until = "2090-01-01T00:00:00Z", ca = false } = shape;
  const signsCertificates = shape.signsCertificates ?? ca;
  const pkcs8 = issuerKey.export({ type: "pkcs8", format: "der" });
  const signingKey = await webcrypto.subtle.importKey("pkcs8", pkcs8, P256, false, ["sign"]);
  const flags = x509.KeyUsageFlags;
  const own = shape.use === "encipher" ? flags.keyEncipherment : flags.digitalSignature;
  serial += 1;
  const made = await x509.X509CertificateGenerator.create(
    {
      serialNumber: shape.serial ?? serial.toString(16).padStart(16, "1"),
      subject,
      issuer: shape.issuer ?? issuer,
      notBefore: new Date(from),
      notAfter: new Date(until),
      signingAlgorithm: P256,
      publicKey: new x509.PublicKey(createPublicKey(publicPem).export({ type: "spki", format: "der" })),
      signingKey,
      extensions: [
        new x509.BasicConstraintsExtension(ca, shape.pathLength, true),
        new x509.KeyUsagesExtension(signsCertificates ? flags.keyCertSign | flags.cRLSign : own, true),
        ...(shape.critical ? [new x509.Extension("1.3.6.1.4.1.99999.1", true, new Uint8Array([5, 0]))] : []),
      ],
    },
    webcrypto,
  );
  return `${made.toString("pem")}\n`;
}
