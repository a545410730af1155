import { expect } from "chai";
import { coverOf } from "../../../core/compare/index.js";
import type { BaselineCover, BaselineEntry, CheckResult, GateState } from "../../../core/model/index.js";
import { breached, check, sampleResult } from "./sample.js";

const TODAY = "2026-11-21";

function entry(id: string, change: Partial<BaselineEntry> = {}): BaselineEntry {
  return { check: id, messages: null, outcome: null, reason: "known", expires: "2026-12-31", ...change };
}

function cover(
  checks: readonly CheckResult[],
  entries: readonly BaselineEntry[],
  gate: GateState = "breach",
  findingsKept = 200,
): BaselineCover {
  const result = sampleResult({ checks });
  const facts = { file: "known.yaml", today: TODAY, findingsKept };
  return coverOf({ checks, gate: { ...result.gate, checks: gate } }, entries, facts);
}

describe("coverOf", () => {
  const unobserved = check("psc/b", { outcome: "unobserved", reason: "no_exchange" });

  it("passes when every failing planned check is covered, and says by what", () => {
    const found = cover([breached("psc/a", "wrong"), unobserved, check("psc/c")], [entry("psc/a"), entry("psc/b")]);
    expect(found).to.include({ gate: "passed", file: "known.yaml" });
    expect(found.covered).to.deep.equal([
      { check: "psc/a", outcome: "breached", reasons: ["known"], expires: "2026-12-31" },
      { check: "psc/b", outcome: "unobserved", reasons: ["known"], expires: "2026-12-31" },
    ]);
    expect([...found.uncovered, ...found.stale, ...found.idle]).to.deep.equal([]);
  });

  it("fails on a failing check that no entry names", () => {
    const found = cover([breached("psc/a", "wrong"), unobserved], [entry("psc/a")]);
    expect(found.gate).to.equal("failing");
    expect(found.uncovered).to.deep.equal(["psc/b"]);
  });

  it("covers only the messages named", () => {
    const known = entry("psc/a", { messages: ["wrong"] });
    expect(cover([breached("psc/a", "wrong", "wrong")], [known]).gate).to.equal("passed");
    const other = cover([breached("psc/a", "twice", "wrong")], [known]);
    expect(other).to.include({ gate: "failing" });
    expect(other.uncovered).to.deep.equal(["psc/a"]);
    expect(other.stale).to.deep.equal([]);
  });

  it("adds up the messages of several entries", () => {
    const entries = [
      entry("psc/a", { messages: ["wrong"], reason: "first", expires: "2026-12-31" }),
      entry("psc/a", { messages: ["twice"], reason: "second", expires: "2026-12-01" }),
    ];
    const found = cover([breached("psc/a", "twice", "wrong")], entries);
    expect(found.gate).to.equal("passed");
    expect(found.covered[0]).to.deep.equal({
      check: "psc/a",
      outcome: "breached",
      reasons: ["first", "second"],
      expires: "2026-12-01",
    });
  });

  it("does not let remarks decide", () => {
    const [finding] = breached("psc/a", "wrong").findings;
    if (!finding) throw new Error("no finding");
    const noisy = {
      ...breached("psc/a", "wrong"),
      findings: [finding, { ...finding, message: "r", weight: "remark" as const }],
    };
    expect(cover([noisy], [entry("psc/a", { messages: ["wrong"] })]).gate).to.equal("passed");
    expect(cover([noisy], [entry("psc/a", { messages: ["r"] })]).gate).to.equal("failing");
  });

  it("is not sure of messages when the list of findings is full", () => {
    const full = breached("psc/a", "wrong", "wrong", "wrong");
    expect(cover([full], [entry("psc/a", { messages: ["wrong"] })], "breach", 3).gate).to.equal("failing");
    expect(cover([full], [entry("psc/a", { messages: ["wrong"] })], "breach", 4).gate).to.equal("passed");
    expect(cover([full], [entry("psc/a")], "breach", 3).gate).to.equal("passed");
  });

  it("names an entry whose check fails no more", () => {
    for (const outcome of ["met", "inapplicable"] as const) {
      const found = cover([check("psc/a", { outcome })], [entry("psc/a")], "passed");
      expect(found.gate).to.equal("stale");
      expect(found.stale).to.deep.equal([{ check: "psc/a", why: "not_failing", expires: "2026-12-31", messages: [] }]);
    }
  });

  it("holds an entry through its last day, and not a day longer", () => {
    const failing = [breached("psc/a", "wrong")];
    expect(cover(failing, [entry("psc/a", { expires: TODAY })]).gate).to.equal("passed");
    const late = cover(failing, [entry("psc/a", { expires: "2026-11-20" })]);
    expect(late).to.include({ gate: "failing" });
    expect(late.stale[0]).to.include({ why: "expired", check: "psc/a" });
    expect(late.covered).to.deep.equal([]);
    // Expired is stale even where the check is not part of the run, or fails no more.
    expect(cover([], [entry("psc/a", { expires: "2020-01-01" })], "passed").gate).to.equal("stale");
  });

  it("names an entry whose check fails in another way, or whose message fires no more", () => {
    const other = cover([unobserved], [entry("psc/b", { outcome: "breached" })], "unobserved");
    expect(other.gate).to.equal("failing");
    expect(other.stale[0]).to.include({ why: "other_outcome" });
    const messages = cover([unobserved], [entry("psc/b", { messages: ["wrong"] })], "unobserved");
    expect(messages.stale[0]).to.include({ why: "other_outcome" });
    const gone = cover([breached("psc/a", "wrong")], [entry("psc/a", { messages: ["twice", "wrong"] })]);
    expect(gone.gate).to.equal("stale");
    expect(gone.stale[0]).to.deep.equal({
      check: "psc/a",
      why: "message_gone",
      expires: "2026-12-31",
      messages: ["twice"],
    });
  });

  it("never covers an error or an empty run", () => {
    const crashed = check("psc/a", { outcome: "error", reason: "check_threw", cause: "suite" });
    const found = cover([crashed], [entry("psc/a")], "error");
    expect(found.gate).to.equal("error");
    expect(found.covered).to.deep.equal([]);
    expect(found.stale).to.deep.equal([]);
    expect(cover([], [], "empty").gate).to.equal("empty");
    expect(cover([unobserved], [entry("psc/b")], "empty").gate).to.equal("empty");
  });

  it("leaves entries about checks of no part of this run in peace", () => {
    const unplanned = check("psc/b", { planned: false, outcome: "unobserved" });
    const found = cover([check("psc/a"), unplanned], [entry("psc/b"), entry("psc/z")], "passed");
    expect(found.gate).to.equal("passed");
    expect(found.idle).to.deep.equal(["psc/b", "psc/z"]);
  });
});
