import { expect } from "chai";
import type { EventKind, EventRecord } from "../../core/model/index.js";
import { renderReport, stepTroubles } from "../../reports/index.js";
import { reportView } from "../../reports/html/view-model.js";
import { HOSTILE, sample } from "./sample.js";

let number = 0;
const event = (kind: EventKind, scenario: string | null, data: Record<string, unknown>): EventRecord => ({
  id: `e${String((number += 1)).padStart(4, "0")}`,
  at: "2026-11-21T10:00:00.000Z",
  kind,
  scenario,
  exchange: null,
  data,
});
const step = (scenario: string, index: number, operation: string, end: Record<string, unknown>): EventRecord[] => [
  event("step.begin", scenario, { step: index, operation, input: {} }),
  event("step.end", scenario, { step: index, ...end }),
];

describe("steps that were not carried out", () => {
  it("are told with operation, status and what was said; those that were done are not", () => {
    const told = stepTroubles([
      ...step("mss-subject#1", 0, "patient.put", { status: "done", answer: { patientId: "P1" } }),
      ...step("mss-subject#1", 1, "mss.send", { status: "refused", answer: { reason: "nobody\n is logged in" } }),
      ...step("psc-login#1", 0, "login", {
        status: "failed",
        answer: { error: "garbage", detail: "not a JSON object" },
      }),
    ]);
    expect(told).to.deep.equal([
      { scenario: "mss-subject#1", operation: "mss.send", status: "refused", code: null, said: "nobody is logged in" },
      { scenario: "psc-login#1", operation: "login", status: "failed", code: "garbage", said: "not a JSON object" },
    ]);
  });

  it("leave out what only follows: an answer that is missing, an interruption, a driver that cannot", () => {
    for (const error of ["missing_answer", "interrupted", "driver_cannot"])
      expect(stepTroubles(step("a#1", 0, "login", { status: "failed", answer: { error } })), error).to.deep.equal([]);
  });

  it("bear events that are not as the suite writes them", () => {
    const odd = [
      event("step.end", null, { step: 0, status: "failed" }),
      event("step.end", "a#1", { step: {}, status: "failed", answer: null }),
      event("step.end", "b#1", { status: "refused", answer: "no" }),
      event("step.begin", "c#1", { operation: 12 }),
      event("step.end", "c#1", { status: ["failed"] }),
    ];
    expect(stepTroubles(odd).map(({ scenario, operation, said }) => [scenario, operation, said])).to.deep.equal([
      ["a#1", "?", ""],
      ["b#1", "?", ""],
    ]);
  });

  const steps = stepTroubles([
    ...step("mss-subject#1", 0, "mss.send", { status: "refused", answer: { reason: HOSTILE.script } }),
    ...step("mss-archive#1", 0, "mss.send", { status: "refused", answer: { reason: HOSTILE.script } }),
    ...step("psc-login#1", 0, "login", { status: "failed", answer: { error: "timeout", detail: HOSTILE.controls } }),
  ]);

  it("stand together when they say the same, beside what was not observed", () => {
    const { untested } = reportView({ ...sample({ lang: "en" }), steps });
    expect(untested.steps.map(({ operation, answer, count }) => [operation, answer, count])).to.deep.equal([
      ["mss.send", "refused by the software", "2 scenarios"],
      ["login", "failed: no answer in time", "1 scenario"],
    ]);
    expect(untested.steps[0]?.scenarios).to.deep.equal(["mss-subject#1", "mss-archive#1"]);
    expect(renderReport("text", { ...sample(), steps })).to.include("  Étapes refusées par le logiciel ou en échec\n");
  });

  it("show what was said as text, whatever it is", () => {
    const html = renderReport("html", { ...sample(), steps });
    expect(html).to.include("&lt;script&gt;alert");
    expect(html).not.to.include("<script>");
    expect(renderReport("text", { ...sample(), steps })).not.to.match(/\u001b/);
  });

  it("are not told when everything was observed: a refusal is then the right answer", () => {
    const { result, ...input } = sample({ lang: "en" });
    const checks = result.checks.map((check) => ({ ...check, outcome: "met" as const }));
    const scenarios = result.scenarios.map((one) => ({ ...one, state: "done" as const }));
    const { untested } = reportView({ ...input, steps, result: { ...result, checks, scenarios } });
    expect(untested.steps).to.deep.equal([]);
  });
});

describe("checks that observed nothing", () => {
  it("stand together under their common reason, in the page and in the text", () => {
    const input = sample({ lang: "en" });
    const checks = input.result.checks.map((check) =>
      check.planned
        ? { ...check, outcome: "unobserved" as const, reason: "no_exchange", cause: "software" as const }
        : check,
    );
    const all = { ...input, result: { ...input.result, checks } };
    const planned = checks.filter((check) => check.planned).map((check) => check.id);
    const { untested } = reportView(all);
    expect(untested.checks).to.have.length(1);
    expect(untested.checks[0]?.checks.map((check) => check.id)).to.deep.equal(planned);
    const text = renderReport("text", all);
    expect(text.split("none of the calls that this check reads was recorded").length - 1).to.equal(1);
    for (const id of planned) expect(text).to.include(id);
  });
});

describe("a run that did not come to its end", () => {
  const input = sample({ lang: "en" });
  const all = (state: "done" | "not_played" | "failed") => ({
    ...input,
    result: { ...input.result, scenarios: input.result.scenarios.map((one) => ({ ...one, state })) },
  });

  it("is told first, with how many scenarios are left and how to go on", () => {
    const total = input.result.scenarios.length;
    const said = `Incomplete run: ${total} of ${total} scenarios are not played to their end. To go on: segur run --continue `;
    expect(reportView(all("not_played")).incomplete).to.equal(said + input.meta.runFolder);
    expect(renderReport("text", all("not_played")).indexOf(said)).to.be.within(0, 400);
    expect(renderReport("markdown", all("not_played"))).to.include(`**Incomplete run: ${total} of ${total} scenarios`);
    expect(reportView(all("not_played")).toc.find((entry) => entry.href === "scenarios")?.count).to.equal("0");
  });

  it("is not one whose scenarios all ended, well or not", () => {
    expect(reportView(all("done")).incomplete).to.equal(null);
    expect(reportView(all("failed")).incomplete).to.equal(null);
  });
});
