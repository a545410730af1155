/** Whether a run keeps to the rule set: its scenarios with their own faults, values and people, its answers among those allowed. */
import { factsOf } from "../core/drive/play.js";
import { canonicalJson, type RecordingView, type ScenarioFacts, type VendorOperation } from "../core/model/index.js";
import { NAMES } from "../core/seal/bundle/manifest.js";
import { Refusal } from "../core/seal/refusal.js";
import { drawSession } from "../services/shared/draw-scenarios.js";
import { loadIdentities } from "../services/shared/identities.js";
import type { RunMeta } from "./run-folder.js";
import type { Suite } from "./suite.js";

/**
 * Throws Refusal `scenario_altered` naming the event of the first scenario that was opened with other facts than those of the
 * rule set: a kinder scenario is not the one that judging speaks of. `seed`: of the challenge, null = the fixtures as they are.
 */
export function playedAsAsked(view: RecordingView, seed: Uint8Array | null, suite: Suite): void {
  const fixtures = loadIdentities(suite.root);
  const asked = seed
    ? drawSession(fixtures, suite.specs.scenarios, seed)
    : { identities: fixtures, scenarios: suite.specs.scenarios };
  const { patients, professionals } = asked.identities;
  const scenarios = new Map(asked.scenarios.map((scenario) => [scenario.id, scenario]));
  const attempts = new Map<string, number>();
  for (const event of view.events) {
    if (event.kind !== "scenario.open") continue;
    const facts = event.data.facts as ScenarioFacts;
    const driverCan = facts.driverCan as readonly VendorOperation[];
    const scenario = scenarios.get(facts.id);
    // What the driver can do is the vendor's to say, and may grow when a run is continued.
    const expected = scenario ? factsOf(scenario, facts.attempt, { patients, professionals, driverCan }) : null;
    const key = `${facts.id}#${facts.attempt}`;
    // Counted without a gap: one that was taken out would be missed.
    const next = facts.attempt === (attempts.get(facts.id) ?? 0) + 1;
    if (!expected || canonicalJson(facts) !== canonicalJson(expected) || event.scenario !== key || !next) {
      throw new Refusal("scenario_altered", event.id, { scenario: facts.id });
    }
    attempts.set(facts.id, facts.attempt);
  }
}

/**
 * Throws Refusal `run_unreadable` for answers that segur.yaml would not have been taken with, and that ask less of the candidate: a
 * "no" without its justification, an alternative that the row does not have (it would demand none of the row's proofs).
 */
export function answeredAsAllowed({ config }: Pick<RunMeta, "config">, { specs }: Pick<Suite, "specs">): void {
  for (const [name, { applies, justification }] of Object.entries(config.conditions)) {
    if (!applies && (justification ?? "").trim() === "") {
      throw new Refusal("run_unreadable", `${NAMES.run} conditions ${name}`);
    }
  }
  for (const [id, { justification }] of Object.entries(config.notApplicable ?? {})) {
    if (justification.trim() === "") throw new Refusal("run_unreadable", `${NAMES.run} notApplicable ${id}`);
  }
  for (const [id, scenario] of Object.entries(config.alternatives ?? {})) {
    const row = specs.requirements.find((one) => one.id === id);
    if (!row?.oneOfScenarios || !row.scenarios.includes(scenario)) {
      throw new Refusal("run_unreadable", `${NAMES.run} alternatives ${id}`);
    }
  }
}
