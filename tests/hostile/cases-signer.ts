/** Signatures by the wrong one, of the wrong kind, over the wrong thing. */
import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { signEnvelope } from "../../core/seal/envelope.js";
import { readSigningKey, type SigningKey } from "../../core/seal/keys.js";
import type { Trust, TrustedCandidate } from "../../core/seal/trust.js";
import { pae } from "../../core/seal/envelope.js";
import { type HostileCase, refused } from "./case.js";
import { type Authority, authority, certificate, certified } from "./certificates.js";
import { ATTESTATION_TYPE, Forgery, type Loose, signatureOf } from "./forge.js";
import { CANDIDATE, keyPair } from "../support/bundle.js";
import {
  type Authority as ChainAuthority,
  certificateAuthority,
  type CertificateShape,
} from "../support/certificates.js";
import type { Stage } from "./stage.js";

/** The trust of the stage with other candidates. */
function trusting(...candidates: readonly TrustedCandidate[]): (stage: Stage) => Trust {
  return (stage) => ({ ...stage.trust, candidates });
}

let known: Promise<{ readonly trusted: Authority; readonly foreign: Authority }> | undefined;

/** An authority that a verifier trusts, and another of the same name that it does not. */
function authorities(): NonNullable<typeof known> {
  known ??= Promise.all([authority("AC fictive"), authority("AC fictive")]).then(([trusted, foreign]) => ({
    trusted,
    foreign,
  }));
  return known;
}

/** Sealed with a certificate; the verifier trusts the authority for the candidate named `CN=Editeur fictif`. */
function certifiedCase(
  facts: Pick<HostileCase, "id" | "what" | "expected">,
  make: (known: { trusted: Authority; foreign: Authority }) => Promise<SigningKey>,
): HostileCase {
  return {
    ...facts,
    trust: async (stage) => {
      const ca = new X509Certificate((await authorities()).trusted.pem);
      return trusting({ vendor: CANDIDATE.vendor, ca, subject: "CN=Editeur fictif" })(stage);
    },
    build: async (stage) => new Forgery(stage).seal({ key: await make(await authorities()) }),
  };
}

/**
 * Sealed with a certificate of the shape given, by the trusted authority or one below it. `below`: the last of the authorities between;
 * null = none.
 */
function chainCase(
  facts: Pick<HostileCase, "id" | "what" | "expected">,
  below: ((root: ChainAuthority) => Promise<ChainAuthority>) | null,
  shape: Partial<CertificateShape> = {},
  revoked?: NonNullable<TrustedCandidate["revoked"]>,
): HostileCase {
  let root: Promise<ChainAuthority> | undefined;
  const trusted = (): Promise<ChainAuthority> => (root ??= certificateAuthority({ subject: "CN=AC fictive" }));
  return {
    ...facts,
    trust: async (stage) => {
      const ca = new X509Certificate((await trusted()).pem);
      const entry = { vendor: CANDIDATE.vendor, ca, subject: "CN=Editeur fictif" };
      return trusting(revoked ? { ...entry, revoked } : entry)(stage);
    },
    build: async (stage) => {
      const key = keyPair("ecdsa-p256");
      const issuer = below ? await below(await trusted()) : await trusted();
      const leaf = await issuer.issue({ subject: "CN=Editeur fictif", publicPem: key.pem, ...shape });
      const chain = leaf + (below ? issuer.chain : "");
      const pem = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      return new Forgery(stage).seal({ key: readSigningKey(pem, "key", chain) });
    },
  };
}

/** Sealed by a key of an algorithm that signs nothing here. */
function algorithmCase(
  id: string,
  what: string,
  make: () => { publicKey: KeyObject; privateKey: KeyObject },
): HostileCase {
  return {
    id,
    what,
    expected: refused("signer_algorithm"),
    build: (stage) => {
      const { publicKey, privateKey } = make();
      const digest = privateKey.asymmetricKeyType === "ed448" ? null : "sha256";
      return new Forgery(stage).seal({
        signer: publicKey.export({ type: "spki", format: "pem" }).toString(),
        envelope: (envelope) => {
          const signed = pae(ATTESTATION_TYPE, Buffer.from(String(envelope.payload), "base64"));
          envelope.signatures = [{ sig: sign(digest, signed, privateKey).toString("base64") }];
        },
      });
    },
  };
}

export const SIGNER_CASES: readonly HostileCase[] = [
  {
    id: "unknown-key",
    what: "sealed again, evidence untouched, by a key that nobody trusts",
    expected: refused("signer_not_trusted"),
    build: (stage) => new Forgery(stage).seal({ key: stage.nobody }),
  },
  {
    id: "key-of-another",
    what: "sealed by a key that is trusted for another vendor",
    expected: refused("signer_of_another"),
    trust: (stage) =>
      trusting({ vendor: CANDIDATE.vendor, key: stage.vendor }, { vendor: "Autre éditeur", key: stage.nobody })(stage),
    build: (stage) => new Forgery(stage).seal({ key: stage.nobody }),
  },
  {
    id: "key-of-another-product",
    what: "sealed by a key that is trusted for another product of the same vendor",
    expected: refused("signer_of_another"),
    trust: (stage) => trusting({ vendor: CANDIDATE.vendor, product: "Autre logiciel", key: stage.vendor })(stage),
    build: ({ good }) => good.bytes,
  },
  {
    id: "key-of-the-agency",
    what: "sealed by a key that the agency trusts for challenges and labels, not for candidates",
    expected: refused("signer_not_trusted"),
    build: (stage) => new Forgery(stage).seal({ key: stage.agency }),
  },
  {
    id: "key-before-its-dates",
    what: "signed by a key trusted only from a later day on",
    expected: refused("signer_out_of_dates"),
    trust: (stage) => trusting({ vendor: CANDIDATE.vendor, key: stage.vendor, from: "2099-01-01" })(stage),
    build: ({ good }) => good.bytes,
  },
  {
    id: "key-after-its-dates",
    what: "signed by a key that was trusted until an earlier day",
    expected: refused("signer_out_of_dates"),
    trust: (stage) => trusting({ vendor: CANDIDATE.vendor, key: stage.vendor, until: "2020-12-31" })(stage),
    build: ({ good }) => good.bytes,
  },
  certifiedCase(
    {
      id: "certificate-not-yet-valid",
      what: "signed with a certificate that begins to be valid after the run",
      expected: refused("certificate_not_yet_valid"),
    },
    ({ trusted }) => certified(trusted, { name: "Editeur fictif", from: "2099-01-01" }),
  ),
  certifiedCase(
    {
      id: "certificate-expired",
      what: "signed with a certificate that had expired before the run",
      expected: refused("certificate_expired"),
    },
    ({ trusted }) => certified(trusted, { name: "Editeur fictif", to: "2021-01-01" }),
  ),
  certifiedCase(
    {
      id: "certificate-of-another",
      what: "signed with a good certificate of the trusted authority, issued to another vendor",
      expected: refused("certificate_not_trusted"),
    },
    ({ trusted }) => certified(trusted, { name: "Autre editeur" }),
  ),
  certifiedCase(
    {
      id: "certificate-of-another-authority",
      what: "signed with a certificate by another authority of the same name",
      expected: refused("certificate_not_trusted"),
    },
    ({ foreign }) => certified(foreign, { name: "Editeur fictif" }),
  ),
  certifiedCase(
    {
      id: "certificate-self-signed",
      what: "signed with a certificate that its holder made, under the trusted names",
      expected: refused("certificate_not_trusted"),
    },
    async () => {
      const own = keyPair("ecdsa-p256");
      const pem = await certificate(own, { name: "Editeur fictif" }, null);
      return readSigningKey(own.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "key", pem);
    },
  ),
  certifiedCase(
    {
      id: "certificate-with-borrowed-chain",
      what: "a certificate of nobody, followed by the certificate of the trusted authority that did not issue it",
      expected: refused("certificate_chain"),
    },
    async ({ trusted, foreign }) => certified(foreign, { name: "Editeur fictif" }, trusted.pem),
  ),
  certifiedCase(
    {
      id: "certificate-issued-by-a-vendor",
      what: "a vendor's own certificate used as if it were an authority's",
      expected: refused("certificate_chain"),
    },
    async ({ trusted }) => {
      const other = await certified(trusted, { name: "Autre editeur" });
      const pem = other.certificates[0]?.toString() ?? "";
      return certified({ key: other, name: "Autre editeur", pem }, { name: "Editeur fictif" }, pem);
    },
  ),
  chainCase(
    {
      id: "certificate-below-too-many",
      what: "signed with a certificate by an authority that the trusted one does not allow below the one between them",
      expected: refused("certificate_use"),
    },
    async (root) => (await root.below({ subject: "CN=AC sans AC", pathLength: 0 })).below({ subject: "CN=AC de trop" }),
  ),
  chainCase(
    {
      id: "certificate-not-for-signing",
      what: "signed with a certificate of the vendor that is for ciphering keys only",
      expected: refused("certificate_use"),
    },
    null,
    { use: "encipher" },
  ),
  chainCase(
    {
      id: "certificate-with-a-condition",
      what: "signed with a certificate that has a critical extension nobody here understands",
      expected: refused("certificate_use"),
    },
    null,
    { critical: true },
  ),
  chainCase(
    {
      id: "certificate-revoked",
      what: "signed with a certificate that the trust file says was revoked before the run",
      expected: refused("certificate_revoked"),
    },
    null,
    { serial: "0a1b" },
    [{ serial: "0A:1B", on: "2026-01-01" }],
  ),
  {
    id: "certificate-where-a-key-is-trusted",
    what: "the trusted key's name on a certificate, sealed by another key",
    expected: refused("signer_not_trusted"),
    build: async (stage) =>
      new Forgery(stage).seal({ key: await certified((await authorities()).trusted, { name: VENDOR_ASCII }) }),
  },
  algorithmCase("signed-rsa", "signed by an RSA key", () => generateKeyPairSync("rsa", { modulusLength: 2048 })),
  algorithmCase("signed-p384", "signed by an ECDSA key on P-384", () =>
    generateKeyPairSync("ec", { namedCurve: "P-384" }),
  ),
  algorithmCase("signed-secp256k1", "signed by a key on the other 256-bit curve", () =>
    generateKeyPairSync("ec", { namedCurve: "secp256k1" }),
  ),
  algorithmCase("signed-ed448", "signed by an Ed448 key", () => generateKeyPairSync("ed448")),
  {
    id: "signer-private-key",
    what: "a private key shown as signer",
    expected: refused("signer_unreadable"),
    build: (stage) =>
      new Forgery(stage).seal({
        signer: keyPair().privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      }),
  },
  {
    id: "signer-no-key",
    what: "a signer that is no key",
    expected: refused("signer_unreadable"),
    build: (stage) =>
      new Forgery(stage).seal({ signer: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" }),
  },
  {
    id: "signer-long-chain",
    what: "a chain of 1,000 certificates",
    expected: refused("signer_unreadable"),
    build: async (stage) =>
      new Forgery(stage).seal({ signer: (await authorities()).trusted.pem.repeat(1000).slice(0, 190_000) }),
  },
  {
    id: "no-signature",
    what: "an envelope without any signature",
    expected: refused("envelope_signatures"),
    build: (stage) => new Forgery(stage).seal({ envelope: (envelope) => (envelope.signatures = []) }),
  },
  {
    id: "many-signatures",
    what: "an envelope with 10,000 signatures",
    expected: refused("envelope_signatures"),
    build: (stage) =>
      new Forgery(stage).seal({
        envelope: (envelope) => (envelope.signatures = new Array(10_000).fill(envelope.signatures[0])),
      }),
  },
  {
    id: "signature-of-another-bundle",
    what: "the signature of another bundle by the same vendor",
    expected: refused("signature_invalid"),
    build: (stage) =>
      new Forgery(stage).seal({
        envelope: (envelope) => {
          const other = JSON.parse(Buffer.from(stage.other.files.get("attestation.dsse.json") ?? []).toString("utf8"));
          envelope.signatures = other.signatures;
        },
      }),
  },
  {
    id: "signature-of-another-key",
    what: "signed by nobody's key under the key id of the vendor",
    expected: refused("signature_invalid"),
    build: (stage) =>
      new Forgery(stage).seal({
        envelope: (envelope) => {
          const payload = Buffer.from(String(envelope.payload), "base64");
          const { sig } = signatureOf(ATTESTATION_TYPE, payload, stage.nobody);
          envelope.signatures = [{ keyid: stage.vendor.keyid, sig }];
        },
      }),
  },
  {
    id: "signature-without-type",
    what: "the vendor's signature over the payload alone, as a scheme without pre-authentication encoding makes it",
    expected: refused("signature_invalid"),
    build: (stage) =>
      new Forgery(stage).seal({
        envelope: (envelope) => {
          const payload = Buffer.from(String(envelope.payload), "base64");
          envelope.signatures = [{ sig: sign(null, payload, stage.vendor.privateKey).toString("base64") }];
        },
      }),
  },
  {
    id: "payload-edited",
    what: "the statement edited inside the envelope",
    expected: refused("signature_invalid"),
    build: (stage) =>
      new Forgery(stage).seal({
        envelope: (envelope) => {
          const text = Buffer.from(String(envelope.payload), "base64").toString("utf8");
          envelope.payload = Buffer.from(text.replace('"failedTests"', '"failedtests"')).toString("base64");
        },
      }),
  },
  {
    id: "label-as-attestation",
    what: "a label envelope signed by the vendor's key in place of the attestation",
    expected: refused("envelope_type"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) =>
          files.set("attestation.dsse.json", Buffer.from(signEnvelope("label", Buffer.from("{}"), stage.vendor))),
      }),
  },
  {
    id: "type-renamed",
    what: "the same label envelope with the payload type of an attestation written over its own",
    expected: refused("signature_invalid"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) => {
          const label = JSON.parse(signEnvelope("label", Buffer.from("{}"), stage.vendor));
          label.payloadType = ATTESTATION_TYPE;
          files.set("attestation.dsse.json", Buffer.from(JSON.stringify(label)));
        },
      }),
  },
  {
    id: "envelope-no-json",
    what: "an attestation that is not JSON",
    expected: refused("envelope_unreadable"),
    build: (stage) =>
      new Forgery(stage).seal({ after: (files) => files.set("attestation.dsse.json", Buffer.from("PASSED")) }),
  },
  {
    id: "envelope-proto",
    what: "an envelope whose members stand in __proto__",
    expected: refused("envelope_unreadable"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) => {
          const text = Buffer.from(files.get("attestation.dsse.json") ?? []).toString("utf8");
          files.set("attestation.dsse.json", Buffer.from(`{"__proto__":${text}}`));
        },
      }),
  },
  {
    id: "payload-no-json",
    what: "a well signed payload that is not JSON",
    expected: refused("envelope_payload"),
    build: (stage) =>
      new Forgery(stage).seal({
        envelope: (envelope) => {
          const payload = Buffer.from("PASSED");
          envelope.payload = payload.toString("base64");
          envelope.signatures = [signatureOf(ATTESTATION_TYPE, payload, stage.vendor)];
        },
      }),
  },
  {
    id: "statement-of-another-bundle",
    what: "the attestation of another bundle, whole and well signed",
    expected: refused("attestation_subject"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) =>
          files.set("attestation.dsse.json", stage.other.files.get("attestation.dsse.json") ?? Buffer.from("")),
      }),
  },
  {
    id: "statement-other-digest",
    what: "a statement about another digest, well signed",
    expected: refused("attestation_subject"),
    build: (stage) =>
      new Forgery(stage).seal({
        statement: (statement) =>
          (statement.subject[0].digest = { sha256: createHash("sha256").update("other").digest("hex") }),
      }),
  },
  {
    id: "statement-weaker-digest",
    what: "a statement that names the manifest by SHA-1 only",
    expected: refused("attestation_subject"),
    build: (stage) =>
      new Forgery(stage).seal({
        statement: (statement) => (statement.subject[0].digest = { sha1: "da39a3ee5e6b4b0d3255bfef95601890afd80709" }),
      }),
  },
  {
    id: "statement-two-subjects",
    what: "a statement about the manifest and about something else",
    expected: refused("attestation_payload"),
    build: (stage) =>
      new Forgery(stage).seal({
        statement: (statement) => statement.subject.push({ name: "product.exe", digest: { sha256: "0".repeat(64) } }),
      }),
  },
  {
    id: "statement-other-predicate",
    what: "a statement of another predicate (build provenance)",
    expected: refused("attestation_payload"),
    build: (stage) =>
      new Forgery(stage).seal({
        statement: (statement) => (statement.predicateType = "https://slsa.dev/provenance/v1"),
      }),
  },
  {
    id: "statement-no-object",
    what: "a statement that is a list",
    expected: refused("attestation_payload"),
    build: (stage) =>
      new Forgery(stage).seal({
        envelope: (envelope) => {
          const payload = Buffer.from("[]");
          envelope.payload = payload.toString("base64");
          envelope.signatures = [signatureOf(ATTESTATION_TYPE, payload, stage.vendor)];
        },
      }),
  },
  {
    id: "statement-says-passed",
    what: "a signed statement that says PASSED over a result that did not pass",
    expected: refused("attestation_result"),
    build: (stage) =>
      new Forgery(stage)
        .result((result) => (result.gate.checks = "breach"))
        .seal({ statement: (statement) => (statement.predicate.result = "PASSED") }),
  },
  {
    id: "statement-drops-failed",
    what: "a failed check left out of the signed statement",
    expected: refused("attestation_result"),
    build: (stage) =>
      new Forgery(stage)
        .result((result) => {
          const check = result.checks.find((one: Loose) => one.outcome === "met" && one.planned);
          check.outcome = "breached";
        })
        .seal({ statement: (statement) => (statement.predicate.failedTests = []) }),
  },
];

/** Names in the certificates of these tests are plain ASCII. */
const VENDOR_ASCII = "Projet de demonstration";
