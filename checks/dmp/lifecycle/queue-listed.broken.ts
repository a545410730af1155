import { defineBroken } from "../../../core/model/index.js";
import { editAnswer } from "../../helpers/edit-answer.js";

const SCENARIO = "dmp-unavailable-queue";

export default defineBroken({
  check: "dmp/queue-listed",
  mutations: [
    {
      id: "nothing waits",
      message: "not_listed",
      edit: (r) => editAnswer(r, SCENARIO, "dmp.pending", { documents: [] }),
    },
    {
      id: "another document waits",
      message: "not_listed",
      edit: (r) => editAnswer(r, SCENARIO, "dmp.pending", { documents: [{ documentId: "OTHER", title: "Autre" }] }),
    },
    {
      id: "told as sent",
      message: "told_sent",
      edit: (r) => editAnswer(r, SCENARIO, "document.validate", { upload: "sent" }),
    },
  ],
  defects: [
    {
      defect: "dmp-queue-lost",
      message: "not_listed",
      scenarios: ["dmp-unavailable-queue"],
      collateral: [{ check: "dmp/queued-once", reason: "what was forgotten never leaves" }],
    },
    {
      defect: "dmp-queue-told-sent",
      message: "told_sent",
      scenarios: ["dmp-unavailable-queue"],
    },
  ],
});
