/** Nothing is uploaded once the DMP was said absent or closed. */
import { defineCheck, type ScenarioRun } from "../../core/model/index.js";
import { after, deliveredTrigger, judgeSilence, type Trigger } from "../helpers/silence.js";
import { answerOf, DMP_CALLS } from "./helpers/call.js";

const SCENARIOS = ["dmp-absent", "dmp-closed"];

export default defineCheck({
  id: "dmp/upload-without-dmp",
  title: {
    fr: "Rien n'est déposé quand le DMP n'existe pas ou est fermé",
    en: "Nothing is uploaded when there is no DMP or it is closed",
  },
  reads: DMP_CALLS,
  scenarios: SCENARIOS,
  expects: "silence",
  messages: {
    uploaded: {
      weight: "breach",
      source:
        "projet de guide ANS PDSm pour le DMP, préconditions : DMP actif (dmp.md §5, S1); arrêté du 26 avril 2022 (S20)",
      mark: "verified",
      witness: "none",
      fr: "Le DMP avait répondu « {state} » (échange {answer}) ; un document a pourtant été déposé.",
      en: "The DMP had answered “{state}” (exchange {answer}); a document was uploaded all the same.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter((r) => SCENARIOS.includes(r.facts.id))) {
      const refusal = run.exchanges.find((x) => ["absent", "closed"].includes(answerOf(x)?.dmp ?? ""));
      const came = judgeSilence(seen, report, {
        run,
        trigger: refusal ? deliveredTrigger(refusal) : null,
        happened: firstUpload,
      });
      if (came && refusal) {
        report.finding("uploaded", came, { state: answerOf(refusal)?.dmp ?? null, answer: refusal.id });
      }
    }
  },
});

function firstUpload(run: ScenarioRun, trigger: Trigger | null) {
  const list = trigger ? after(run, trigger) : run.exchanges;
  const upload = list.find((x) => x.operation === "dmp.submit");
  return upload ? ({ exchange: upload.id, side: "request" } as const) : null;
}
