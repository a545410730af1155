import { expect } from "chai";
import {
  claimsOf,
  type DossierEntry,
  type DossierFile,
  type DossierReview,
  stalenessOf,
  standingReview,
  suppliedProofs,
} from "../../../core/dossier/index.js";

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
  it("are under each id, with absolute paths and the day", () => {
    expect(suppliedProofs(of(entry), state(now("aa")))).to.deep.equal({
      "A.01": { files: ["/d/A/a.png"], review: { state: "accepted", by: "R", on: "2026-11-01" }, on: "2026-11-22" },
      "B.01": { files: ["/d/A/a.png"], review: { state: "accepted", by: "R", on: "2026-11-01" }, on: "2026-11-22" },
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
