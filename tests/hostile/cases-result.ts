/** Claims that the evidence does not bear out, each signed by the vendor as if it were true. */
import type { Expected, HostileCase } from "./case.js";
import { refused } from "./case.js";
import { Forgery, type Loose } from "./forge.js";

const different = (kind: Extract<Expected, { status: "different" }>["kind"], id?: string): Expected => ({
  status: "different",
  kind,
  ...(id === undefined ? {} : { id }),
});

const rowOf = (result: Loose, test: (row: Loose) => boolean): Loose =>
  result.perimeters.flatMap((perimeter: Loose) => perimeter.groups.flatMap((group: Loose) => group.rows)).find(test);

export const RESULT_CASES: readonly HostileCase[] = [
  {
    id: "verdict-edited",
    what: "a row's verdict turned to conform, signed again",
    expected: different("row"),
    build: (stage) =>
      new Forgery(stage)
        .result((result) => (rowOf(result, (row) => row.verdict === "not_tested").verdict = "conform"))
        .seal(),
  },
  {
    id: "decision-edited",
    what: "the decision of a perimeter turned to referencable, signed again",
    expected: different("decision"),
    build: (stage) => new Forgery(stage).result((result) => (result.perimeters[0].decision = "referencable")).seal(),
  },
  {
    id: "check-edited",
    what: "an unobserved check turned to met, signed again",
    expected: different("check"),
    build: (stage) =>
      new Forgery(stage)
        .result((result) => (result.checks.find((check: Loose) => check.outcome === "unobserved").outcome = "met"))
        .seal(),
  },
  {
    id: "check-missing",
    what: "a check left out of the claimed result",
    expected: different("check_missing"),
    build: (stage) => new Forgery(stage).result((result) => void result.checks.splice(3, 1)).seal(),
  },
  {
    id: "checks-missing",
    what: "every check left out of the claimed result",
    expected: different("check_missing"),
    build: (stage) => new Forgery(stage).result((result) => (result.checks = [])).seal(),
  },
  {
    id: "check-unknown",
    what: "a check that does not exist, claimed as met",
    expected: different("check_unknown"),
    build: (stage) =>
      new Forgery(stage)
        .result((result) => result.checks.push({ ...result.checks[0], id: "dmp/everything-is-fine" }))
        .seal(),
  },
  {
    id: "check-twice",
    what: "a check claimed twice, once breached and once met",
    expected: different("check_unknown"),
    build: (stage) =>
      new Forgery(stage)
        .result((result) => result.checks.push({ ...result.checks[0], outcome: "met", findings: [] }))
        .seal(),
  },
  {
    id: "row-missing",
    what: "a row left out of its perimeter",
    expected: different("row_missing"),
    build: (stage) =>
      new Forgery(stage).result((result) => void result.perimeters[0].groups[0].rows.splice(0, 1)).seal(),
  },
  {
    id: "score-edited",
    what: "the counts of a perimeter raised",
    expected: different("facts"),
    build: (stage) =>
      new Forgery(stage).result((result) => (result.perimeters[0].score.all.mandatory.conform += 20)).seal(),
  },
  {
    id: "scenario-state-edited",
    what: "the state of a scenario edited",
    expected: different("facts"),
    build: (stage) => new Forgery(stage).result((result) => (result.scenarios[0].state = "interrupted")).seal(),
  },
  {
    id: "gate-edited",
    what: "the gate turned to passed",
    expected: different("facts", "gate.checks"),
    build: (stage) =>
      new Forgery(stage)
        .result((result) => (result.gate.checks = result.gate.checks === "passed" ? "breach" : "passed"))
        .seal(),
  },
  {
    id: "finding-dropped",
    what: "raw bytes with a breach, claimed without the finding",
    expected: different("check"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      const before = forgery.text("result.json");
      forgery
        .records("exchanges", (records) => records.filter((record) => record.operation !== "mss.submit"))
        .rejudge();
      const { recording, scenarios } = JSON.parse(forgery.text("result.json"));
      return forgery
        .put("result.json", before)
        .result((result) => Object.assign(result, { recording, scenarios }))
        .seal();
    },
  },
  {
    id: "result-by-hand",
    what: "the same result with spaces in between, so that its digest is another",
    expected: refused("result_unreadable"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      return forgery.put("result.json", JSON.stringify(JSON.parse(forgery.text("result.json")), null, 1)).seal();
    },
  },
  {
    id: "result-no-json",
    what: "a result that is not JSON",
    expected: refused("result_unreadable"),
    build: (stage) =>
      new Forgery(stage).seal({ before: (files) => files.set("result.json", Buffer.from("all is well\n")) }),
  },
  {
    id: "perimeter-claimed",
    what: "a manifest that names a perimeter which the run was not asked",
    expected: refused("run_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.facts.perimeters.push("mdv-lgc-wave-3");
      return forgery.seal();
    },
  },
  {
    id: "perimeter-unknown",
    what: "a perimeter that does not exist, in run, result and manifest",
    expected: refused("run_unreadable"),
    build: (stage) => {
      const forgery = new Forgery(stage).run((meta) => meta.config.perimeters.push("mdv-lgc-wave-3"));
      forgery.facts.perimeters.push("mdv-lgc-wave-3");
      return forgery.seal();
    },
  },
  {
    id: "rules-older-as-newer",
    what: "a result judged by older rules under the digest of the present ones",
    expected: different("check"),
    build: (stage) =>
      new Forgery(stage)
        .result((result) => {
          const check = result.checks.find((one: Loose) => one.outcome === "met");
          check.observed = { count: 1, at: [] };
        })
        .seal(),
  },
  {
    id: "rules-unknown",
    what: "a whole bundle of a rule set that this version does not have",
    expected: { status: "cannot_recompute" },
    build: (stage) => underRules("f".repeat(64), new Forgery(stage)).seal(),
  },
  {
    id: "rules-apart",
    what: "a manifest of the present rule set over a run made with another",
    expected: refused("run_mismatch"),
    build: (stage) => new Forgery(stage).run((meta) => (meta.ruleSet = "f".repeat(64))).seal(),
  },
  {
    id: "run-no-json",
    what: "a run.json that is not JSON",
    expected: refused("run_unreadable"),
    build: (stage) => new Forgery(stage).put("run.json", "{").seal(),
  },
  {
    id: "run-more-members",
    what: "a run.json with a member that this tool does not write",
    expected: refused("run_unreadable"),
    build: (stage) => new Forgery(stage).run((meta) => (meta.approved = true)).seal(),
  },
  {
    id: "run-proto",
    what: "a run.json whose configuration stands in __proto__",
    expected: refused("run_unreadable"),
    build: (stage) => new Forgery(stage).replace("run.json", '"config":', '"__proto__":').seal(),
  },
  {
    id: "run-only-unknown",
    what: "a run that says it was asked for a check which does not exist",
    expected: refused("run_unreadable"),
    build: (stage) => new Forgery(stage).run((meta) => (meta.only = ["nothing/at-all"])).seal(),
  },
  {
    id: "names-that-command",
    what: "a candidate whose name clears the terminal and turns the text around, in run, result and manifest",
    expected: refused("candidate_mismatch"),
    build: (stage) => {
      const name = "\u001b[2J\u202eelbacneréfér\u0007";
      const forgery = new Forgery(stage)
        .run((meta) => (meta.config.candidate.product = name))
        .result((result) => (result.candidate.product = name));
      forgery.facts.candidate.product = name;
      return forgery.seal();
    },
  },
];

/** Everything that names the rule set, under another. */
function underRules(digest: string, forgery: Forgery): Forgery {
  forgery.facts.ruleSet = digest;
  return forgery.run((meta) => (meta.ruleSet = digest)).result((result) => (result.ruleSet = digest));
}
