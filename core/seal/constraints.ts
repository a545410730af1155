/**
 * What certificates say of their own use, beyond what `X509Certificate` of node:crypto tells: path length, key usage, extensions that
 * whoever does not understand them must stop at (RFC 5280, sections 4.2 and 6.1). Read by @peculiar/x509, loaded at first use only:
 * most signers show a key without a certificate.
 */
import type { X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import type * as X509 from "@peculiar/x509";

const require = createRequire(import.meta.url);

/** Those whose sense is looked at here or by node:crypto, and those that ask nothing of a chain: names of the subject, policies, uses. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  "2.5.29.15", // keyUsage
  "2.5.29.19", // basicConstraints
  "2.5.29.17", // subjectAltName
  "2.5.29.32", // certificatePolicies
  "2.5.29.37", // extKeyUsage
]);

export interface Constraint {
  readonly what: "path" | "usage" | "critical";
  readonly certificate: X509Certificate;
}

/**
 * The first thing that forbids the use made of a chain, leaf first; null = nothing. `path`: an authority has more authorities below it
 * than it allows. `usage`: the leaf is not for signing documents. `critical`: an extension that must be understood, and is not here, or
 * cannot be read.
 */
export function constraintOf(chain: readonly X509Certificate[]): Constraint | null {
  let between = 0;
  for (const [index, certificate] of chain.entries()) {
    const said = readConstraints(certificate);
    if (!said) return { what: "critical", certificate };
    if (index === 0) {
      if (!said.signsDocuments) return { what: "usage", certificate };
      continue;
    }
    if (said.pathLength !== null && between > said.pathLength) return { what: "path", certificate };
    // One that an authority issued to itself, to change its key, does not count.
    if (certificate.subject !== certificate.issuer) between += 1;
  }
  return null;
}

interface Said {
  /** Null = any number. */
  readonly pathLength: number | null;
  readonly signsDocuments: boolean;
}

/** Null when it holds a critical extension that is not understood, or cannot be read. */
function readConstraints({ raw }: X509Certificate): Said | null {
  // The library registers its parts by decorators, which need this first.
  require("reflect-metadata");
  const x509 = require("@peculiar/x509") as typeof X509;
  try {
    const certificate = new x509.X509Certificate(raw);
    if (certificate.extensions.some(({ type, critical }) => critical && !UNDERSTOOD.has(type))) return null;
    const usages = certificate.getExtension(x509.KeyUsagesExtension)?.usages ?? null;
    const signing = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation;
    return {
      pathLength: certificate.getExtension(x509.BasicConstraintsExtension)?.pathLength ?? null,
      signsDocuments: usages === null || (usages & signing) !== 0,
    };
  } catch {
    return null;
  }
}
