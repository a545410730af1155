import { defineBroken } from "../../../core/model/index.js";

export default defineBroken({
  check: "dmp/consultation-without-right",
  mutations: [
    {
      id: "list without the right being added",
      message: "consulted",
      edit: (r) => {
        r.remove(r.exchange("dmp.authorise", "dmp-authorise"));
        const questions = r.exchanges("dmp.exists", "dmp-authorise");
        for (const question of questions.slice(1)) r.remove(question);
      },
    },
    {
      id: "right taken away before the list",
      message: "consulted",
      edit: (r) => {
        r.replaceInRequest(r.exchange("dmp.authorise", "dmp-authorise"), ">AJOUT<", ">SUPPRESSION<");
        const questions = r.exchanges("dmp.exists", "dmp-authorise");
        for (const question of questions.slice(1)) r.remove(question);
      },
    },
    {
      id: "list although the professional is blocked",
      message: "consulted",
      edit: (r) => {
        const denied = r.exchange("dmp.exists", "dmp-authorisation-denied");
        const at = new Date(Date.parse(denied.endedAt ?? denied.startedAt) + 1).toISOString();
        r.duplicate(r.exchange("dmp.search", "dmp-authorise"), { scenario: denied.scenario, at });
      },
    },
  ],
  defects: [
    {
      defect: "dmp-authorisation-misread",
      message: "consulted",
      scenarios: ["dmp-authorise", "dmp-authorisation-denied"],
    },
  ],
});
