import { createPublicKey, verify } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import {
  MAX_ENVELOPE,
  PAYLOAD_TYPES,
  pae,
  parseEnvelope,
  type PayloadKind,
  payloadJson,
  signedBy,
  signEnvelope,
} from "../../../core/seal/envelope.js";
import { readSigner, signBytes } from "../../../core/seal/keys.js";
import { keyPair, refusalOf } from "../../support/bundle.js";

const PAYLOAD = Buffer.from('{"a":1}\n');

interface Loose {
  payload: unknown;
  payloadType: unknown;
  signatures: unknown;
}

/** A signed attestation, its members changed. */
function envelopeOf(change: Partial<Loose>, key = keyPair()): Buffer {
  const envelope = JSON.parse(signEnvelope("attestation", PAYLOAD, key)) as Loose;
  return Buffer.from(JSON.stringify({ ...envelope, ...change }));
}

const reasonOf = async (bytes: Uint8Array, kind: PayloadKind = "attestation"): Promise<string> =>
  (await refusalOf(() => parseEnvelope(bytes, kind, "x.dsse.json"))).reason;

describe("seal: DSSE, vectors of others", () => {
  // secure-systems-lab/dsse, protocol.md (1.0.0), "Test Vectors".
  it("encodes and verifies the vector of the protocol: ECDSA P-256, r and s one after the other", () => {
    const body = Buffer.from("hello world");
    const encoded = pae("http://example.com/HelloWorld", body);
    expect(encoded.toString()).to.equal("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    const coordinate = (decimal: string): string =>
      Buffer.from(BigInt(decimal).toString(16).padStart(64, "0"), "hex").toString("base64url");
    const key = createPublicKey({
      format: "jwk",
      key: {
        kty: "EC",
        crv: "P-256",
        x: coordinate("46950820868899156662930047687818585632848591499744589407958293238635476079160"),
        y: coordinate("5640078356564379163099075877009565129882514886557779369047442380624545832820"),
      },
    });
    const sig = "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==";
    const raw = Buffer.from(sig, "base64");
    expect(verify("sha256", encoded, { key, dsaEncoding: "ieee-p1363" }, raw)).to.equal(true);
    // The same two numbers in DER, as we write and read them.
    const integer = (bytes: Buffer): Buffer => {
      const positive = (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
      return Buffer.concat([Buffer.from([0x02, positive.length]), positive]);
    };
    const numbers = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
    const der = Buffer.concat([Buffer.from([0x30, numbers.length]), numbers]);
    const signer = readSigner(key.export({ type: "spki", format: "pem" }).toString(), "x.pem");
    const envelope = {
      payloadType: "http://example.com/HelloWorld",
      payload: body,
      signatures: [{ keyid: "", sig: der }],
    };
    expect(signedBy(envelope, [signer.key])).to.equal(signer.key);
    expect(signedBy({ ...envelope, payload: Buffer.from("hello World") }, [signer.key])).to.equal(null);
    expect(signedBy({ ...envelope, payloadType: "http://example.com/Helloworld" }, [signer.key])).to.equal(null);
    expect(signedBy({ ...envelope, signatures: [{ keyid: "", sig: raw }] }, [signer.key])).to.equal(null);
  });

  // secure-systems-lab/dsse, testvectors/vectors.json: key A is TEST 1 of RFC 8032 section 7.1.
  const spki = "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  const keyA = readSigner(
    createPublicKey({ key: Buffer.from(spki, "hex"), format: "der", type: "spki" })
      .export({ type: "spki", format: "pem" })
      .toString(),
    "x.pem",
  ).key;
  const vector = (payloadType: string, payload: string, sig: string): Buffer =>
    Buffer.from(JSON.stringify({ payload, payloadType, signatures: [{ keyid: "A", sig }] }));
  const STATEMENT = "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==";
  const SINGLE = "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==";

  it("verifies the vectors single-signature, url-safe-base64 and empty-payload", () => {
    const vectors = [
      [STATEMENT, SINGLE],
      ["-_-_Pj8=", "P-_KHICeR7tI6S_YyejJTRtrXhcQyQ2LYPaL8h90KjC9qN8HU_svOQ6TuDOT1HIrsGW886DbWNWcCmX5twLrAw=="],
      ["", "gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg=="],
    ] as const;
    for (const [payload, sig] of vectors) {
      const envelope = parseEnvelope(vector("application/vnd.in-toto+json", payload, sig), "attestation", "v");
      expect(signedBy(envelope, [keyPair(), keyA]), payload).to.equal(keyA);
    }
  });

  it("rejects payload-type-swapped and empty-payload-type, and counts bytes of a type, not characters", async () => {
    expect(await reasonOf(vector("application/vnd.example.other+json", STATEMENT, SINGLE))).to.equal("envelope_type");
    expect(await reasonOf(vector("", STATEMENT, SINGLE))).to.equal("envelope_type");
    expect(pae("application/vnd.exämple+json", Buffer.alloc(0)).toString()).to.match(/^DSSEv1 29 /);
  });
});

describe("seal: envelopes", () => {
  it("reads what it wrote, for every kind, and one kind is never another", async () => {
    const key = keyPair("ecdsa-p256");
    const kinds = Object.keys(PAYLOAD_TYPES) as PayloadKind[];
    for (const kind of kinds) {
      const bytes = Buffer.from(signEnvelope(kind, PAYLOAD, key));
      const envelope = parseEnvelope(bytes, kind, "x");
      expect(signedBy(envelope, [key])).to.equal(key);
      expect(payloadJson(envelope, "x")).to.deep.equal({ a: 1 });
      for (const other of kinds.filter((one) => one !== kind)) {
        expect(await reasonOf(bytes, other)).to.equal("envelope_type");
        // Signed for one kind and presented as another: the type is part of what is signed.
        const passed = Buffer.from(bytes.toString().replace(PAYLOAD_TYPES[kind], PAYLOAD_TYPES[other]));
        expect(signedBy(parseEnvelope(passed, other, "x"), [key])).to.equal(null);
      }
    }
  });

  it("writes the same text for the same Ed25519 key, one line", () => {
    const key = keyPair();
    expect(signEnvelope("label", PAYLOAD, key)).to.equal(signEnvelope("label", PAYLOAD, key));
    expect(signEnvelope("label", PAYLOAD, key)).to.match(/^[^\n]+\n$/);
  });

  it("accepts either alphabet, with and without padding; refuses left-over bits and anything else", async () => {
    const text = Buffer.from([0xfb, 0xff, 0xbf, 0x3e, 0x3f]);
    for (const payload of ["+/+/Pj8=", "-_-_Pj8=", "+/+/Pj8", "-_-_Pj8"]) {
      expect(Buffer.from(parseEnvelope(envelopeOf({ payload }), "attestation", "x").payload).equals(text)).to.equal(
        true,
      );
    }
    for (const payload of ["+/+/Pj9=", "A", "AA=A", "AAAA===", "AA AA", "AAAA\n", "é"]) {
      expect(await reasonOf(envelopeOf({ payload })), payload).to.equal("envelope_unreadable");
    }
  });

  it("finds the signature that holds among several, whatever their key ids say", () => {
    const [a, b, c] = [keyPair(), keyPair("ecdsa-p256"), keyPair()];
    const signed = pae(PAYLOAD_TYPES.attestation, PAYLOAD);
    const sig = (key: typeof a): string => signBytes(signed, key).toString("base64");
    // The hints are swapped, one is missing, one signature is rubbish.
    const signatures = [{ keyid: b.keyid, sig: "AAAA" }, { keyid: b.keyid, sig: sig(a) }, { sig: sig(b) }];
    const envelope = parseEnvelope(envelopeOf({ signatures }), "attestation", "x");
    expect(signedBy(envelope, [a])).to.equal(a);
    expect(signedBy(envelope, [c, b])).to.equal(b);
    expect(signedBy(envelope, [c])).to.equal(null);
    expect(signedBy(envelope, [])).to.equal(null);
  });

  it("refuses an envelope without signature, or with more than sixteen", async () => {
    const signature = { sig: "AAAA" };
    expect(await reasonOf(envelopeOf({ signatures: [] }))).to.equal("envelope_signatures");
    expect(await reasonOf(envelopeOf({ signatures: Array(17).fill(signature) }))).to.equal("envelope_signatures");
    const most = envelopeOf({ signatures: Array(16).fill(signature) });
    expect(parseEnvelope(most, "attestation", "x").signatures).to.have.length(16);
  });

  it("refuses every other shape as unreadable, naming the file", async () => {
    const shapes: readonly Uint8Array[] = [
      Buffer.from(""),
      Buffer.from("[]"),
      Buffer.from("null"),
      Buffer.from('"text"'),
      Buffer.from("{"),
      Buffer.from("[".repeat(500_000)),
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      Buffer.from('{"__proto__":{"payload":"AAAA","payloadType":"x","signatures":[]}}'),
      envelopeOf({ payload: 1 }),
      envelopeOf({ payloadType: null }),
      envelopeOf({ signatures: { length: 1 } }),
      envelopeOf({ signatures: [null] }),
      envelopeOf({ signatures: [{ sig: 1 }] }),
      envelopeOf({ signatures: [{ sig: "?" }] }),
      envelopeOf({ signatures: [{ sig: "AAAA", keyid: 1 }] }),
      Buffer.concat([envelopeOf({}), Buffer.alloc(MAX_ENVELOPE, " ")]),
    ];
    for (const [index, bytes] of shapes.entries()) {
      const refusal = await refusalOf(() => parseEnvelope(bytes, "attestation", "x.dsse.json"));
      expect([refusal.reason, refusal.where], String(index)).to.deep.equal(["envelope_unreadable", "x.dsse.json"]);
    }
  });

  it("refuses a payload that is no JSON", async () => {
    for (const payload of [
      "",
      Buffer.from("{").toString("base64"),
      Buffer.from([0x22, 0xff, 0x22]).toString("base64"),
    ]) {
      const envelope = parseEnvelope(envelopeOf({ payload }), "attestation", "x");
      expect((await refusalOf(() => payloadJson(envelope, "x"))).reason).to.equal("envelope_payload");
    }
  });

  it("ends in an envelope or a refusal for any JSON", () => {
    const anything = fc.record({ payload: fc.jsonValue(), payloadType: fc.jsonValue(), signatures: fc.jsonValue() });
    fc.assert(
      fc.property(fc.oneof(anything, fc.jsonValue()), (value) => {
        try {
          parseEnvelope(Buffer.from(JSON.stringify(value)), "attestation", "x");
        } catch (error) {
          expect(error).to.have.property("name", "Refusal");
        }
      }),
    );
  });
});
