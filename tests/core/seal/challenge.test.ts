import { expect } from "chai";
import {
  type Challenge,
  CHALLENGE_FORMAT,
  challengeIssuer,
  fitsRun,
  openChallenge,
  signChallenge,
} from "../../../core/seal/challenge.js";
import { signEnvelope } from "../../../core/seal/envelope.js";
import type { AgencyRole, Trust, TrustedAgency } from "../../../core/seal/trust.js";
import { CANDIDATE, isValid, keyPair, refusalOf } from "../../support/bundle.js";

const CHALLENGE: Challenge = {
  format: CHALLENGE_FORMAT,
  id: "0123456789abcdef",
  seed: "5e".repeat(32),
  issuer: "Agence fictive",
  candidate: CANDIDATE,
  issuedAt: "2026-11-21T08:00:00.000Z",
  notAfter: "2026-11-28T08:00:00.000Z",
};
const WHERE = "challenge.dsse.json";

describe("seal: challenges", () => {
  const agency = keyPair("ecdsa-p256");
  const isChallenge = isValid("challenge");
  const signed = (change: object = {}): Buffer => Buffer.from(signChallenge({ ...CHALLENGE, ...change }, agency));
  const open = (bytes: Uint8Array) => openChallenge(bytes, WHERE, isChallenge);

  it("are read as they were signed", () => {
    expect(open(signed()).challenge).to.deep.equal(CHALLENGE);
  });

  it("are refused as unreadable when a member is missing, odd, or one too many", async () => {
    const changes: readonly object[] = [
      { format: "segur-challenge/2" },
      { id: "" },
      { id: "../../etc" },
      { seed: "5e".repeat(31) },
      { seed: "5E".repeat(32) },
      { seed: undefined },
      { issuer: "" },
      { candidate: { vendor: "V", product: "P" } },
      { candidate: { ...CANDIDATE, more: 1 } },
      { more: 1 },
      { issuedAt: "2026-11-21" },
      { issuedAt: "2026-11-21T08:00:00.000+01:00" },
      // No days of the calendar, and a span that ends before it begins.
      { issuedAt: "2026-02-30T08:00:00.000Z" },
      { notAfter: "2026-99-99T99:99:99Z" },
      { notAfter: "2026-11-21T07:59:59.999Z" },
    ];
    for (const change of changes) {
      const { reason, where } = await refusalOf(() => open(signed(change)));
      expect([reason, where], JSON.stringify(change)).to.deep.equal(["challenge_unreadable", WHERE]);
    }
  });

  it("are not taken from an envelope of another kind", async () => {
    const bytes = Buffer.from(signEnvelope("label", Buffer.from(JSON.stringify(CHALLENGE)), agency));
    expect((await refusalOf(() => open(bytes))).reason).to.equal("envelope_type");
  });

  it("name the trusted agency that may challenge and whose key was in force when it was issued", () => {
    const trusted = (more: Partial<TrustedAgency> = {}): Trust => {
      const roles: readonly AgencyRole[] = ["challenge"];
      return { candidates: [], agencies: [{ name: "Agence", key: agency, roles, ...more }] };
    };
    const opened = open(signed());
    expect(challengeIssuer(opened, trusted())).to.equal("Agence");
    expect(challengeIssuer(opened, trusted({ until: "2026-11-21" }))).to.equal("Agence");
    expect(challengeIssuer(opened, trusted({ until: "2026-11-20" }))).to.equal(null);
    expect(challengeIssuer(opened, trusted({ from: "2026-11-22" }))).to.equal(null);
    expect(challengeIssuer(opened, trusted({ roles: ["review", "label"] }))).to.equal(null);
    expect(challengeIssuer(opened, trusted({ key: keyPair() }))).to.equal(null);
    const forged = open(Buffer.from(signChallenge(CHALLENGE, keyPair())));
    expect(challengeIssuer(forged, trusted())).to.equal(null);
  });

  describe("fit a run", () => {
    const reasonOf = async (startedAt: string, endedAt: string, candidate: object = CANDIDATE): Promise<string> => {
      const call = (): void => fitsRun(CHALLENGE, { startedAt, endedAt }, candidate as typeof CANDIDATE, WHERE);
      try {
        call();
        return "fits";
      } catch {
        return (await refusalOf(call)).reason;
      }
    };
    const [from, to] = [CHALLENGE.issuedAt, CHALLENGE.notAfter];

    it("that begins and ends within it, both ends included", async () => {
      expect(await reasonOf(from, to)).to.equal("fits");
      expect(await reasonOf("2026-11-21T07:59:59.999Z", to)).to.equal("challenge_dates");
      expect(await reasonOf(from, "2026-11-28T08:00:00.001Z")).to.equal("challenge_dates");
      expect(await reasonOf("2027-01-01T00:00:00Z", "2027-01-01T00:00:01Z")).to.equal("challenge_dates");
    });

    it("never, when a time of the run is none", async () => {
      for (const odd of ["2026-11-31T00:00:00Z", "2026-99-99T99:99:99Z", "2026-11-22", ""]) {
        expect(await reasonOf(odd, to), odd).to.equal("challenge_dates");
        expect(await reasonOf(from, odd), odd).to.equal("challenge_dates");
      }
    });

    it("of the very candidate it was issued for", async () => {
      for (const member of ["vendor", "product", "version"]) {
        expect(await reasonOf(from, to, { ...CANDIDATE, [member]: "another" }), member).to.equal("challenge_candidate");
      }
    });
  });
});
