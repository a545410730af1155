import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { decideWithReviews, type DecisionInput } from "../../bin/agency-decision.js";
import { drive } from "../../bin/road.js";
import type { ReviewList } from "../../bin/review-list.js";
import { addReview, reviewsFileOf } from "../../bin/reviews.js";
import { sealRun } from "../../bin/sealing.js";
import { openConfig, openSuite, type Suite } from "../../bin/suite.js";
import { verifyBundle } from "../../bin/verification.js";
import { type ReviewedProof, type SessionMode, SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { signEnvelope } from "../../core/seal/envelope.js";
import { generateKeyPem } from "../../core/seal/keys.js";
import { Refusal } from "../../core/seal/refusal.js";
import { reviewLine, trustedReviewers } from "../../core/seal/review.js";
import { freePort } from "../../drivers/vendor-process.js";
import { copyOfRun, seal } from "../support/bundle.js";
import { segurInProcess } from "../support/in-process.js";
import { AGENCY, segurYaml, type TestAgency, testAgency } from "../support/rule-pack.js";

const SILENT = { line: () => undefined, now: () => undefined, end: () => undefined };
/** What the rows of the two perimeters are tied to. */
const CHECKS = [
  "ins/status-retrieved",
  "mss/message-id",
  "mss/product",
  "mss/server-certificate",
  "mss/starttls-first",
];
const NIL_PROOF = "MSS/CONF.16.01.01";
const ANSWERED = "INS/va1.40";

/** A real run of the reference vendor under the test agency's rules, rehearsed, sealed, then reviewed. */
describe("segur review", function () {
  let agency: TestAgency;
  let suite: Suite;
  let bundle: string;
  let facts: Omit<DecisionInput, "reviews">;

  before(async () => {
    agency = testAgency();
    suite = openSuite({ specs: agency.specs });
    const file = segurYaml({
      folder: agency.folder,
      port: await freePort(),
      perimeters: ["agence-machine", "agence-preuves"],
      proofs: { [NIL_PROOF]: "capture fictive", [ANSWERED]: "\u001b[2J film fictif" },
    });
    const { config, sha256 } = openConfig(file, suite, SILENT, "en");
    const { folder, failure } = await drive({
      config,
      configHash: sha256,
      specs: suite.specs,
      checks: suite.checks,
      ruleSet: suite.ruleSet,
      rules: suite.rules,
      only: CHECKS,
      mode: "rehearsal",
      lang: "en",
      progress: SILENT,
      signal: new AbortController().signal,
    });
    if (failure) throw failure;
    const { bytes } = await sealRun(folder, suite, agency.vendorKey);
    bundle = path.join(agency.folder, "b.segur.zip");
    writeFileSync(bundle, bytes);
    const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
    const { meta, result, verification } = await verifyBundle(bytes, { suite, schemas, trust: agency.trust });
    expect(verification.status).to.equal("equal");
    if (!meta || !result) throw new Error("not judged");
    facts = { meta, result, suite };
  });
  after(() => agency.dispose());
  beforeEach(() => rmSync(reviewsFileOf(bundle), { force: true }));

  const review = (...words: string[]) =>
    segurInProcess(["review", bundle, "--specs", agency.specs, "--lang", "en", ...words]);
  const signed = (...words: string[]) =>
    review("--trust", agency.trustFile, "--key", agency.keyFile, "--reviewer", "Dominique Essai", ...words);
  const list = async (): Promise<ReviewList> =>
    JSON.parse((await review("--trust", agency.trustFile, "--json")).stdout) as ReviewList;
  const decisions = ({ perimeters }: ReviewList) => perimeters.map(({ id, decision }) => `${id} ${decision}`);
  const keys = (proofs: readonly { readonly row: string; readonly proof: string }[]) =>
    proofs.map(({ row, proof }) => `${row}:${proof}`);

  it("lists what waits, with each file's size and SHA-256, and writes nothing", async () => {
    const found = await list();
    expect(keys(found.waiting)).to.deep.equal([`${ANSWERED}:${ANSWERED}`, `MSS/CONF.16:${NIL_PROOF}`]);
    expect(found.waiting.map(({ verdict }) => verdict)).to.deep.equal(["to_review", "conform"]);
    expect(found.waiting[1]?.files[0]).to.include({ name: "proof-1.txt", size: 15 });
    expect(found.waiting[1]?.files[0]?.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(found).to.deep.include({ complete: false, reviews: null, reviewed: [], complements: [], lacking: [] });
    expect(decisions(found)).to.deep.equal(["agence-machine referencable", "agence-preuves not_referencable"]);
    expect(existsSync(reviewsFileOf(bundle))).to.equal(false);
  });

  it("lists the rows that the candidate's own answers set aside, with its words", async () => {
    expect((await list()).setAside).to.deep.equal([]);
    const condition = "other-identification-means";
    const folder = await copyOfRun((run) => {
      const config = run.config as Record<string, unknown>;
      const conditions = { [condition]: { applies: false, justification: "PSC seul\u001b[2J" } };
      return { ...run, config: { ...config, conditions } };
    });
    const file = path.join(agency.folder, "aside.segur.zip");
    writeFileSync(file, await seal({ folder }));
    const { setAside } = JSON.parse((await segurInProcess(["review", file, "--json"])).stdout) as ReviewList;
    const answer = setAside.find(({ reason }) => reason === `condition:${condition}`);
    expect(answer?.justification).to.equal("PSC seul\u001b[2J");
    expect(answer?.rows).to.include("PSC.02");
    expect(setAside.map(({ reason }) => reason)).to.include("profile");
    const { stdout } = await segurInProcess(["review", file, "--lang", "en"]);
    expect(stdout).to.include(`condition:${condition} (${answer?.rows.length}): PSC seul[ESC][2J\n    `);
  });

  it("never shows what a file of proof holds", async () => {
    const { stdout } = await review("--trust", agency.trustFile);
    expect(stdout).to.include("proof-2.txt").and.not.include("film fictif").and.not.include("\u001b");
  });

  it("accepts, refuses, asks for more; the latest word counts, and the decision follows", async () => {
    const asked = await signed(
      "--accept",
      "MSS/CONF.16",
      "--complement",
      `${ANSWERED}:${ANSWERED}`,
      "--reason",
      "illisible",
    );
    expect(asked.code, asked.stderr).to.equal(0);
    let now = await list();
    expect(keys(now.complements)).to.deep.equal([`${ANSWERED}:${ANSWERED}`]);
    expect(now.reviewed.map(({ agency: by, reviewer, number }) => [by, reviewer, number])).to.deep.equal([
      [AGENCY, "Dominique Essai", 1],
      [AGENCY, "Dominique Essai", 1],
    ]);
    expect([now.complete, decisions(now)[1]]).to.deep.equal([false, "agence-preuves not_referencable"]);
    expect((await signed("--accept", ANSWERED)).code).to.equal(0);
    now = await list();
    expect([now.complete, decisions(now)[1]]).to.deep.equal([true, "agence-preuves referencable"]);
    expect((await signed("--refuse", `MSS/CONF.16:${NIL_PROOF}`, "--reason", "autre produit")).code).to.equal(0);
    now = await list();
    expect([now.complete, decisions(now)[1]]).to.deep.equal([true, "agence-preuves not_referencable"]);
    expect(now.reviewed.find(({ row }) => row === "MSS/CONF.16")).to.include({ state: "refused", number: 3 });
    expect(readFileSync(reviewsFileOf(bundle), "utf8").split("\n")).to.have.length(4);
  });

  it("takes many reviews from a YAML file", async () => {
    const file = path.join(agency.folder, "reviews.yaml");
    const entries = [
      `  - { row: ${ANSWERED}, state: accepted, reviewer: Alex Essai }`,
      `  - { row: MSS/CONF.16, proof: ${NIL_PROOF}, state: refused, reason: "floue" }`,
    ];
    writeFileSync(file, `reviewer: Camille Essai\nentries:\n${entries.join("\n")}\n`);
    const done = await review("--trust", agency.trustFile, "--key", agency.keyFile, "--from", file);
    expect(done.code, done.stderr).to.equal(0);
    const now = await list();
    expect(now.reviewed.map(({ reviewer, state }) => `${reviewer} ${state}`)).to.deep.equal([
      "Alex Essai accepted",
      "Camille Essai refused",
    ]);
  });

  it("refuses mistakes of the reviewer, and writes nothing", async () => {
    const known = ["--trust", agency.trustFile];
    const vendor = [...known, "--key", agency.vendorKeyFile, "--reviewer", "X"];
    const lines: readonly (readonly [readonly string[], string])[] = [
      [[...vendor, "--accept", "MSS/CONF.16"], "this key may not review"],
      [[...known, "--reviewer", "X", "--accept", "MSS/CONF.16"], "needs a key"],
      [[...known, "--key", agency.keyFile, "--accept", "MSS/CONF.16"], "needs the name of its reviewer"],
      [[...vendor, "--accept", "MSS/CONF.27"], "no proof was supplied for this row"],
    ];
    for (const [words, what] of lines) {
      const refused = await review(...words);
      expect(refused.code, words.join(" ")).to.equal(2);
      expect(refused.stderr).to.include(what);
    }
    expect(existsSync(reviewsFileOf(bundle))).to.equal(false);
  });

  it("without trusted keys believes the signing key alone, and nobody without one", async () => {
    const own = await review("--key", agency.keyFile, "--reviewer", "X", "--accept", "MSS/CONF.16");
    expect(own.code, own.stderr).to.equal(0);
    expect((await review("--key", agency.keyFile, "--json")).code).to.equal(0);
    const other = path.join(agency.folder, "other.key");
    writeFileSync(other, generateKeyPem("ed25519").privatePem, { mode: 0o600 });
    const stranger = await review("--key", other);
    expect(stranger.code).to.equal(1);
    expect(stranger.stderr).to.include("[review_agency]");
    const nobody = await review();
    expect(nobody.code).to.equal(2);
    expect(nobody.stderr).to.include("cannot be told genuine");
  });

  it("refuses reviews that were tampered with, or belong elsewhere, with the reason", async () => {
    await signed("--accept", "MSS/CONF.16");
    await signed("--accept", ANSWERED);
    const file = reviewsFileOf(bundle);
    const text = readFileSync(file, "utf8");
    const line = (entries: readonly unknown[]): string => {
      const first = JSON.parse(text.split("\n")[0] ?? "") as { payload: string };
      const statement = JSON.parse(Buffer.from(first.payload, "base64").toString("utf8")) as object;
      return signEnvelope("review", Buffer.from(JSON.stringify({ ...statement, entries })), agency.key);
    };
    const entry = { row: "MSS/CONF.16", proof: NIL_PROOF, state: "accepted", reason: "", reviewer: "X" };
    const cases: readonly (readonly [string, string])[] = [
      [text.slice(text.indexOf("\n") + 1), "review_chain"],
      [text.slice(0, -2), "review_unreadable"],
      [line([{ ...entry, proof: "MSS/CONF.16.01.09" }]), "review_stray"],
      [line([{ ...entry, row: "MSS/CONF.27" }]), "review_stray"],
    ];
    for (const [forged, reason] of cases) {
      writeFileSync(file, forged);
      const refused = await review("--trust", agency.trustFile);
      expect(refused.code).to.equal(1);
      expect(refused.stdout).to.equal("");
      expect(refused.stderr).to.include(`[${reason}]`);
    }
    expect((await signed("--accept", "MSS/CONF.16")).code, "nothing is added to refused reviews").to.equal(1);
  });

  it("does not review a bundle that is forged, nor one whose rules are not at hand", async () => {
    const forged = path.join(agency.folder, "forged.segur.zip");
    const bytes = readFileSync(bundle);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(forged, bytes);
    const refused = await segurInProcess(["review", forged, "--specs", agency.specs, "--trust", agency.trustFile]);
    expect(refused.code).to.equal(1);
    const without = await segurInProcess(["review", bundle, "--trust", agency.trustFile, "--lang", "en"]);
    expect(without.code).to.equal(2);
    expect(without.stderr).to.include("rule pack agence-d-essai 2026.1");
  });

  it("two reviewers at once do not lose each other's line", () => {
    const subject = { bundle: facts.result.recording.sha256, candidate: facts.result.candidate };
    const reviewers = trustedReviewers(agency.trust);
    const entry = { row: "R", proof: "P", state: "accepted", reason: "", reviewer: "X" } as const;
    const write = (during: () => void = () => undefined): void =>
      addReview(bundle, subject, reviewers, (log) => {
        during();
        return reviewLine(log, subject, [entry], "2026-11-21T20:00:00Z", agency.key);
      });
    write(() => {
      expect(() => write())
        .to.throw(SuiteError, "another command is writing this file")
        .with.property("code", "ERR_FILE");
    });
    write();
    expect(readFileSync(reviewsFileOf(bundle), "utf8").trimEnd().split("\n")).to.have.length(2);
    expect(existsSync(`${reviewsFileOf(bundle)}.lock`)).to.equal(false);
  });

  describe("the agency's decision", () => {
    const BOTH: readonly ReviewedProof[] = [
      { row: ANSWERED, proof: ANSWERED, state: "accepted" },
      { row: "MSS/CONF.16", proof: NIL_PROOF, state: "accepted" },
    ];
    const decide = (reviews: readonly ReviewedProof[], mode: SessionMode = "homologation") =>
      decideWithReviews({ ...facts, meta: { ...facts.meta, mode }, reviews });

    it("without reviews is what was recomputed", () => {
      expect(decide([], "rehearsal").perimeters).to.deep.equal(facts.result.perimeters);
    });

    it("is complete when every proof supplied is accepted or refused", () => {
      expect(decide(BOTH)).to.deep.include({ complete: true, waiting: [], complements: [] });
      expect(decide(BOTH.slice(1)).waiting).to.deep.equal([{ row: ANSWERED, proof: ANSWERED }]);
      const [first, ...others] = BOTH;
      if (!first) throw new Error("no review");
      expect(decide([{ ...first, state: "complement" }, ...others])).to.deep.include({
        complete: false,
        complements: [{ row: ANSWERED, proof: ANSWERED }],
      });
      expect(decide([{ ...first, state: "refused" }, ...others]).complete).to.equal(true);
    });

    it("is scored by the mode of the session", () => {
      const last = (mode: SessionMode) => decide([], mode).perimeters[1]?.deciding.toReview;
      expect(last("homologation")).to.deep.equal([ANSWERED, "MSS/CONF.16"]);
      expect(last("sandbox")).to.deep.equal(["MSS/CONF.16"]);
      expect(decide(BOTH).perimeters[1]?.decision).to.equal("referencable");
    });

    it("is refused for a review of what is not there", () => {
      const stray = [{ row: "MSS/CONF.27", proof: "MSS/CONF.27", state: "accepted" as const }];
      expect(() => decide(stray))
        .to.throw(Refusal)
        .with.property("reason", "review_stray");
    });
  });
});
