/** Once the patient's opposition is noted, no document leaves for the DMP. */
import { defineCheck, type ScenarioRun } from "../../../core/model/index.js";
import { after, judgeSilence, type Trigger } from "../../helpers/silence.js";
import { LIFE } from "../helpers/sources.js";
import { member } from "../helpers/steps.js";

const SCENARIO = "dmp-opposed-upload";

export default defineCheck({
  id: "dmp/upload-opposed",
  title: {
    fr: "Aucun dépôt quand le patient s'y oppose",
    en: "No upload when the patient opposes it",
  },
  reads: ["dmp.submit"],
  scenarios: [SCENARIO],
  expects: "silence",
  messages: {
    uploaded: {
      weight: "breach",
      source: `${LIFE.row("DMP/CONF.09", "no upload once the opposition is recorded")}; ${LIFE.pdsm}: non-opposition handled by the software`,
      mark: "verified",
      witness: "none",
      fr: "L'opposition du patient à l'alimentation était notée ; un document a pourtant été déposé.",
      en: "The patient's opposition to the sending of documents was noted; a document was uploaded all the same.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter(({ facts }) => facts.id === SCENARIO)) {
      const came = judgeSilence(seen, report, { run, trigger: opposition(run), happened: firstUpload });
      if (came) report.finding("uploaded", came);
    }
  },
});

/** The opposition noted, when the software was then given a document to send. */
function opposition(run: ScenarioRun): Trigger | null {
  const noted = run.steps.find(
    (s) => s.operation === "patient.choice" && s.status === "done" && member(s.input, "upload") === "opposed",
  );
  const validated = run.steps.some(
    (s) => s.operation === "document.validate" && (s.status === "done" || s.status === "refused"),
  );
  if (!noted?.endEvent || !noted.endedAt || !validated) return null;
  return { at: { event: noted.endEvent }, endedAt: noted.endedAt };
}

function firstUpload(run: ScenarioRun, trigger: Trigger | null) {
  const list = trigger ? after(run, trigger) : run.exchanges;
  const upload = list.find((x) => x.operation === "dmp.submit");
  return upload ? ({ exchange: upload.id, side: "request" } as const) : null;
}
