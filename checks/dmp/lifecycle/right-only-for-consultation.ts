/** No right of access (TD0.3) is asked for a document to be sent or deleted. */
import { defineCheck, type ScenarioRun } from "../../../core/model/index.js";
import { CONSULTATION, consults, rightAsked, updateOf } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";

const SCENARIOS = ["dmp-submit", "dmp-validate", "dmp-update-delete"];
const DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted";

/**
 * What must not come stands before something that did come: the upload or the deletion ends the time looked at, so that
 * no window of observation is needed. Nobody asks for a consultation in these scenarios; software that reads the DMP ahead all the
 * same (REM DMP/UX.34) has its reason for a right.
 */
export default defineCheck({
  id: "dmp/right-only-for-consultation",
  title: {
    fr: "Aucune autorisation d'accès (TD0.3) pour déposer ou supprimer",
    en: "No right of access (TD0.3) is asked for an upload or a deletion",
  },
  reads: ["dmp.authorise", "dmp.submit", "dmp.update", ...CONSULTATION],
  // Automatic sending is looked at where it was played: not every driver can trigger it.
  scenarios: ["dmp-submit", "dmp-update-delete"],
  messages: {
    asked: {
      weight: "breach",
      source: `${LIFE.row("DMP/CONF.05", "no TD0.3 for feeding or deleting")}; ${LIFE.pdsm}: authorisation for consultation only`,
      mark: "verified",
      witness: "none",
      fr: "Une autorisation d'accès (TD0.3) a été ajoutée avant le dépôt ou la suppression (échange {act}), qui n'en demandent pas.",
      en: "A right of access (TD0.3) was added before the upload or the deletion (exchange {act}), which need none.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter(({ facts }) => SCENARIOS.includes(facts.id))) {
      const last = lastAct(run);
      if (!last) continue;
      report.observed({ exchange: last.id, side: "request" });
      const right = run.exchanges.find(
        (x) =>
          x.startedAt < last.startedAt &&
          rightAsked(x) !== null &&
          rightAsked(x) !== "SUPPRESSION" &&
          !run.exchanges.some((other) => other.startedAt > x.startedAt && consults(other)),
      );
      if (right) report.finding("asked", { exchange: right.id, side: "request" }, { act: last.id });
    }
  },
});

/** The last upload or deletion of the run. */
function lastAct(run: ScenarioRun) {
  const acts = run.exchanges.filter(
    (x) =>
      x.operation === "dmp.submit" ||
      (updateOf(x)?.operations ?? []).some((one) => one.kind === "status" && one.newStatus === DELETED),
  );
  return acts[acts.length - 1];
}
