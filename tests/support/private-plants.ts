/**
 * Everything that the privacy gate seeks, made up for tests: nobody's, though nothing in it says so. Keys are made anew each
 * time; nothing here was ever used.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { hasLuhnKey } from "../../protocols/rpps-number.js";
import { nirKey } from "../../protocols/ins.js";
import { makeKeys, makePkcs12 } from "../../services/pki/issue.js";
import { certificateAuthority } from "./certificates.js";

export const INS = `1850478006084${nirKey("1850478006084") ?? ""}`;
/** Begins as the numbers of the national directory do. */
export const RPPS = withLuhn("1099999999");

/** The digits and the key that makes them an RPPS. */
export function withLuhn(digits: string): string {
  return Array.from({ length: 10 }, (_, key) => `${digits}${key}`).find(hasLuhnKey) ?? digits;
}

export interface Plant {
  readonly name: string;
  readonly kind: "ins" | "rpps" | "token" | "key";
  readonly form: string;
  readonly bytes: Buffer;
  /** `text`: ASCII of one line or several; `bytes`: stands in files and attachments only. */
  readonly is: "text" | "bytes";
  /** What it is worth in an exchange; in a proof it always blocks. */
  readonly inExchange: "blocks" | "told" | null;
}

/** Base64url of random bytes: a token that says nothing. */
export function opaque(bytes = 32): string {
  return `a1B2${randomBytes(bytes).toString("base64url").replace(/[-_]/g, "x")}`;
}

export function jwt(claims: object, header: object = {}): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", typ: "JWT", ...header })}.${part(claims)}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

/** A signed assertion, as far as its outside tells; `certificate`: DER. */
export function assertion(certificate: Buffer | null): string {
  const signature = certificate
    ? `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue>${opaque(120)}</ds:SignatureValue>` +
      `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate.toString("base64")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`
    : "";
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomBytes(8).toString("hex")}" Version="2.0">` +
    `<saml:Issuer>CN=EXEMPLE,O=ORGANISATION,C=FR</saml:Issuer>${signature}</saml:Assertion>`
  );
}

/** A certificate with the private extension of IGC-Santé (`0x03` production, `0x83` test), or without it (null). */
export async function cardCertificate(cardType: number | null): Promise<Buffer> {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const authority = await certificateAuthority({ subject: "CN=AC fictive" });
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const pem = await authority.issue({ subject: "CN=EXEMPLE", publicPem });
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  return cardType === null ? der : withExtension(der, cardType);
}

/** The extension put at the head of the others; nobody verifies the signature. */
function withExtension(der: Buffer, cardType: number): Buffer {
  // OID 1.2.250.1.71.1.2.5, and an OCTET STRING that holds an OCTET STRING of one.
  const extension = Buffer.from([0x30, 0x0f, 0x06, 0x08, ...OID_CARD_TYPE, 0x04, 0x03, 0x04, 0x01, cardType]);
  const wrap = (tag: number, content: Buffer): Buffer => {
    const length =
      content.length < 0x80
        ? [content.length]
        : content.length < 0x100
          ? [0x81, content.length]
          : [0x82, content.length >> 8, content.length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...length]), content]);
  };
  const content = (at: number): { from: number; to: number } => {
    const first = der[at + 1] ?? 0;
    const octets = first < 0x80 ? 0 : first - 0x80;
    const from = at + 2 + octets;
    return { from, to: from + (octets === 0 ? first : der.readUIntBE(at + 2, octets)) };
  };
  const whole = content(0);
  const tbs = content(whole.from);
  let at = tbs.from;
  while (der[at] !== 0xa3) at = content(at).to;
  const list = content(content(at).from);
  const extensions = wrap(0xa3, wrap(0x30, Buffer.concat([extension, der.subarray(list.from, list.to)])));
  const body = wrap(0x30, Buffer.concat([der.subarray(tbs.from, at), extensions]));
  return wrap(0x30, Buffer.concat([body, der.subarray(tbs.to, whole.to)]));
}

const OID_CARD_TYPE = [0x2a, 0x81, 0x7a, 0x01, 0x47, 0x01, 0x02, 0x05];

/** A Java key store with one private key, or one trusted certificate. */
export function javaKeyStore(tag: 1 | 2): Buffer {
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const utf = (text: string): Buffer => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
  const content = randomBytes(300);
  const blob = tag === 1 ? [u32(content.length), content, u32(0)] : [utf("X.509"), u32(content.length), content];
  return Buffer.concat([
    u32(0xfeedfeed),
    u32(2),
    u32(1),
    u32(tag),
    utf("alias"),
    Buffer.alloc(8),
    ...blob,
    randomBytes(20),
  ]);
}

export async function makePlants(): Promise<Plant[]> {
  const text = (
    name: string,
    kind: Plant["kind"],
    form: string,
    content: string,
    inExchange: Plant["inExchange"] = "blocks",
  ): Plant => ({ name, kind, form, bytes: Buffer.from(content), is: "text", inExchange });
  const bytes = (name: string, form: string, content: Buffer): Plant => {
    return { name, kind: "key", form, bytes: content, is: "bytes", inExchange: "blocks" };
  };
  const armour = (label: string, content: Buffer, head = ""): string =>
    `-----BEGIN ${label}-----\n${head}${content.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END ${label}-----`;
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const ed = generateKeyPairSync("ed25519").privateKey;
  const locked = { cipher: "aes-256-cbc", passphrase: "fictif" } as const;
  const openssh = Buffer.concat([Buffer.from("openssh-key-v1\0"), randomBytes(200)]);
  const national = {
    iss: "https://auth.esante.gouv.fr/auth/realms/esante-wallet",
    sub: "f:exemple",
    exp: 1_790_000_120,
  };
  const { keyPem } = await makeKeys();
  const production = await cardCertificate(0x03);
  const chain = [await pemOfSelf(keyPem)];
  return [
    text("INS", "ins", "ins", INS),
    text("RPPS", "rpps", "bare", RPPS),
    text("national id with RPPS", "rpps", "idnat", `8${RPPS}`),
    text("structure with RPPS", "rpps", "structure", `4${RPPS}001`),
    text("employee of a practice", "rpps", "employee", `6${RPPS}/AGENT1`),
    text("JWT of a national host", "token", "jwt", jwt(national)),
    text("JWT of nobody", "token", "jwt", jwt({ sub: "somebody" }), "told"),
    text("JWE", "token", "jwe", jwe(), "told"),
    text("bearer token", "token", "bearer", `Bearer ${opaque()}`, "told"),
    text("access token", "token", "access_token", `access_token=${opaque()}`, "told"),
    text("refresh token", "token", "refresh_token", `refresh_token: ${opaque(48)}`, "told"),
    text("assertion of a real card", "token", "saml", assertion(production)),
    text("assertion of another authority", "token", "saml", assertion(await cardCertificate(null)), "told"),
    text(
      "Basic credentials",
      "token",
      "basic",
      `Basic ${Buffer.from(`client:${opaque(12)}`).toString("base64")}`,
      null,
    ),
    text("password in an address", "token", "password", `https://lgc:${opaque(8)}@base.exemple.fr/`, "told"),
    text("client secret", "token", "client_secret", `client_secret=${opaque(16)}`, null),
    text("cloud key", "token", "api_key", `AKIA${"QRSTUVWXYZ234567"}`),
    text("forge key", "token", "api_key", `ghp_${opaque(40).replace(/\W/g, "").slice(0, 36)}`),
    text(
      "key of the directory",
      "token",
      "named_api_key",
      "ESANTE-API-KEY: 5b0c1a2d-3e4f-4a5b-8c6d-7e8f90a1b2c3",
      "told",
    ),
    text("PKCS#8", "key", "pem", rsa.export({ type: "pkcs8", format: "pem" }).toString()),
    text("PKCS#8, encrypted", "key", "pem", rsa.export({ type: "pkcs8", format: "pem", ...locked }).toString()),
    text("PKCS#1", "key", "pem", rsa.export({ type: "pkcs1", format: "pem" }).toString()),
    text("PKCS#1, encrypted", "key", "pem", rsa.export({ type: "pkcs1", format: "pem", ...locked }).toString()),
    text("SEC 1", "key", "pem", ec.export({ type: "sec1", format: "pem" }).toString()),
    text("Ed25519", "key", "pem", ed.export({ type: "pkcs8", format: "pem" }).toString()),
    text("OpenSSH", "key", "pem", armour("OPENSSH PRIVATE KEY", openssh)),
    text("PGP block", "key", "pgp", armour("PGP PRIVATE KEY BLOCK", randomBytes(400), "Version: 1\n\n")),
    text(
      "PuTTY",
      "key",
      "putty",
      `PuTTY-User-Key-File-3: ssh-ed25519\nPublic-Lines: 1\n${opaque()}\nPrivate-Lines: 1\n${opaque()}\n`,
    ),
    text("JWK of RSA", "key", "jwk", JSON.stringify(rsa.export({ format: "jwk" }))),
    text("JWK of EC", "key", "jwk", JSON.stringify(ec.export({ format: "jwk" }))),
    text("JWK of OKP", "key", "jwk", JSON.stringify(ed.export({ format: "jwk" }))),
    text("JWK of a secret", "key", "jwk", JSON.stringify({ kty: "oct", k: opaque() })),
    bytes("PKCS#8 in DER", "pkcs8", rsa.export({ type: "pkcs8", format: "der" })),
    bytes("Ed25519 in DER", "pkcs8", ed.export({ type: "pkcs8", format: "der" })),
    bytes("encrypted PKCS#8 in DER", "encrypted-pkcs8", ec.export({ type: "pkcs8", format: "der", ...locked })),
    bytes("PKCS#1 in DER", "pkcs1", rsa.export({ type: "pkcs1", format: "der" })),
    bytes("SEC 1 in DER", "sec1", ec.export({ type: "sec1", format: "der" })),
    bytes("PKCS#12", "pkcs12", Buffer.from(await makePkcs12(keyPem, chain, "exemple", "fictif"))),
    bytes("Java key store", "jks", javaKeyStore(1)),
  ];
}

function jwe(): string {
  const head = Buffer.from(JSON.stringify({ alg: "RSA-OAEP-256", enc: "A256GCM" })).toString("base64url");
  return [head, opaque(64), opaque(12), opaque(64), opaque(16)].join(".");
}

async function pemOfSelf(keyPem: string): Promise<string> {
  const { issueCertificate } = await import("../../services/pki/issue.js");
  const privateKey = createPrivateKey(keyPem);
  return issueCertificate(
    {
      subject: [["CN", "EXEMPLE"]],
      keys: { privateKey, publicKey: createPublicKey(privateKey), keyPem },
      use: "root",
      notBefore: new Date("2026-01-01T00:00:00Z"),
      notAfter: new Date("2036-01-01T00:00:00Z"),
    },
    null,
  );
}
