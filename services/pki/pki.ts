/**
 * Test PKI with the look of IGC-Santé: root, intermediate "élémentaire organisations", then organisation and server
 * certificates. Same DN layout, private extension and key usages as domain notes other-services.md section 5, under an
 * organisation name that nobody can take for the real one. Private keys stay in the state folder, mode 0600.
 */
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { type PkiEntry, type PkiMaterial, type PkiRole, SuiteError } from "../../core/model/index.js";
import { type DistinguishedName, type Issuer, issueCertificate, type KeyUse, makeKeys, makePkcs12 } from "./issue.js";
import { type ShelfFile, shelf } from "./shelf.js";

/** Protects nothing: the material is fictitious. Many tools refuse a PKCS#12 without a password. */
export const P12_PASSWORD = "segur-test";

const DAY = 86_400_000;
const AUTHORITY_OU: DistinguishedName = [
  ["C", "FR"],
  ["O", "SEGUR BANC DE TEST FICTIF"],
  ["OU", "0002 000000000"],
  ["OU", "IGC-SANTE TEST"],
];
export const ROOT_DN: DistinguishedName = [...AUTHORITY_OU, ["CN", "TEST AC RACINE IGC-SANTE ELEMENTAIRE"]];
export const INTERMEDIATE_DN: DistinguishedName = [
  ...AUTHORITY_OU,
  ["CN", "TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS"],
];
/** The fictitious practice of fixtures/identities/professionals.yaml; OU is its Struct_IdNat. */
export const ORGANISATION_DN: DistinguishedName = [
  ["C", "FR"],
  ["ST", "Paris (75)"],
  ["O", "CABINET DE DEMONSTRATION"],
  ["OU", "499900000011001"],
];

interface RoleSpec {
  readonly cn: string;
  readonly use: KeyUse;
  readonly days: number;
}
const ORGANISATION_ROLES = {
  auth: { cn: "SEGUR-TEST-AUTH-CLI", use: "tls-client", days: 3 * 365 },
  sign: { cn: "SEGUR-TEST-SIGN", use: "sign", days: 3 * 365 },
  // INSi wants exactly this name (ins.md section 2.2).
  insi: { cn: "INSI-AUTO", use: "tls-client", days: 3 * 365 },
} as const satisfies Partial<Record<PkiRole, RoleSpec>>;
// 820 days: some clients refuse a server certificate that lives longer than 825.
const SERVER_ROLES = {
  server: { cn: "localhost", use: "tls-server", days: 820 },
  vendor: { cn: "localhost", use: "tls-server", days: 820 },
} as const satisfies Partial<Record<PkiRole, RoleSpec>>;

/** Root and intermediate with their keys: only this room and its variants see it. */
export interface Authority {
  readonly folder: string;
  readonly root: Issuer;
  readonly intermediate: Issuer;
}

/**
 * The PKI of the folder, made at first use. The authority and the organisation certificates stay the same as long as
 * they are valid; server certificates also follow `names` (DNS names or addresses, besides localhost, 127.0.0.1, ::1).
 * Throws SuiteError ERR_PKI when the folder cannot be used.
 */
export async function ensurePki(folder: string, options: { names?: readonly string[] } = {}): Promise<PkiMaterial> {
  try {
    const names = servedNames(options.names ?? []);
    // Started together: on a first start all keys are made at once, and certificates wait for their issuer.
    const made = ensureAuthority(folder);
    const [authority, organisation, servers] = await Promise.all([
      made,
      ensureRoles(folder, "organisation", ORGANISATION_ROLES, made, []),
      ensureRoles(folder, `servers-${digest(names)}`, SERVER_ROLES, made, names),
    ]);
    return {
      folder,
      caBundlePem: authority.root.certPem + authority.intermediate.certPem,
      caBundleFile: join(authority.folder, "ca-bundle.pem"),
      rootCerFile: join(authority.folder, "root.cer"),
      roles: { ...organisation, ...servers },
    };
  } catch (error) {
    if (error instanceof SuiteError) throw error;
    throw new SuiteError("ERR_PKI", "the test certificates cannot be made or read", {
      where: folder,
      mend: "check that the folder can be written, or delete it: it is made again at the next start",
      cause: error,
    });
  }
}

/** The certificate authority of the folder, made at first use. */
export function ensureAuthority(folder: string): Promise<Authority> {
  return shelf(folder, "authority", (place) => orNull(() => readAuthority(place)), makeAuthority);
}

async function makeAuthority(): Promise<ShelfFile[]> {
  const [rootKeys, intermediateKeys] = await Promise.all([makeKeys(), makeKeys()]);
  const life = lifetime(20 * 365);
  const rootPem = await issueCertificate({ subject: ROOT_DN, keys: rootKeys, use: "root", ...life }, null);
  const root: Issuer = { certPem: rootPem, keys: rootKeys };
  const intermediatePem = await issueCertificate(
    { subject: INTERMEDIATE_DN, keys: intermediateKeys, use: "intermediate", ...life },
    root,
  );
  return [
    { name: "root.pem", content: rootPem },
    { name: "root.cer", content: new X509Certificate(rootPem).raw },
    { name: "root.key", content: rootKeys.keyPem, secret: true },
    { name: "intermediate.pem", content: intermediatePem },
    { name: "intermediate.key", content: intermediateKeys.keyPem, secret: true },
    { name: "ca-bundle.pem", content: rootPem + intermediatePem },
  ];
}

async function readAuthority(place: string): Promise<Authority> {
  const [root, intermediate] = await Promise.all([readIssuer(place, "root"), readIssuer(place, "intermediate")]);
  verify(root.certPem, root);
  verify(intermediate.certPem, root);
  await readFile(join(place, "ca-bundle.pem"));
  return { folder: place, root, intermediate };
}

async function readIssuer(place: string, name: string): Promise<Issuer> {
  const [certPem, keyPem] = await Promise.all([
    readFile(join(place, `${name}.pem`), "utf8"),
    readFile(join(place, `${name}.key`), "utf8"),
  ]);
  const privateKey = createPrivateKey(keyPem);
  if (!new X509Certificate(certPem).checkPrivateKey(privateKey)) throw new Error(`${name}: key of another certificate`);
  return { certPem, keys: { privateKey, publicKey: createPublicKey(keyPem), keyPem } };
}

async function ensureRoles<R extends PkiRole>(
  folder: string,
  name: string,
  roles: Readonly<Record<R, RoleSpec>>,
  authority: Promise<Authority>,
  names: readonly string[],
): Promise<Record<R, PkiEntry>> {
  const list = Object.keys(roles) as R[];
  const read = async (place: string): Promise<Record<R, PkiEntry>> =>
    Object.fromEntries(
      await Promise.all(list.map(async (role) => [role, await readEntry(place, role, authority)] as const)),
    ) as Record<R, PkiEntry>;
  const make = async (): Promise<ShelfFile[]> =>
    (await Promise.all(list.map((role) => makeEntry(role, roles[role], authority, names)))).flat();
  return shelf(folder, name, (place) => orNull(() => read(place)), make);
}

async function makeEntry(
  role: string,
  spec: RoleSpec,
  made: Promise<Authority>,
  names: readonly string[],
): Promise<ShelfFile[]> {
  const keys = await makeKeys();
  const authority = await made;
  const leaf = await issueCertificate(
    { subject: subjectOf(spec.cn), keys, use: spec.use, names, ...lifetime(spec.days) },
    authority.intermediate,
  );
  const chain = [leaf, authority.intermediate.certPem];
  return [
    { name: `${role}.key`, content: keys.keyPem, secret: true },
    { name: `${role}.pem`, content: chain.join("") },
    {
      name: `${role}.p12`,
      content: await makePkcs12(keys.keyPem, [...chain, authority.root.certPem], `segur-${role}`, P12_PASSWORD),
      secret: true,
    },
  ];
}

async function readEntry(place: string, role: string, authority: Promise<Authority>): Promise<PkiEntry> {
  const keyFile = join(place, `${role}.key`);
  const certFile = join(place, `${role}.pem`);
  const p12File = join(place, `${role}.p12`);
  const [keyPem, certPem] = await Promise.all([
    readFile(keyFile, "utf8"),
    readFile(certFile, "utf8"),
    readFile(p12File),
  ]);
  verify(certPem, (await authority).intermediate);
  if (!new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem))) {
    throw new Error(`${role}: key of another certificate`);
  }
  return { keyPem, certPem, keyFile, certFile, p12File, p12Password: P12_PASSWORD };
}

/** DN of a certificate of the fictitious organisation. */
export function subjectOf(cn: string): DistinguishedName {
  return [...ORGANISATION_DN, ["CN", cn]];
}

export function lifetime(days: number): { notBefore: Date; notAfter: Date } {
  // One day in the past: a vendor's machine may be a little behind.
  return { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + days * DAY) };
}

/** Throws unless the certificate is signed by the issuer and lives at least one more day. */
function verify(certPem: string, issuer: Issuer): void {
  const certificate = new X509Certificate(certPem);
  if (!certificate.verify(issuer.keys.publicKey)) throw new Error("signed by another authority");
  if (Date.parse(certificate.validTo) < Date.now() + DAY) throw new Error("expired");
}

/** SAN entries, sorted, without duplicates: the same names in another order are the same certificate. */
function servedNames(extra: readonly string[]): string[] {
  const always = ["localhost", "127.0.0.1", "::1"];
  const further = extra.map((name) => (isIP(name) > 0 ? name : name.toLowerCase())).filter((n) => !always.includes(n));
  return [...always, ...[...new Set(further)].sort()];
}

function digest(names: readonly string[]): string {
  return createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 8);
}

/** Whatever is missing, damaged or expired reads as null, and is made again. */
async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EACCES") throw error;
    return null;
  }
}
