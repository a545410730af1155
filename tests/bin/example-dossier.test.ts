/** The example dossier: what is committed is what its maker writes, it makes both waves referencable, and needs each of its proofs. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { bundledConfig } from "../../bin/bundled.js";
import { withDossier } from "../../bin/dossier/merge.js";
import { exampleDossier } from "../../bin/dossier/open.js";
import { viewOf } from "../../bin/dossier/on-hand.js";
import { openDossier } from "../../bin/dossier/folder.js";
import { exampleFile, exampleText } from "../../bin/example-dossier.js";
import { answersOf } from "../../bin/judgement.js";
import { openSuite } from "../../bin/suite.js";
import type { CheckResult, SegurConfig } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { scorePerimeters } from "../../core/score/index.js";

const ON = "2026-11-22";

describe("the example dossier", function () {
  const suite = openSuite();
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const bundled = bundledConfig({ root: suite.root, specs: suite.specs, port: 0 }).config;
  const { config } = withDossier({ ...bundled, dossier: exampleDossier(suite.root) }, suite.specs, schemas, ON);
  const perimeters = suite.specs.perimeters.filter(({ id }) => config.perimeters.includes(id));
  /** A run in which every check is met: what the dossier adds to it is looked at here, the run itself elsewhere. */
  const checks = suite.checks.map(({ id }): CheckResult => ({
    id,
    planned: true,
    outcome: "met",
    strength: "witnessed",
    observed: { count: 1, at: [] },
    findings: [],
    cause: null,
    reason: null,
  }));
  const decided = (proofs: SegurConfig["proofs"], on = ON) =>
    scorePerimeters({
      perimeters,
      requirements: suite.specs.requirements,
      checks,
      answers: answersOf({ config: { ...config, proofs }, mode: "sandbox", startedAt: `${on}T00:00:00Z` }, suite),
    });

  it("is written by its maker (npm run example)", () => {
    expect(readFileSync(exampleFile(suite.root), "utf8")).to.equal(exampleText(suite));
  });

  it("has every proof accepted, none owed, blocked or stale", async () => {
    const dossier = openDossier(exampleDossier(suite.root), schemas);
    const view = await viewOf({ config, specs: suite.specs, dossier, asOf: ON });
    expect(view.proofs.length).to.be.greaterThan(250);
    expect(view.proofs.filter(({ state }) => state !== "accepted").map(({ id, state }) => [id, state])).to.deep.equal(
      [],
    );
  });

  it("makes both waves referencable", () => {
    expect(decided(config.proofs).map(({ id, decision }) => [id, decision])).to.deep.equal([
      ["mdv-lgc-wave-1", "referencable"],
      ["mdv-lgc-wave-2", "referencable"],
    ]);
  });

  it("turns the decision when any one mandatory proof is taken out, in the waves that ask for it and in no other", async () => {
    const dossier = openDossier(exampleDossier(suite.root), schemas);
    const { proofs } = await viewOf({ config, specs: suite.specs, dossier, asOf: ON });
    const wrong = proofs.flatMap(({ id, mandatory, perimeters: asking }) => {
      const { [id]: _taken, ...rest } = config.proofs;
      return decided(rest)
        .filter(({ id: wave, decision }) => {
          const expected = mandatory && asking.includes(wave) ? "not_referencable" : "referencable";
          return decision !== expected;
        })
        .map(({ id: wave, decision }) => `${id} ${wave} ${decision}`);
    });
    expect(wrong).to.deep.equal([]);
  });

  it("is blocked a year after its penetration test", () => {
    expect(decided(config.proofs, "2027-10-15").map(({ decision }) => decision)).to.deep.equal([
      "referencable",
      "referencable",
    ]);
    const [first, second] = decided(config.proofs, "2027-10-16");
    expect(first?.decision).to.equal("referencable");
    expect(second).to.include({ decision: "not_referencable", reason: "owed" });
    expect(second?.deciding.dossierOwed).to.include("SSI/GEN.18");
  });
});
