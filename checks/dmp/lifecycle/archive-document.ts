/** TD3.3d: archiving and its undoing change the status of the document chosen, to the one asked. */
import { defineCheck } from "../../../core/model/index.js";
import { judgeStatusUpdate, STATUS_MESSAGES } from "../helpers/status-update.js";
import { asked, member, textOf } from "../helpers/steps.js";

const STATUS: ReadonlyMap<string, string> = new Map([
  ["archive", "urn:asip:ci-sis:2010:StatusType:Archived"],
  ["unarchive", "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"],
]);

export default defineCheck({
  id: "dmp/archive-document",
  title: {
    fr: "L'archivage (TD3.3d) donne au document choisi le statut demandé",
    en: "Archiving (TD3.3d) gives the document chosen the status asked",
  },
  reads: ["dmp.submit", "dmp.search", "dmp.update"],
  scenarios: ["dmp-update-archive"],
  messages: STATUS_MESSAGES,
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const one of asked(run, "dmp.update")) {
        const action = textOf(member(one.step.input, "action")) ?? "";
        const status = STATUS.get(action);
        if (status !== undefined) judgeStatusUpdate(one, action, status, report);
      }
    }
  },
});
