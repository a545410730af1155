import { defineBroken } from "../../core/model/index.js";
import { editAnswer } from "../helpers/edit-answer.js";

export default defineBroken({
  check: "ins/failure-kept",
  mutations: [
    {
      id: "retrieved after a fault",
      message: "raised",
      edit: (r) => editAnswer(r, "ins-search-fault", "ins.search", { insStatus: "RECUP" }),
    },
    {
      id: "provisional again after a fault",
      message: "changed",
      edit: (r) => editAnswer(r, "ins-search-fault-retrieved", "ins.search", { insStatus: "PROV" }),
    },
    {
      id: "software broken by a fault",
      message: "software-broken",
      edit: (r) => editAnswer(r, "ins-search-fault", "ins.search", { error: "http_500" }, "failed"),
    },
    {
      id: "fault told as 01",
      message: "failure-as-result",
      edit: (r) => editAnswer(r, "ins-search-fault", "ins.search", { code: "01" }),
    },
  ],
  defects: [{ defect: "ins-status-after-fault", message: "raised", scenarios: ["ins-search-fault"] }],
});
