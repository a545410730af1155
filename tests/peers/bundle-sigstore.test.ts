/** The attestation, verified by a DSSE and in-toto verifier of another house: the Sigstore clients that npm itself uses. */
import { createPublicKey } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";
import { expect } from "chai";
import { NAMES } from "../../core/seal/bundle/manifest.js";
import { PAYLOAD_TYPES, signEnvelope } from "../../core/seal/envelope.js";
import type { SigningKey } from "../../core/seal/keys.js";
import { jsonOf, keyPair, seal, unpack } from "../support/bundle.js";

interface DsseEnvelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Null when their verifier accepts the envelope for the key; else the code of its error. */
function theirs(envelope: DsseEnvelope, key: SigningKey): string | null {
  const publicKey = createPublicKey(key.pem);
  const trust = toTrustMaterial(NOBODY, () => ({ publicKey, validFor: () => true }));
  // A key is trusted by itself here: no transparency log, no timestamp authority.
  const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
  const bundle = bundleFromJSON({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: key.keyid }, tlogEntries: [], timestampVerificationData: undefined },
    dsseEnvelope: envelope,
  });
  try {
    verifier.verify(toSignedEntity(bundle));
    return null;
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
}

/** Sigstore's own roots: none. */
const NOBODY: Parameters<typeof toTrustMaterial>[0] = {
  mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  certificateAuthorities: [],
  timestampAuthorities: [],
  tlogs: [],
  ctlogs: [],
};

describe("peers: the attestation and Sigstore's verifier", () => {
  for (const algorithm of ["ed25519", "ecdsa-p256"] as const) {
    it(`accepts it for its ${algorithm} key, and for no other key, payload or type`, async () => {
      const key = keyPair(algorithm);
      const envelope = jsonOf(await unpack(await seal({ key })), NAMES.attestation) as DsseEnvelope;
      expect(theirs(envelope, key)).to.equal(null);
      const statement = Buffer.from(envelope.payload, "base64").toString("utf8");
      const payload = Buffer.from(statement.replace('"failedTests":[', '"failedTests":["x"')).toString("base64");
      expect(payload).to.not.equal(envelope.payload);
      expect(theirs({ ...envelope, payload }, key)).to.equal("SIGNATURE_ERROR");
      expect(theirs({ ...envelope, payloadType: PAYLOAD_TYPES.label }, key)).to.equal("SIGNATURE_ERROR");
      expect(theirs(envelope, keyPair(algorithm))).to.equal("SIGNATURE_ERROR");
    });
  }

  it("accepts every other kind of statement we sign", () => {
    const key = keyPair("ecdsa-p256");
    for (const kind of Object.keys(PAYLOAD_TYPES) as (keyof typeof PAYLOAD_TYPES)[]) {
      const envelope = JSON.parse(signEnvelope(kind, Buffer.from('{"é":1}\n'), key)) as DsseEnvelope;
      expect(theirs(envelope, key), kind).to.equal(null);
    }
  });
});
