import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { type Diff, diffRuns } from "../../bin/commands/diff.js";
import { type RunMeta, runFolderAt } from "../../bin/run-folder.js";
import { openSuite } from "../../bin/suite.js";
import { diffText } from "../../bin/words/diff.js";
import { canonicalJson, type RunResult } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { segur } from "../support/cli.js";

const SELECTED = ["mss/subject", "mss/message-id"];

/** Two real runs of one scenario, faithful and with a wrong subject; the others are copies with one thing changed. */
describe("segur diff", function () {
  const suite = openSuite();
  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-diff-"));
    const play = async (name: string, ...words: string[]): Promise<void> => {
      const runs = path.join(folder, `of-${name}`);
      const demo = await segur(["demo", "--runs", runs, "--only", ...SELECTED, ...words], { cwd: folder });
      expect(demo.stderr, demo.stderr).to.include("report.html");
      const [run] = readdirSync(runs);
      cpSync(path.join(runs, run ?? ""), path.join(folder, name), { recursive: true });
      rmSync(runs, { recursive: true });
    };
    await play("good");
    await play("broken", "--defect", "mss-subject-wrong");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function edited(
    from: string,
    name: string,
    change: (meta: RunMeta, result: RunResult) => [RunMeta, RunResult | null],
  ): string {
    const to = path.join(folder, name);
    cpSync(path.join(folder, from), to, { recursive: true });
    const meta = JSON.parse(readFileSync(path.join(to, "run.json"), "utf8")) as RunMeta;
    const result = JSON.parse(readFileSync(path.join(to, "result.json"), "utf8")) as RunResult;
    const [newMeta, newResult] = change(meta, result);
    writeFileSync(path.join(to, "run.json"), JSON.stringify(newMeta));
    if (newResult) writeFileSync(path.join(to, "result.json"), canonicalJson(newResult));
    else rmSync(path.join(to, "result.json"));
    return name;
  }
  const compare = (before: string, after: string): Diff =>
    diffRuns(runFolderAt(path.join(folder, before)), runFolderAt(path.join(folder, after)), suite);

  function fingerprint(run: string): string {
    const hash = createHash("sha256");
    for (const entry of readdirSync(path.join(folder, run), { recursive: true, encoding: "utf8" }).sort()) {
      const file = path.join(folder, run, entry);
      hash.update(entry);
      if (statSync(file).isFile()) hash.update(readFileSync(file)).update(String(statSync(file).mtimeMs));
    }
    return hash.digest("hex");
  }

  it("finds no change between a run and itself: exit 0", async () => {
    const run = await segur(["diff", "good", "good", "--lang", "en"], { cwd: folder });
    expect(run).to.include({ code: 0, stderr: "" });
    expect(run.stdout).to.include("Checks: no change").and.to.include("Nothing got worse");
  });

  it("names the check, its message and the row that got worse, cause evidence: exit 1, folders untouched", async () => {
    const before = [fingerprint("good"), fingerprint("broken")];
    const run = await segur(["diff", "good", "broken", "--json"], { cwd: folder });
    expect(run.code).to.equal(1);
    const found = JSON.parse(run.stdout) as Diff;
    const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
    const validate = schemas.validator("diff");
    expect(validate(found), JSON.stringify(validate.errors)).to.equal(true);
    const subject = found.checks.find((one) => one.id === "mss/subject");
    expect(subject).to.include({ direction: "worse", regression: true, shown: true });
    expect(subject?.causes).to.deep.equal(["evidence"]);
    expect(subject?.before?.outcome).to.equal("met");
    expect(subject?.after?.outcome).to.equal("breached");
    expect(subject?.after?.breaches).to.not.have.length(0);
    expect(found.checks.map((one) => one.id)).to.not.include("mss/message-id");
    expect(found.rows.filter((one) => one.regression).map((one) => one.id)).to.include("MSS/CONF.25");
    expect(found.asked).to.deep.equal([]);
    expect(found.evidence).to.deep.equal({ recording: true, proofs: false });
    expect([fingerprint("good"), fingerprint("broken")]).to.deep.equal(before);
    const back = await segur(["diff", "broken", "good", "--lang", "fr"], { cwd: folder });
    expect(back.code).to.equal(0);
    expect(back.stdout).to.include("mieux  mss/subject").and.to.include("cause : enregistrement");
  });

  it("names perimeter when another selection left a check out of the same recording", () => {
    const less = edited("good", "less", (meta, result) => [{ ...meta, only: ["mss/subject"] }, result]);
    // The result of before the selection does not follow from this folder: judged again.
    const found = compare("good", less);
    expect(found.after.notes).to.deep.equal(["result_does_not_follow"]);
    expect(found.asked).to.deep.equal(["only"]);
    expect(found.evidence.recording).to.equal(false);
    expect(found.checks.map((one) => one.id)).to.deep.equal(["mss/message-id"]);
    expect(found.checks[0]).to.include({ direction: "vanished", regression: true });
    expect(found.checks[0]?.causes).to.deep.equal(["perimeter"]);
    const row = found.rows.find((one) => one.id === "MSS/va1.12");
    expect(row?.before?.verdict).to.equal("conform");
    expect(row?.after?.verdict).to.equal("not_tested");
    expect(row?.causes).to.deep.equal(["perimeter"]);
    expect(diffText(found, suite, "en")).to.include("asked differently: selection (--only)");
  });

  it("names perimeter for rows and decisions of a wave that is no longer judged", () => {
    const less = edited("good", "wave", (meta) => [
      { ...meta, config: { ...meta.config, perimeters: ["mdv-lgc-wave-2"] } },
      null,
    ]);
    const found = compare("good", less);
    expect(found.after.notes).to.deep.equal(["no_result"]);
    const [decision] = found.decisions;
    expect(decision).to.include({ id: "mdv-lgc-wave-1", direction: "vanished", regression: true, after: null });
    expect(decision?.causes).to.deep.equal(["perimeter"]);
    const vanished = found.rows.filter((one) => one.direction === "vanished");
    expect(vanished.length).to.be.greaterThan(50);
    expect(new Set(vanished.map((one) => one.perimeter))).to.deep.equal(new Set(["mdv-lgc-wave-1"]));
    expect(new Set(vanished.flatMap((one) => one.causes))).to.deep.equal(new Set(["perimeter"]));
  });

  it("names rules when an older rule set judged the same recording otherwise, and says which", () => {
    const OLD = "0".repeat(64);
    const older = edited("good", "older", (meta, result) => [
      { ...meta, ruleSet: OLD },
      {
        ...result,
        ruleSet: OLD,
        checks: [
          ...result.checks.map((check) =>
            check.id === "mss/subject" ? { ...check, outcome: "breached" as const } : check,
          ),
          { ...(result.checks.find((check) => check.planned) ?? result.checks[0]), id: "mss/of-old" } as never,
        ],
      },
    ]);
    const found = compare(older, "good");
    const subject = found.checks.find((one) => one.id === "mss/subject");
    expect(subject).to.include({ direction: "better", regression: false });
    expect(subject?.causes).to.deep.equal(["rules"]);
    const gone = found.checks.find((one) => one.id === "mss/of-old");
    expect(gone).to.include({ direction: "vanished", after: null });
    expect(gone?.causes).to.deep.equal(["rules"]);
    expect(found.before).to.deep.include({ ruleSet: OLD, notes: [] });
    expect(diffText(found, suite, "fr")).to.include("000000000000 avant");
    // The same rules gave both: then the rules explain nothing.
    const broken = edited("broken", "older-broken", (meta, result) => [
      { ...meta, ruleSet: OLD },
      { ...result, ruleSet: OLD },
    ]);
    const good = edited("good", "older-good", (meta, result) => [
      { ...meta, ruleSet: OLD },
      { ...result, ruleSet: OLD },
    ]);
    expect(compare(good, broken).checks.find((one) => one.id === "mss/subject")?.causes).to.deep.equal(["evidence"]);
  });

  it("does not take an edited result of the present rules at its word", () => {
    const forged = edited("broken", "forged", (meta, result) => [
      meta,
      { ...result, checks: result.checks.map((check) => ({ ...check, outcome: "met" as const, findings: [] })) },
    ]);
    const found = compare("good", forged);
    expect(found.after.notes).to.deep.equal(["result_does_not_follow"]);
    expect(found.checks.find((one) => one.id === "mss/subject")).to.include({ direction: "worse" });
    writeFileSync(path.join(folder, "forged", "result.json"), "[{");
    expect(compare("good", "forged").after.notes).to.deep.equal(["unreadable_result"]);
    writeFileSync(path.join(folder, "forged", "result.json"), "null");
    expect(compare("good", "forged").after.notes).to.deep.equal(["unreadable_result"]);
  });

  it("ends with 2 when a run cannot be compared", async () => {
    const none = await segur(["diff", "good", "nowhere"], { cwd: folder });
    expect(none).to.include({ code: 2, stdout: "" });
    expect(none.stderr).to.include("aucune exécution ne s'appelle nowhere");
    edited("good", "gone", (meta, result) => [meta, result]);
    rmSync(path.join(folder, "gone", "recording"), { recursive: true });
    const gone = await segur(["diff", "good", "gone", "--lang", "en"], { cwd: folder });
    expect(gone.code).to.equal(2);
    expect(gone.stderr).to.include("there is no recording here");
  });
});
