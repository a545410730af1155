import { expect } from "chai";
import {
  claimsOf,
  type DossierEntry,
  type DossierFile,
  type DossierReview,
  dossierView,
  factsFor,
  stalenessOf,
  standingReview,
  suppliedProofs,
} from "../../../core/dossier/index.js";
import type { Perimeter, Requirement } from "../../../core/model/index.js";

const accepted: DossierReview = { state: "accepted", by: "R", on: "2026-11-01", sha256: ["aa"] };
const entry: DossierEntry = {
  ids: ["A.01", "B.01"],
  product: "1.0",
  files: [{ path: "A/a.png", sha256: "aa", added: "2026-10-01" }],
  reviews: [accepted],
};
const now = (digest: string | null) => new Map(digest === null ? [] : [["A/a.png", digest]]);
const state = (digests: ReadonlyMap<string, string>, productVersion = "1.0") => ({
  absolute: (path: string) => `/d/${path}`,
  digests,
  productVersion,
  on: "2026-11-22",
});
const of = (...proofs: DossierEntry[]): DossierFile => ({ format: "segur-dossier/1", proofs });

describe("an entry of the dossier", () => {
  it("is stale when its file is gone, changed, or shows another version of the product", () => {
    expect(stalenessOf(entry, now("aa"), "1.0")).to.equal(null);
    expect(stalenessOf(entry, now(null), "1.0")).to.equal("missing");
    expect(stalenessOf(entry, now("bb"), "1.0")).to.equal("bytes");
    expect(stalenessOf(entry, now("aa"), "1.1")).to.equal("product");
    expect(stalenessOf({ ...entry, product: undefined } as unknown as DossierEntry, now("aa"), "1.1")).to.equal(null);
  });

  it("is not accepted while it lists other bytes than those that were reviewed", () => {
    const files = [{ path: "A/a.png", sha256: "bb", added: "2026-10-01" }];
    expect(standingReview({ ...entry, files }, now("aa"), "1.0")).to.equal(null);
  });

  it("keeps its review for the bytes it was made on", () => {
    expect(standingReview(entry, now("aa"), "1.0")?.state).to.equal("accepted");
    expect(standingReview(entry, now("bb"), "1.0")).to.equal(null);
    expect(standingReview(entry, now(null), "1.0")).to.equal(null);
    expect(standingReview(entry, now("aa"), "1.1")).to.equal(null);
  });

  it("does not find a review again because somebody wrote the new digest beside the file", () => {
    const forged = { ...entry, files: [{ path: "A/a.png", sha256: "bb", added: "2026-11-20" }] };
    expect(stalenessOf(forged, now("bb"), "1.0")).to.equal(null);
    expect(standingReview(forged, now("bb"), "1.0")).to.equal(null);
  });

  it("goes by its last review", () => {
    const refused: DossierReview = { ...accepted, state: "refused", why: "unreadable" };
    expect(standingReview({ ...entry, reviews: [accepted, refused] }, now("aa"), "1.0")?.state).to.equal("refused");
    expect(standingReview({ ...entry, reviews: [refused, accepted] }, now("aa"), "1.0")?.state).to.equal("accepted");
  });

  it("stays refused in another version: only what was good may have become bad", () => {
    const refused = { ...entry, reviews: [{ ...accepted, state: "refused" as const }] };
    expect(standingReview(refused, now("aa"), "1.1")?.state).to.equal("refused");
  });
});

describe("the proofs that a dossier supplies", () => {
  it("are under each id, with absolute paths, the day, and the bytes that were reviewed", () => {
    const review = { state: "accepted", by: "R", on: "2026-11-01", sha256: ["aa"] };
    expect(suppliedProofs(of(entry), state(now("aa")))).to.deep.equal({
      "A.01": { files: ["/d/A/a.png"], review, on: "2026-11-22" },
      "B.01": { files: ["/d/A/a.png"], review, on: "2026-11-22" },
    });
  });

  it("leave out a file that is not there", () => {
    expect(suppliedProofs(of(entry), state(now(null)))).to.deep.equal({});
  });

  it("are accepted when every entry is, and refused when one is", () => {
    const digests = new Map([
      ["A/a.png", "aa"],
      ["A/b.png", "bb"],
    ]);
    const other = (reviews: readonly DossierReview[]): DossierEntry => ({
      ids: ["A.01"],
      files: [{ path: "A/b.png", sha256: "bb", added: "2026-10-01" }],
      reviews,
    });
    const stateOf = (...reviews: DossierReview[]) =>
      suppliedProofs(of(entry, other(reviews)), state(digests))["A.01"]?.review?.state;
    expect(stateOf()).to.equal(undefined);
    expect(stateOf({ ...accepted, sha256: ["bb"] })).to.equal("accepted");
    expect(stateOf({ ...accepted, state: "refused", sha256: ["bb"] })).to.equal("refused");
    expect(stateOf({ ...accepted, sha256: ["zz"] })).to.equal(undefined);
  });

  it("carry claims with their last review", () => {
    const file: DossierFile = {
      format: "segur-dossier/1",
      notApplicable: [
        { row: "A", justification: "why" },
        { row: "B", justification: "why", reviews: [{ state: "refused", by: "R", on: "2026-11-01", why: "no" }] },
      ],
    };
    expect(claimsOf(file).A).to.deep.equal({ justification: "why" });
    expect(claimsOf(file).B?.review?.state).to.equal("refused");
  });
});

describe("what a second entry or an empty file cannot hide", () => {
  const test = (high: number): DossierEntry => ({
    ...entry,
    facts: { kind: "pentest", on: "2026-10-01", auditor: "A", failures: { high, medium: 0 } },
  });

  it("a penetration test that blocks, whatever the others of the proof declare", () => {
    const other: DossierEntry = { ...entry, facts: { kind: "execution", reference: "x" } };
    expect(factsFor([test(0), test(3)], "2026-11-22")).to.deep.equal(test(3).facts);
    expect(factsFor([other, test(3)], "2026-11-22")).to.deep.equal(test(3).facts);
    expect(factsFor([other, test(0)], "2026-11-22")).to.deep.equal(other.facts);
    expect(suppliedProofs(of(test(0), test(3)), state(now("aa")))["A.01"]?.facts).to.deep.equal(test(3).facts);
  });

  it("that an accepted file of no byte is no proof", () => {
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const files = [{ path: "A/a.png", sha256: empty, added: "2026-10-01" }];
    const accept = { ...entry, files, reviews: [{ ...accepted, sha256: [empty] }] };
    expect(standingReview(accept, now(empty), "1.0")?.state).to.equal("accepted");
    expect(suppliedProofs(of(accept), state(now(empty)))).to.deep.equal({});
  });
});

describe("where a proof stands", () => {
  const row = {
    id: "A",
    domain: "A",
    level: "mandatory",
    profiles: [],
    checks: [],
    supports: [],
    scenarios: [],
    proofs: { ids: ["A.01"], kinds: [] },
  } as unknown as Requirement;
  const perimeter = {
    id: "p",
    couloir: "mdv-lgc",
    wave: 1,
    groups: [{ id: "g", rows: ["A"] }],
  } as unknown as Perimeter;
  const view = (
    mode: "sandbox" | "rehearsal",
    stale: string | null,
    given: "accepted" | "refused",
    heard = given === "accepted",
  ) =>
    dossierView({
      perimeters: [perimeter],
      requirements: [row],
      answers: { subProfiles: [], conditions: {}, alternatives: {} },
      asOf: "2026-11-22",
      mode,
      onHand: new Map([
        [
          "A.01",
          {
            files: [{ name: "a", bytes: 1, sha256: "aa" }],
            findings: [],
            review: { state: given, by: "R", on: "2026-11-01" },
            stale,
            heard,
            origin: "person",
          },
        ],
      ]),
    }).proofs[0]?.state;

  it("is what its review says, in a sandbox; elsewhere it waits for the agency", () => {
    expect(view("sandbox", null, "accepted")).to.equal("accepted");
    expect(view("sandbox", null, "refused")).to.equal("refused");
    expect(view("rehearsal", null, "accepted")).to.equal("to_review");
  });

  it("waits for review when the acceptance does not count, and stays refused when it was refused", () => {
    expect(view("sandbox", null, "accepted", false)).to.equal("to_review");
    expect(view("sandbox", null, "refused", false)).to.equal("refused");
  });

  it("is stale, not refused, once what was refused is another file", () => {
    expect(view("sandbox", "bytes", "refused")).to.equal("stale");
  });

  it("keeps a row in the plan whose claim only the candidate accepted, outside the sandbox", () => {
    const input = (mode: "sandbox" | "rehearsal") => ({
      perimeters: [perimeter],
      requirements: [row],
      answers: {
        subProfiles: [],
        conditions: {},
        alternatives: {},
        notApplicable: { A: { justification: "j", review: { state: "accepted" as const, by: "R", on: "2026-11-01" } } },
      },
      asOf: "2026-11-22",
      mode,
      onHand: new Map(),
    });
    expect(dossierView(input("sandbox")).proofs).to.deep.equal([]);
    const { proofs, notApplicable } = dossierView(input("rehearsal"));
    expect([proofs.map(({ id }) => id), notApplicable[0]?.state]).to.deep.equal([["A.01"], "to_review"]);
  });
});
