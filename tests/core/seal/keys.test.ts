import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { expect } from "chai";
import { SuiteError } from "../../../core/model/index.js";
import {
  algorithmOf,
  generateKeyPem,
  readSigner,
  readSigningKey,
  signBytes,
  signerPem,
  verifyBytes,
} from "../../../core/seal/keys.js";
import { keyPair, refusalOf } from "../../support/bundle.js";
import { certificateAuthority } from "../../support/certificates.js";

const TEXT = Buffer.from("a text to sign");

function pem(key: KeyObject): string {
  return key.export({ type: key.type === "private" ? "pkcs8" : "spki", format: "pem" }).toString();
}

/** What `readSigningKey` says against its input: its message. */
function objection(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof SuiteError && error.code === "ERR_KEY" && error.where && error.mend) return error.message;
    throw error;
  }
  return "accepted";
}

const unreadable = async (text: string): Promise<string> => (await refusalOf(() => readSigner(text, "x.pem"))).reason;

describe("seal: keys", () => {
  it("signs and verifies with both algorithms, and only what was signed by that key", () => {
    for (const algorithm of ["ed25519", "ecdsa-p256"] as const) {
      const key = keyPair(algorithm);
      const signature = signBytes(TEXT, key);
      expect(key.algorithm).to.equal(algorithm);
      expect(verifyBytes(TEXT, signature, key), algorithm).to.equal(true);
      expect(verifyBytes(Buffer.from("another text"), signature, key)).to.equal(false);
      expect(verifyBytes(TEXT, signature, keyPair(algorithm))).to.equal(false);
      for (const odd of [Buffer.alloc(0), Buffer.alloc(64), Buffer.alloc(100_000, 0x30), signature.subarray(1)]) {
        expect(verifyBytes(TEXT, odd, key)).to.equal(false);
      }
    }
  });

  it("gives Ed25519 signatures that are always the same, and ECDSA ones in DER", () => {
    const ed = keyPair();
    expect(signBytes(TEXT, ed).equals(signBytes(TEXT, ed))).to.equal(true);
    expect(signBytes(TEXT, keyPair("ecdsa-p256"))[0]).to.equal(0x30);
  });

  it("names a key by the SHA-256 of its SubjectPublicKeyInfo", () => {
    // Key of RFC 8032 section 7.1, TEST 1; the digest is sha256sum of these bytes.
    const spki = "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    const key = createPublicKey({ key: Buffer.from(spki, "hex"), format: "der", type: "spki" });
    const { keyid } = readSigner(pem(key), "x.pem").key;
    expect(keyid).to.equal("06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
  });

  it("reads PKCS#8 and SEC1 private keys", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const sec1 = privateKey.export({ type: "sec1", format: "pem" }).toString();
    expect(readSigningKey(sec1, "k").keyid).to.equal(readSigningKey(pem(privateKey), "k").keyid);
  });

  it("refuses what signs nothing here, each in its own words", async () => {
    const { privatePem, publicPem } = generateKeyPem("ed25519");
    const encrypted = createPrivateKey(privatePem)
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" })
      .toString();
    const other = await (
      await certificateAuthority({ subject: "CN=AC fictive" })
    ).issue({
      subject: "CN=Un autre",
      publicPem: keyPair().pem,
    });
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const cases: readonly (readonly [string, () => unknown])[] = [
      ["this is not a private key", () => readSigningKey("", "k")],
      ["this is not a private key", () => readSigningKey(publicPem, "k")],
      ["the private key is encrypted", () => readSigningKey(encrypted, "k")],
      ["the key is neither Ed25519 nor ECDSA on P-256", () => readSigningKey(pem(rsa.privateKey), "k")],
      ["this is not a certificate", () => readSigningKey(privatePem, "k", "no certificate")],
      ["this is not a certificate", () => readSigningKey(privatePem, "k", publicPem)],
      ["the certificate is not that of the key", () => readSigningKey(privatePem, "k", other)],
    ];
    for (const [message, read] of cases) expect(objection(read)).to.equal(message);
  });

  it("refuses a chain in which one certificate is damaged, and does not seal the rest of it", async () => {
    const root = await certificateAuthority({ subject: "CN=AC fictive" });
    const { privatePem, publicPem } = generateKeyPem("ed25519");
    const leaf = await root.issue({ subject: "CN=Editeur fictif", publicPem });
    expect(objection(() => readSigningKey(privatePem, "k", leaf + root.pem))).to.equal("accepted");
    const damaged = root.pem.replace("MII", "M?I");
    expect(objection(() => readSigningKey(privatePem, "k", leaf + damaged))).to.equal("this is not a certificate");
    expect(objection(() => readSigningKey(privatePem, "k", leaf.replace("MIIB", "MIIA")))).to.equal(
      "this is not a certificate",
    );
  });

  it("knows no other algorithm than the two", () => {
    const { publicKey: p384 } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    const { publicKey: k256 } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
    const { publicKey: ed448 } = generateKeyPairSync("ed448");
    const { publicKey: x25519 } = generateKeyPairSync("x25519");
    for (const key of [p384, k256, ed448, x25519]) expect(algorithmOf(key)).to.equal(null);
  });
});

describe("seal: what a signer shows", () => {
  it("is the bare key, or its chain, leaf first", async () => {
    const root = await certificateAuthority({ subject: "CN=AC fictive" });
    const { privatePem, publicPem } = generateKeyPem("ecdsa-p256");
    const bare = readSigningKey(privatePem, "k");
    expect(readSigner(signerPem(bare), "x.pem").certificates).to.deep.equal([]);
    const leaf = await root.issue({ subject: "CN=Editeur fictif", publicPem });
    const shown = readSigner(signerPem(readSigningKey(privatePem, "k", `text before\n${leaf}${root.pem}`)), "x.pem");
    expect(shown.key.keyid).to.equal(bare.keyid);
    expect(shown.certificates.map((one) => one.subject)).to.deep.equal(["CN=Editeur fictif", "CN=AC fictive"]);
  });

  it("is refused when it is neither, both, or more than one", async () => {
    const root = await certificateAuthority({ subject: "CN=AC fictive" });
    const { privatePem, publicPem } = generateKeyPem("ed25519");
    const leaf = await root.issue({ subject: "CN=Editeur fictif", publicPem });
    const cases: Readonly<Record<string, string>> = {
      nothing: "",
      text: "trust me",
      "a private key": privatePem,
      "a key and a certificate": publicPem + leaf,
      "a certificate and a key": leaf + keyPair().pem,
      "two keys": publicPem + keyPair().pem,
      "a damaged certificate in a chain": leaf + root.pem.replace("MII", "M?I") + root.pem,
      "a certificate that is none": leaf.replace("MIIB", "MIIA"),
      "a key that is none": publicPem.replace("MCow", "MCox"),
      "eleven certificates": leaf.repeat(11),
      "a text of a megabyte": leaf + " ".repeat(1_000_000),
    };
    for (const [what, text] of Object.entries(cases)) {
      expect(await unreadable(text), what).to.equal("signer_unreadable");
    }
    expect(readSigner(leaf.repeat(10), "x.pem").certificates).to.have.length(10);
  });

  it("is refused when the key is of an algorithm that signs nothing here", async () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const { publicKey: p384 } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    const root = await certificateAuthority({ subject: "CN=AC fictive" });
    const certified = await root.issue({ subject: "CN=Editeur fictif", publicPem: pem(p384) });
    for (const text of [pem(rsa.publicKey), pem(p384), certified]) {
      expect((await refusalOf(() => readSigner(text, "signer.pem"))).reason).to.equal("signer_algorithm");
    }
  });

  it("is refused when no key can be made of the one in the certificate", async () => {
    const root = await certificateAuthority({ subject: "CN=AC fictive" });
    const leaf = await root.issue({ subject: "CN=Editeur fictif", publicPem: keyPair().pem });
    // OID of Ed25519 (1.3.101.112) made one that no library knows.
    const der = new X509Certificate(leaf).raw;
    const at = der.lastIndexOf(Buffer.from("06032b6570", "hex"));
    der[at + 4] = 0x7f;
    const odd = `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
    expect(() => new X509Certificate(odd).publicKey).to.throw();
    expect(await unreadable(odd)).to.equal("signer_unreadable");
    const { privatePem } = generateKeyPem("ed25519");
    expect(objection(() => readSigningKey(privatePem, "k", odd))).to.equal("this is not a certificate");
  });
});
