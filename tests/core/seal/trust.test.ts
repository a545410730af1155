import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { generateKeyPem, readSigner, type Signer } from "../../../core/seal/keys.js";
import { agencyKeys, holdsTogether, type Trust, type TrustedCandidate, trustedFor } from "../../../core/seal/trust.js";
import { keyPair, refusalOf } from "../../support/bundle.js";
import { type Authority, certificateAuthority } from "../../support/certificates.js";

const AT = "2026-11-21T20:56:18.123Z";
const CANDIDATE = { vendor: "Éditeur fictif", product: "Logiciel fictif" };
const SUBJECT = "CN=Éditeur fictif";

const signerOf = (...pems: readonly string[]): Signer => readSigner(pems.join(""), "signer.pem");
const trust = (...candidates: readonly TrustedCandidate[]): Trust => ({ candidates, agencies: [] });
const entry = (more: Partial<TrustedCandidate>): TrustedCandidate => ({ vendor: CANDIDATE.vendor, ...more });
const caOf = (authority: Authority): X509Certificate => new X509Certificate(authority.pem);

async function verdict(signer: Signer, trusted: Trust, instant = AT): Promise<string> {
  try {
    holdsTogether(signer.certificates, instant, "signer.pem");
    trustedFor(signer, CANDIDATE, instant, trusted);
    return "trusted";
  } catch {
    const refusal = await refusalOf(() => {
      holdsTogether(signer.certificates, instant, "signer.pem");
      trustedFor(signer, CANDIDATE, instant, trusted);
    });
    expect(refusal.where).to.equal("signer.pem");
    return refusal.reason;
  }
}

describe("seal: trust in a bare key", () => {
  const key = keyPair();
  const signer = signerOf(key.pem);

  it("holds for the vendor it is written for, for all products or one", async () => {
    expect(await verdict(signer, trust(entry({ key })))).to.equal("trusted");
    expect(await verdict(signer, trust(entry({ key, product: CANDIDATE.product })))).to.equal("trusted");
    expect(await verdict(signer, trust(entry({ key, product: "Un autre" })))).to.equal("signer_of_another");
    expect(await verdict(signer, trust({ vendor: "Un autre", key }))).to.equal("signer_of_another");
  });

  it("does not hold for another key, nor where nobody is trusted", async () => {
    expect(await verdict(signer, trust(entry({ key: keyPair() })))).to.equal("signer_not_trusted");
    expect(await verdict(signer, trust())).to.equal("signer_not_trusted");
  });

  it("holds from the first moment of its first day to the last of its last, in UTC", async () => {
    const dated = trust(entry({ key, from: "2026-11-21", until: "2026-11-22" }));
    const cases = {
      "2026-11-20T23:59:59.999Z": "signer_out_of_dates",
      "2026-11-21T00:00:00.000Z": "trusted",
      "2026-11-22T23:59:59.999Z": "trusted",
      "2026-11-23T00:00:00.000Z": "signer_out_of_dates",
    };
    for (const [instant, expected] of Object.entries(cases)) {
      expect(await verdict(signer, dated, instant), instant).to.equal(expected);
    }
  });

  it("takes the entry in force when a vendor changed its key", async () => {
    const next = keyPair();
    const both = trust(entry({ key, until: "2026-06-30" }), entry({ key: next, from: "2026-07-01" }));
    expect(await verdict(signer, both)).to.equal("signer_out_of_dates");
    expect(await verdict(signerOf(next.pem), both)).to.equal("trusted");
  });

  it("does not hold for a bare key where a certificate is asked for", async () => {
    const ca = caOf(await certificateAuthority({ subject: "CN=AC fictive" }));
    expect(await verdict(signer, trust(entry({ ca })))).to.equal("signer_not_trusted");
  });
});

describe("seal: trust in an authority", () => {
  const { publicPem } = generateKeyPem("ed25519");
  let root: Authority;
  let middle: Authority;
  let leaf: string;
  before(async () => {
    root = await certificateAuthority({ subject: "CN=AC racine fictive, O=Exemple" });
    middle = await root.below({ subject: "CN=AC fictive, O=Exemple" });
    leaf = await middle.issue({ subject: `${SUBJECT}, O=Exemple`, publicPem });
  });

  it("holds for a chain that ends at it, below it, or above it", async () => {
    const byRoot = trust(entry({ ca: caOf(root), subject: SUBJECT }));
    const byMiddle = trust(entry({ ca: caOf(middle) }));
    expect(await verdict(signerOf(leaf, middle.pem, root.pem), byRoot)).to.equal("trusted");
    expect(await verdict(signerOf(leaf, middle.pem), byRoot)).to.equal("trusted");
    expect(await verdict(signerOf(leaf), byRoot)).to.equal("certificate_not_trusted");
    expect(await verdict(signerOf(leaf), byMiddle)).to.equal("trusted");
    expect(await verdict(signerOf(leaf, middle.pem), byMiddle)).to.equal("trusted");
    expect(await verdict(signerOf(leaf, middle.pem, root.pem), byMiddle)).to.equal("trusted");
  });

  it("does not hold for another authority of the same name", async () => {
    const false1 = await certificateAuthority({ subject: root.subject });
    const false2 = await false1.below({ subject: middle.subject });
    const forged = await false2.issue({ subject: `${SUBJECT}, O=Exemple`, publicPem });
    const byRoot = trust(entry({ ca: caOf(root), subject: SUBJECT }));
    expect(await verdict(signerOf(forged, false2.pem, false1.pem), byRoot)).to.equal("certificate_not_trusted");
    expect(await verdict(signerOf(forged, false2.pem), byRoot)).to.equal("certificate_not_trusted");
    expect(await verdict(signerOf(forged, middle.pem, root.pem), byRoot)).to.equal("certificate_chain");
    expect(await verdict(signerOf(forged, false2.pem, root.pem), byRoot)).to.equal("certificate_chain");
  });

  it("does not hold when what issued is no authority, or may not sign certificates", async () => {
    const plain = await root.below({ subject: "CN=Un autre éditeur", ca: false });
    const forged = await plain.issue({ subject: SUBJECT, publicPem });
    const byRoot = trust(entry({ ca: caOf(root), subject: SUBJECT }));
    expect(await verdict(signerOf(forged, plain.pem, root.pem), byRoot)).to.equal("certificate_chain");
    const pretender = await root.below({ subject: "CN=Un prétendant", ca: false, signsCertificates: true });
    const third = await pretender.issue({ subject: SUBJECT, publicPem });
    expect(await verdict(signerOf(third, pretender.pem, root.pem), byRoot)).to.equal("certificate_chain");
    const unable = await root.below({ subject: "CN=AC sans keyCertSign", signsCertificates: false });
    const other = await unable.issue({ subject: SUBJECT, publicPem });
    expect(await verdict(signerOf(other, unable.pem, root.pem), byRoot)).to.equal("certificate_chain");
    expect(await verdict(signerOf(forged), trust(entry({ ca: caOf(plain) })))).to.equal("certificate_not_trusted");
  });

  it("does not hold when a certificate names another issuer than the one that signed it", async () => {
    const renamed = await middle.issue({ subject: SUBJECT, publicPem, issuer: "CN=Une autre AC" });
    const byMiddle = trust(entry({ ca: caOf(middle) }));
    expect(await verdict(signerOf(renamed, middle.pem), byMiddle)).to.equal("certificate_chain");
    expect(await verdict(signerOf(renamed), byMiddle)).to.equal("certificate_not_trusted");
  });

  it("does not hold for a chain out of order or with a stranger in it", async () => {
    const byRoot = trust(entry({ ca: caOf(root) }));
    expect(await verdict(signerOf(leaf, root.pem, middle.pem), byRoot)).to.equal("certificate_chain");
    expect(await verdict(signerOf(leaf, leaf, middle.pem), byRoot)).to.equal("certificate_chain");
    const stranger = await certificateAuthority({ subject: "CN=Une autre AC" });
    expect(await verdict(signerOf(leaf, middle.pem, stranger.pem), byRoot)).to.equal("certificate_chain");
  });

  it("does not hold beyond the number of authorities that one of them allows below it", async () => {
    const none = await root.below({ subject: "CN=AC sans AC", pathLength: 0 });
    const below = await none.below({ subject: "CN=AC de trop" });
    const direct = await none.issue({ subject: SUBJECT, publicPem });
    const forged = await below.issue({ subject: SUBJECT, publicPem });
    const byRoot = trust(entry({ ca: caOf(root), subject: SUBJECT }));
    expect(await verdict(signerOf(direct, none.pem), byRoot)).to.equal("trusted");
    expect(await verdict(signerOf(forged, below.pem, none.pem), byRoot)).to.equal("certificate_use");
    expect(await verdict(signerOf(forged, below.pem), trust(entry({ ca: caOf(none) })))).to.equal(
      "certificate_not_trusted",
    );
    expect(await verdict(signerOf(direct), trust(entry({ ca: caOf(none) })))).to.equal("trusted");
    const one = await certificateAuthority({ subject: "CN=AC à un étage", pathLength: 1 });
    const middleOfOne = await one.below({ subject: "CN=Étage" });
    const good = await middleOfOne.issue({ subject: SUBJECT, publicPem });
    expect(await verdict(signerOf(good, middleOfOne.pem), trust(entry({ ca: caOf(one) })))).to.equal("trusted");
  });

  it("does not hold for a certificate that is not for signing, or that asks for what is not understood here", async () => {
    const byRoot = trust(entry({ ca: caOf(root) }));
    const cipher = await root.issue({ subject: SUBJECT, publicPem, use: "encipher" });
    expect(await verdict(signerOf(cipher), byRoot)).to.equal("certificate_use");
    const odd = await root.issue({ subject: SUBJECT, publicPem, critical: true });
    expect(await verdict(signerOf(odd), byRoot)).to.equal("certificate_use");
    const oddly = await root.below({ subject: "CN=AC à conditions", critical: true });
    const under = await oddly.issue({ subject: SUBJECT, publicPem });
    expect(await verdict(signerOf(under, oddly.pem), byRoot)).to.equal("certificate_use");
    expect(await verdict(signerOf(under), trust(entry({ ca: caOf(oddly) })))).to.equal("certificate_not_trusted");
  });

  it("does not hold for a certificate that the verifier knows to be revoked, from the day on that it gives", async () => {
    const serial = "0a1b2c3d4e5f6071";
    const one = await root.issue({ subject: SUBJECT, publicPem, serial });
    const revoked = (...list: readonly { serial: string; on?: string }[]) =>
      trust(entry({ ca: caOf(root), revoked: list }));
    expect(await verdict(signerOf(one), revoked({ serial: "0A:1B:2C:3D:4E:5F:60:71" }))).to.equal(
      "certificate_revoked",
    );
    expect(await verdict(signerOf(one), revoked({ serial, on: "2026-11-21" }))).to.equal("certificate_revoked");
    expect(await verdict(signerOf(one), revoked({ serial, on: "2026-11-22" }))).to.equal("trusted");
    expect(await verdict(signerOf(one), revoked({ serial: "0a1b2c3d4e5f6072" }))).to.equal("trusted");
  });

  it("asks for the subject as one whole line, which no value of a name can imitate", async () => {
    const asked = (subject: string): Trust => trust(entry({ ca: caOf(middle), subject }));
    expect(await verdict(signerOf(leaf), asked("O=Exemple"))).to.equal("trusted");
    expect(await verdict(signerOf(leaf), asked("CN=Éditeur"))).to.equal("certificate_not_trusted");
    expect(await verdict(signerOf(leaf), asked("Éditeur fictif"))).to.equal("certificate_not_trusted");
    const imitations = [
      [{ CN: [`x\n${SUBJECT}`] }],
      [{ CN: ["x"] }, { O: [`\n${SUBJECT}\n`] }],
      [{ CN: [`Éditeur fictif\u0000`] }],
      [{ CN: ["Éditeur fictif"], O: ["deux valeurs en une"] }],
    ];
    for (const subject of imitations) {
      const certificate = await middle.issue({ subject, publicPem });
      expect(await verdict(signerOf(certificate), asked(SUBJECT)), JSON.stringify(subject)).to.equal(
        "certificate_not_trusted",
      );
    }
  });

  it("judges every certificate at the time of the run, both ends included", async () => {
    const from = "2026-11-21T20:56:18Z";
    const until = "2026-11-23T00:00:00Z";
    const dated = await middle.issue({ subject: SUBJECT, publicPem, from, until });
    const byRoot = trust(entry({ ca: caOf(root) }));
    const cases = {
      "2026-11-21T20:56:17.999Z": "certificate_not_yet_valid",
      "2026-11-21T20:56:18.000Z": "trusted",
      "2026-11-23T00:00:00.000Z": "trusted",
      "2026-11-23T00:00:00.001Z": "certificate_expired",
    };
    for (const [instant, expected] of Object.entries(cases)) {
      expect(await verdict(signerOf(dated, middle.pem), byRoot, instant), instant).to.equal(expected);
    }
    const expired = await root.below({ subject: "CN=AC expirée", until: "2026-01-01T00:00:00Z" });
    const under = await expired.issue({ subject: SUBJECT, publicPem });
    expect(await verdict(signerOf(under, expired.pem), byRoot)).to.equal("certificate_expired");
  });

  it("does not hold when the authority itself was not in force, though the chain does not show it", async () => {
    const old = await certificateAuthority({ subject: "CN=AC ancienne", until: "2026-01-01T00:00:00Z" });
    const under = await old.issue({ subject: SUBJECT, publicPem });
    expect(await verdict(signerOf(under), trust(entry({ ca: caOf(old) })))).to.equal("certificate_not_trusted");
  });

  it("tells a certificate trusted for another vendor from one trusted for nobody", async () => {
    const ca = caOf(root);
    const signer = signerOf(leaf, middle.pem);
    expect(await verdict(signer, trust({ vendor: "Un autre", ca }))).to.equal("signer_of_another");
    expect(await verdict(signer, trust(entry({ key: keyPair() })))).to.equal("signer_not_trusted");
    expect(await verdict(signer, trust(entry({ ca, until: "2026-01-01" })))).to.equal("signer_out_of_dates");
  });

  it("refuses dates that are none, of a run and of a certificate", async () => {
    const signer = signerOf(leaf, middle.pem);
    const byRoot = trust(entry({ ca: caOf(root) }));
    for (const instant of ["2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-99-99T99:99:99Z", "never", ""]) {
      expect(await verdict(signer, byRoot, instant), instant).to.equal("signer_unreadable");
    }
    const der = new X509Certificate(leaf).raw;
    // The end of validity, 900101000000Z, becomes the 99th of a 99th month.
    const at = der.indexOf("20900101000000Z");
    expect(at).to.be.greaterThan(0);
    der.write("20909999000000Z", at);
    const odd = signerOf(`-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`);
    expect(await verdict(odd, byRoot)).to.equal("signer_unreadable");
  });
});

describe("seal: trust in agencies", () => {
  it("gives the keys of a role in force at an instant", () => {
    const [a, b, c] = [keyPair(), keyPair(), keyPair()];
    const agencies = [
      { name: "A", key: a, roles: ["challenge", "review"], until: "2026-06-30" },
      { name: "B", key: b, roles: ["challenge"], from: "2026-07-01" },
      { name: "C", key: c, roles: ["label"] },
    ] as const;
    const names = (role: "challenge" | "review" | "label", instant: string): readonly string[] =>
      agencyKeys({ candidates: [], agencies }, role, instant).map((key) => key.name);
    expect(names("challenge", "2026-06-30T23:59:59.999Z")).to.deep.equal(["A"]);
    expect(names("challenge", "2026-07-01T00:00:00Z")).to.deep.equal(["B"]);
    expect(names("review", AT)).to.deep.equal([]);
    expect(names("label", AT)).to.deep.equal(["C"]);
  });
});
