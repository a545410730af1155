import { defineCheck, type Pointer, type ScenarioRun } from "../../core/model/index.js";
import { after, faultTrigger, judgeSilence, type Trigger } from "../helpers/silence.js";
import { callsOf, type InsCall, requestAt } from "./helpers/calls.js";

/** The same search sent this many times more after it failed is a loop; one or two tries again are not. */
const LOOP = 3;
/** Faults that say the software or its certificate is not admitted: sending again cannot help (ins.md §9 line 12). */
const REFUSALS = ["desir_550", "desir_560"];
const FAILURES = ["insi_101", "insi_102"];

export default defineCheck({
  id: "ins/retry-loop",
  title: { fr: "Pas de relance en boucle après un échec INSi", en: "No retry loop after an INSi failure" },
  reads: ["ins.search"],
  scenarios: ["ins-search-fault", "ins-search-not-authorised"],
  expects: "silence",
  messages: {
    "loop-after-refusal": {
      weight: "remark",
      source: "deduction of this project on refusals desir_550 and desir_560 (ins.md §3.5 and §9 line 12)",
      mark: "inferred",
      witness: "open client published in padoa/tlsi-ins stops at the first technical error",
      fr: "Après le refus {fault}, la même recherche est renvoyée {count} fois.",
      en: "After the refusal {fault}, the same search is sent {count} times more.",
    },
    "loop-after-failure": {
      weight: "remark",
      source: "deduction of this project on technical failures (ins.md §3.5)",
      mark: "inferred",
      witness: "open client published in padoa/tlsi-ins stops at the first technical error",
      fr: "Après l'échec {fault}, la même recherche est renvoyée {count} fois.",
      en: "After the failure {fault}, the same search is sent {count} times more.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const fault = [...REFUSALS, ...FAILURES].find((kind) => run.facts.faults.some((f) => f.kind === kind));
      // A failed scenario without control and window is there for other checks.
      if (!fault || run.facts.control === null) continue;
      const came = judgeSilence(seen, report, { run, trigger: faultTrigger(run, fault), happened });
      if (!came) continue;
      const count = mostRepeated(run, faultTrigger(run, fault))?.count ?? 0;
      report.finding(REFUSALS.includes(fault) ? "loop-after-refusal" : "loop-after-failure", came, { fault, count });
    }
  },
});

/** In the control run any search proves that calls would be seen; after the failure, a loop of the same search is looked for. */
function happened(run: ScenarioRun, trigger: Trigger | null): Pointer | null {
  if (!trigger) {
    const any = callsOf(run)[0];
    return any ? requestAt(any, "Body") : null;
  }
  const worst = mostRepeated(run, trigger);
  return worst && worst.count >= LOOP ? requestAt(worst.last, "Body") : null;
}

/** The search sent most often after the trigger among those that had already been sent. */
function mostRepeated(run: ScenarioRun, trigger: Trigger | null): { last: InsCall; count: number } | null {
  if (!trigger) return null;
  const late = new Set(after(run, trigger).map((exchange) => exchange.id));
  const counts = new Map<string, { last: InsCall; count: number }>();
  for (const call of callsOf(run)) {
    const key = JSON.stringify(call.asked?.traits ?? call.asked?.card ?? null);
    const known = counts.get(key);
    if (known && late.has(call.exchange.id)) counts.set(key, { last: call, count: known.count + 1 });
    else counts.set(key, { last: call, count: known?.count ?? 0 });
  }
  return [...counts.values()].reduce<{ last: InsCall; count: number } | null>(
    (most, entry) => (most === null || entry.count > most.count ? entry : most),
    null,
  );
}
