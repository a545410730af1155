/**
 * Certificates that a service or a vendor should not accept, for fault scenarios and tests
 * (list of domain notes other-services.md, section 5). Nothing is kept on disk.
 */
import { randomBytes, X509Certificate } from "node:crypto";
import { type DistinguishedName, type Issuer, issueCertificate, issueCrl, type KeyUse, makeKeys } from "./issue.js";
import { ensureAuthority, INTERMEDIATE_DN, lifetime, ORGANISATION_DN, ROOT_DN, subjectOf } from "./pki.js";

export type VariantKind =
  | "expired"
  | "not-yet-valid"
  | "revoked"
  | "foreign-authority"
  | "wrong-common-name"
  | "wrong-organisation-unit"
  | "wrong-usage"
  | "missing-intermediate";

export interface Variant {
  readonly keyPem: string;
  /** Leaf, then intermediate unless it is missing on purpose. */
  readonly certPem: string;
  /** `revoked` only: lists of root and intermediate (both, as OpenSSL checks the whole chain). */
  readonly crlPem: string | null;
}

const DAY = 86_400_000;

/**
 * A certificate of the PKI in `folder` with one thing wrong, otherwise as the `auth` role (`tls-client`) or the
 * `server` role (`tls-server`, SAN localhost, 127.0.0.1, ::1 and `names`).
 */
export async function makeVariant(
  folder: string,
  kind: VariantKind,
  options: { use?: "tls-client" | "tls-server"; names?: readonly string[] } = {},
): Promise<Variant> {
  const use = options.use ?? "tls-client";
  const authority = await ensureAuthority(folder);
  const [keys, issuer] = await Promise.all([
    makeKeys(),
    kind === "foreign-authority" ? foreignIntermediate() : authority.intermediate,
  ]);
  const leaf = await issueCertificate(
    {
      subject: subject(kind, use),
      keys,
      use: kind === "wrong-usage" ? otherUse(use) : use,
      names: use === "tls-server" ? ["localhost", "127.0.0.1", "::1", ...(options.names ?? [])] : [],
      ...validity(kind),
    },
    issuer,
  );
  return {
    keyPem: keys.keyPem,
    certPem: kind === "missing-intermediate" ? leaf : leaf + issuer.certPem,
    crlPem: kind === "revoked" ? await revocationLists(authority.root, authority.intermediate, leaf) : null,
  };
}

/** Same names as ours, other keys: only the signature tells them apart. */
async function foreignIntermediate(): Promise<Issuer> {
  const keys = await makeKeys(); // one pair serves the whole foreign chain: making RSA keys is slow
  const life = lifetime(365);
  const rootPem = await issueCertificate({ subject: ROOT_DN, keys, use: "root", ...life }, null);
  const certPem = await issueCertificate(
    { subject: INTERMEDIATE_DN, keys, use: "intermediate", ...life },
    { certPem: rootPem, keys },
  );
  return { certPem, keys };
}

function subject(kind: VariantKind, use: KeyUse): DistinguishedName {
  if (kind === "wrong-common-name") return subjectOf(`other-${randomBytes(4).toString("hex")}.invalid`);
  const cn = use === "tls-server" ? "localhost" : "SEGUR-TEST-AUTH-CLI";
  if (kind !== "wrong-organisation-unit") return subjectOf(cn);
  return [...ORGANISATION_DN.filter(([type]) => type !== "OU"), ["OU", "400000000000000"], ["CN", cn]];
}

function otherUse(use: "tls-client" | "tls-server"): KeyUse {
  return use === "tls-client" ? "sign" : "tls-client";
}

function validity(kind: VariantKind): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  if (kind === "expired") return { notBefore: new Date(now - 400 * DAY), notAfter: new Date(now - 2 * DAY) };
  if (kind === "not-yet-valid") return { notBefore: new Date(now + 2 * DAY), notAfter: new Date(now + 400 * DAY) };
  return lifetime(365);
}

async function revocationLists(root: Issuer, intermediate: Issuer, leafPem: string): Promise<string> {
  const now = new Date(Date.now() - 3_600_000);
  const next = new Date(Date.now() + 7 * DAY);
  const serial = new X509Certificate(leafPem).serialNumber;
  const lists = await Promise.all([issueCrl(intermediate, [serial], now, next), issueCrl(root, [], now, next)]);
  return lists.join("");
}
