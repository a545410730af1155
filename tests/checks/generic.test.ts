import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { docOf } from "../../bin/rendering.js";
import { openSuite } from "../../bin/suite.js";
import { evaluate } from "../../core/evaluate/evaluate.js";
import { type CheckDef, type CheckResult, packageRoot, type RecordingView } from "../../core/model/index.js";
import { viewOf } from "../../core/record/reader.js";
import { brokenOf } from "../selftest/broken-cases.js";
import { editRecording } from "../selftest/editor.js";
import { verdictOf } from "../selftest/kill.js";
import { openStage, type PlayedStage, type Stage } from "../selftest/stage.js";

/** One good recording of every scenario, made once; every check is met on it and broken on copies of it. */
describe("every check of the registry", () => {
  const suite = openSuite();
  const pkiFolder = mkdtempSync(path.join(tmpdir(), "segur-generic-pki-"));
  let stage: Stage;
  let good: PlayedStage;
  let goodView: RecordingView;

  before(async function () {
    stage = await openStage(suite, pkiFolder);
    const controlsFirst = [...suite.specs.scenarios].sort(
      (a, b) => Number(Boolean(a.control)) - Number(Boolean(b.control)),
    );
    good = await stage.play(null, controlsFirst);
    goodView = viewOf(good.records, good.source);
  });
  after(async () => {
    await stage?.close();
    rmSync(pkiFolder, { recursive: true, force: true });
  });

  const judgeOne = (check: CheckDef, view: RecordingView): CheckResult => {
    const thrown: unknown[] = [];
    const [result] = evaluate(view, [{ check, planned: true }], (_id, error) => thrown.push(error));
    if (thrown.length > 0) throw thrown[0];
    if (!result) throw new Error("no result");
    return result;
  };

  it("plays every scenario to its end", () => {
    const odd = [...good.states].filter(([, state]) => state !== "done");
    expect(odd).to.deep.equal([]);
  });

  it("says nothing of a vendor that did nothing", () => {
    const silent: RecordingView = {
      ...goodView,
      exchanges: [],
      connections: [],
      runs: goodView.runs.map((run) => ({ ...run, exchanges: [] })),
    };
    const met = suite.checks.map((check) => judgeOne(check, silent)).filter((result) => result.outcome === "met");
    expect(met.map((result) => result.id)).to.deep.equal([]);
  });

  for (const check of suite.checks) {
    describe(check.id, () => {
      it("is met by the honest vendor", () => {
        const result = judgeOne(check, goodView);
        const fired = result.findings.filter((finding) => finding.weight === "breach");
        expect(fired).to.deep.equal([]);
        expect(["met", "inapplicable"], `${result.outcome} ${result.reason ?? ""}`).to.include(result.outcome);
      });

      it("fails for the named reason on each mutation", async () => {
        const broken = await brokenOf(check.id);
        expect(broken.mutations.length, "mutations").to.be.greaterThan(0);
        expect(broken.defects.length, "defects").to.be.greaterThan(0);
        for (const mutation of broken.mutations) {
          const session = editRecording(good.records, good.source, stage.pki, goodView);
          await mutation.edit(session.editor);
          const { killed, why } = verdictOf(check, judgeOne(check, session.view()), mutation);
          expect(killed, `${mutation.id}: ${why}`).to.equal(true);
        }
      });

      it("has its page in French and English with the agreed headings", () => {
        const { doc } = docOf(packageRoot(import.meta.url), check.id);
        for (const heading of ["Ce qui est demandé", "Ce qui est observé", "Comment corriger", "Ambiguïtés connues"]) {
          expect(doc?.fr).to.include(`## ${heading}`);
        }
        for (const heading of ["What is asked", "What is observed", "How to fix", "Known ambiguities"]) {
          expect(doc?.en).to.include(`## ${heading}`);
        }
      });
    });
  }
});
