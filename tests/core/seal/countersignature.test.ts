import { expect } from "chai";
import {
  type Countersignature,
  COUNTERSIGNATURE_FORMAT,
  countersignedFacts,
  matchCountersignature,
  signCountersignature,
} from "../../../core/seal/countersignature.js";
import { signEnvelope } from "../../../core/seal/envelope.js";
import type { Trust, TrustedAgency } from "../../../core/seal/trust.js";
import { CANDIDATE, isValid, keyPair, refusalOf } from "../../support/bundle.js";

const SEEN = { run: { id: "20261121T205618Z-183b32", sha256: "a1".repeat(32) }, recording: "b2".repeat(32) };
const EXPECTED = { ...SEEN, candidate: CANDIDATE };
const STATEMENT: Countersignature = {
  format: COUNTERSIGNATURE_FORMAT,
  issuer: "Agence fictive",
  ...EXPECTED,
  on: "2026-11-21T21:00:00.000Z",
};
const WHERE = "countersignature.dsse.json";

describe("seal: countersignatures", () => {
  const agency = keyPair();
  const isValidOne = isValid("countersignature");
  const signed = (change: object = {}, key = agency): Buffer =>
    Buffer.from(signCountersignature({ ...STATEMENT, ...change }, key));
  const trusted = (more: Partial<TrustedAgency> = {}): Trust => ({
    candidates: [],
    agencies: [{ name: "Agence", key: agency, roles: ["countersign"], ...more }],
  });
  const match = (bytes: Uint8Array, trust: Trust | null = trusted()): string | null =>
    matchCountersignature(bytes, WHERE, isValidOne, EXPECTED, trust);
  const reasonOf = async (bytes: Uint8Array, trust: Trust | null = trusted()): Promise<string> => {
    const { reason, where } = await refusalOf(() => match(bytes, trust));
    expect(where).to.equal(WHERE);
    return reason;
  };

  it("name the trusted agency; nobody when no trust is given", () => {
    expect(match(signed())).to.equal("Agence");
    expect(match(signed(), null)).to.equal(null);
  });

  it("are refused when they are about other bytes, another run or another candidate", async () => {
    const changes: readonly object[] = [
      { recording: "b3".repeat(32) },
      { run: { ...SEEN.run, id: "20261121T205618Z-183b33" } },
      { run: { ...SEEN.run, sha256: "a2".repeat(32) } },
      { candidate: { ...CANDIDATE, version: "2" } },
    ];
    for (const change of changes) {
      for (const trust of [trusted(), null]) {
        expect(await reasonOf(signed(change), trust), JSON.stringify(change)).to.equal("countersignature_mismatch");
      }
    }
  });

  it("are refused when no agency that may countersign signed them at that time", async () => {
    expect(await reasonOf(signed({}, keyPair()))).to.equal("countersignature_agency");
    expect(await reasonOf(signed(), trusted({ roles: ["challenge", "review"] }))).to.equal("countersignature_agency");
    expect(await reasonOf(signed(), trusted({ until: "2026-11-20" }))).to.equal("countersignature_agency");
    expect(match(signed(), trusted({ until: "2026-11-21" }))).to.equal("Agence");
  });

  it("cover all that run.json says but its proofs, in whatever spelling", () => {
    const proofs = { "MSS/CONF.16": { files: ["/a.png"] } };
    const config = { candidate: CANDIDATE, perimeters: ["mdv-va2"], subProfiles: [], conditions: {}, proofs };
    const run = {
      format: "segur-run/1",
      id: "r",
      config,
      driverCan: null,
      only: null,
      mode: "homologation",
      rules: null,
    };
    const facts = countersignedFacts(run);
    const configured = (change: object): object => ({ ...run, config: { ...config, ...change } });
    const { proofs: _, ...without } = config;
    for (const same of [
      configured({ proofs: {} }),
      configured({ proofs: { ...proofs, "PSC.01": { files: [], review: { state: "accepted", by: "X", on: "Y" } } } }),
      { ...run, config: without },
      JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(run).reverse()), null, 1)) as object,
    ]) {
      expect(countersignedFacts(same as typeof run), JSON.stringify(same)).to.equal(facts);
    }
    const { rules: __, ...silent } = run;
    const others: readonly object[] = [
      ...Object.keys(run)
        .filter((name) => name !== "config")
        .map((name) => ({ ...run, [name]: "other" })),
      ...Object.keys(without).map((name) => configured({ [name]: ["other"] })),
      configured({ alternatives: { "PSC.01": "PSC.01.01" } }),
      // Only where proofs stand, and not wherever something is called so.
      configured({ conditions: { proofs: { applies: false } } }),
      { ...run, proofs },
      silent,
      // As a member of its own, and not the prototype of anything.
      { ...run, config: JSON.parse('{"__proto__":{"a":1}}') as object },
    ];
    const digests = others.map((other) => countersignedFacts(other as typeof run));
    expect(digests).to.not.include(facts);
    expect(new Set(digests).size, "each is another").to.equal(others.length);
  });

  it("are refused when they are not as this tool writes them", async () => {
    for (const change of [
      { format: "segur-countersignature/2" },
      { recording: "B2".repeat(32) },
      { run: SEEN.run.id },
      { more: 1 },
      { on: "2026-11-21" },
      { on: "2026-02-30T00:00:00Z" },
    ]) {
      expect(await reasonOf(signed(change)), JSON.stringify(change)).to.equal("countersignature_unreadable");
    }
    const other = Buffer.from(signEnvelope("challenge", Buffer.from(JSON.stringify(STATEMENT)), agency));
    expect(await reasonOf(other)).to.equal("envelope_type");
  });
});
