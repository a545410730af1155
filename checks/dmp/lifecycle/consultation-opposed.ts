/** Once the patient's refusal is noted, the DMP is not consulted and no right is added; the list comes back once it is lifted. */
import { defineCheck, type Exchange, type Pointer, type ScenarioRun, type Step } from "../../../core/model/index.js";
import { controlOf, type Trigger, windowAfter } from "../../helpers/silence.js";
import { CONSULTATION, rightAsked } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";
import { member } from "../helpers/steps.js";

const SCENARIO = "dmp-opposed-consultation";

export default defineCheck({
  id: "dmp/consultation-opposed",
  title: {
    fr: "Le refus de la consultation est respecté, et la consultation reprend quand il est levé",
    en: "The refusal of the consultation is respected, and the consultation resumes once it is lifted",
  },
  reads: ["dmp.authorise", ...CONSULTATION],
  scenarios: [SCENARIO],
  expects: "silence",
  messages: {
    consulted: {
      weight: "breach",
      source: LIFE.row("DMP/CONF.06, DMP/UX.06", "no consultation once the refusal is recorded"),
      mark: "verified",
      witness: "none",
      fr: "Le refus du patient était noté ; le DMP a pourtant été consulté ({operation}).",
      en: "The patient's refusal was noted; the DMP was consulted all the same ({operation}).",
    },
    right_added: {
      weight: "breach",
      source: LIFE.row("DMP/UX.50", "TD0.3 only with no opposition"),
      mark: "verified",
      witness: "none",
      fr: "Le refus du patient était noté ; une autorisation d'accès (TD0.3) a pourtant été ajoutée.",
      en: "The patient's refusal was noted; a right of access (TD0.3) was added all the same.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter(({ facts }) => facts.id === SCENARIO)) {
      const opposed = choice(run, "opposed");
      const trigger = opposed && triggerOf(opposed);
      // Asked again and again until the refusal is lifted: what comes then is the proof that it would have come.
      const lifted = choice(run, "allowed");
      const during = run.exchanges.filter(
        (x) => trigger && x.startedAt >= trigger.endedAt && (!lifted || x.startedAt < lifted.beganAt),
      );
      const asked = run.steps.some(
        (s) => s.operation === "dmp.search" && isAnswered(s) && (!lifted || s.index < lifted.index),
      );
      const resumed = lifted
        ? run.exchanges.filter((x) => x.startedAt >= lifted.beganAt).find(isConsultation)
        : undefined;
      const control = controlOf(seen, run);
      const right = control?.exchanges.find(isRight);
      report.silence({
        trigger: asked ? (trigger?.at ?? null) : null,
        control: resumed && right ? { exchange: resumed.id, side: "request" } : null,
        window: trigger ? windowAfter(run, trigger) : null,
      });
      if (!trigger) continue;
      report.observed(trigger.at);
      const consulted = during.find(isConsultation);
      if (consulted) report.finding("consulted", at(consulted), { operation: consulted.operation });
      const added = during.find(isRight);
      if (added) report.finding("right_added", at(added));
    }
  },
});

function at(exchange: Exchange): Pointer {
  return { exchange: exchange.id, side: "request" };
}

function isAnswered(step: Step): boolean {
  return step.status === "done" || step.status === "refused";
}

/** The step that noted this choice about the consultation, as the software took it. */
function choice(run: ScenarioRun, wanted: "opposed" | "allowed"): Step | undefined {
  return run.steps.find(
    (step) =>
      step.operation === "patient.choice" && step.status === "done" && member(step.input, "consultation") === wanted,
  );
}

function triggerOf(step: Step): Trigger | null {
  return step.endEvent && step.endedAt ? { at: { event: step.endEvent }, endedAt: step.endedAt } : null;
}

function isConsultation(exchange: Exchange): boolean {
  return exchange.operation === "dmp.search" || exchange.operation === "dmp.retrieve";
}

function isRight(exchange: Exchange): boolean {
  const action = rightAsked(exchange);
  return action !== null && action !== "SUPPRESSION";
}
