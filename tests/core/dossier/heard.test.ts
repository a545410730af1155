/** The candidate's own words: what an acceptance counts for, and the day up to which ages are counted. */
import { expect } from "chai";
import { claimsOf, digestOfText, heard, isStaleClaim, lookedAtOn } from "../../../core/dossier/index.js";
import type { ProofFacts, Requirement, SuppliedProof } from "../../../core/model/index.js";

const DIGEST = "a".repeat(64);
const accepted = { state: "accepted", by: "R", on: "2026-11-01" } as const;
const refused = { state: "refused", by: "R", on: "2026-11-01" } as const;
const row = (id: string, kinds: readonly string[], ids: readonly string[]): Requirement =>
  ({ id, proofs: { ids, kinds } }) as unknown as Requirement;
const rows = [
  row("F.1", ["pentest-form"], ["F.1.01"]),
  row("F.2", ["pentest-form", "documentation"], ["F.2.01", "F.2.02"]),
  row("D.1", ["documentation"], ["D.1.01"]),
  row("F.3", ["pentest-form"], []),
];
const proofWith = (
  review: SuppliedProof["review"] | undefined,
  facts?: ProofFacts,
  files: readonly string[] = ["a.pdf"],
): SuppliedProof => ({ files, ...(review ? { review } : {}), ...(facts ? { facts } : {}) });
const states = (proofs: Readonly<Record<string, SuppliedProof>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(heard({ proofs }, rows).proofs).map(([id, { review }]) => [id, review?.state ?? "none"]),
  );
const pentest: ProofFacts = {
  kind: "pentest",
  on: "2026-10-15",
  auditor: "A",
  failures: { high: 0, medium: 0 },
};

describe("the candidate's own review of a proof", () => {
  it("accepts the bytes that it names, one digest for each file", () => {
    const named = { ...accepted, sha256: [DIGEST] };
    expect(states({ "D.1.01": proofWith(named) })).to.deep.equal({ "D.1.01": "accepted" });
    expect(states({ "D.1.01": proofWith(accepted) })).to.deep.equal({ "D.1.01": "none" });
    expect(states({ "D.1.01": proofWith({ ...accepted, sha256: [] }) })).to.deep.equal({ "D.1.01": "none" });
    expect(states({ "D.1.01": proofWith({ ...accepted, sha256: [digestOfText("")] }) }), "an empty file").to.deep.equal(
      {
        "D.1.01": "none",
      },
    );
    expect(states({ "D.1.01": proofWith(named, undefined, ["a.pdf", "b.pdf"]) })).to.deep.equal({ "D.1.01": "none" });
  });

  it("refuses whatever it names: that helps nobody", () => {
    expect(states({ "D.1.01": proofWith(refused), "F.1.01": proofWith(refused) })).to.deep.equal({
      "D.1.01": "refused",
      "F.1.01": "refused",
    });
  });

  it("is not enough for the form of a penetration test whose date and failures are not declared", () => {
    const named = { ...accepted, sha256: [DIGEST] };
    const commitment: ProofFacts = { kind: "commitment", signedBy: "S", on: "2026-10-15" };
    expect(states({ "F.1.01": proofWith(named) })).to.deep.equal({ "F.1.01": "none" });
    expect(states({ "F.1.01": proofWith(named, commitment) })).to.deep.equal({ "F.1.01": "none" });
    expect(states({ "F.1.01": proofWith(named, pentest) })).to.deep.equal({ "F.1.01": "accepted" });
    expect(states({ "F.3": proofWith(named) }), "under the id of the row").to.deep.equal({ "F.3": "none" });
  });

  it("is enough for the other proofs of a row, once one of them declares the form", () => {
    const named = { ...accepted, sha256: [DIGEST] };
    expect(states({ "F.2.01": proofWith(named), "F.2.02": proofWith(named) })).to.deep.equal({
      "F.2.01": "none",
      "F.2.02": "none",
    });
    expect(states({ "F.2.01": proofWith(named, pentest), "F.2.02": proofWith(named) })).to.deep.equal({
      "F.2.01": "accepted",
      "F.2.02": "accepted",
    });
  });
});

describe("the candidate's own review of a claim", () => {
  const claims = (review: object) =>
    heard(
      { proofs: {}, notApplicable: { A: { justification: "no such screen", review: { ...accepted, ...review } } } },
      [],
    ).notApplicable?.A?.review?.state;

  it("accepts the text that it names, and no other", () => {
    expect(claims({ sha256: digestOfText("no such screen") })).to.equal("accepted");
    expect(claims({ sha256: digestOfText("no such screen.") })).to.equal(undefined);
    expect(claims({})).to.equal(undefined);
    expect(claims({ state: "refused" })).to.equal("refused");
  });

  it("goes stale in a dossier when the text changes, or when nobody wrote down which one was read", () => {
    const claim = (review: object) => ({ row: "A", justification: "é", reviews: [{ ...accepted, ...review }] });
    const of = (review: object) =>
      claimsOf({ format: "segur-dossier/1", notApplicable: [claim(review)] }).A?.review?.state;
    const sha256 = digestOfText("é");
    expect([isStaleClaim(claim({ sha256 })), of({ sha256 })]).to.deep.equal([false, "accepted"]);
    expect([isStaleClaim(claim({ sha256: DIGEST })), of({ sha256: DIGEST })]).to.deep.equal([true, undefined]);
    expect([isStaleClaim(claim({})), of({})]).to.deep.equal([true, undefined]);
    expect([isStaleClaim(claim({ ...refused })), of({ ...refused })]).to.deep.equal([false, "refused"]);
    expect(of({ ...refused, sha256: DIGEST }), "of another text").to.equal(undefined);
    expect(isStaleClaim({ row: "A", justification: "é" })).to.equal(false);
  });
});

describe("the day a proof was looked at", () => {
  it("is the one that is said, from the day of the run to a year after it", () => {
    expect(lookedAtOn("2026-12-01", "2026-11-22")).to.equal("2026-12-01");
    expect(lookedAtOn("2026-11-01", "2026-11-22")).to.equal("2026-11-22");
    expect(lookedAtOn(undefined, "2026-11-22")).to.equal("2026-11-22");
    expect(lookedAtOn("2027-11-22", "2026-11-22")).to.equal("2027-11-22");
    expect(lookedAtOn("2099-01-01", "2026-11-22")).to.equal("2027-11-22");
    expect(lookedAtOn("2027-02-31", "2026-11-22"), "no day of the calendar").to.equal("2026-11-22");
  });

  it("is never later than the day on which an agency looked at it", () => {
    expect(lookedAtOn("2027-06-01", "2026-11-22", "2026-12-15")).to.equal("2026-12-15");
    expect(lookedAtOn("2026-12-01", "2026-11-22", "2026-12-15")).to.equal("2026-12-01");
    expect(lookedAtOn(undefined, "2099-01-01", "2026-12-15"), "a run dated later than that").to.equal("2026-12-15");
  });
});
