import { defineBroken } from "../../core/model/index.js";
import { editAnswer } from "../helpers/edit-answer.js";

export default defineBroken({
  check: "ins/nothing-found",
  mutations: [
    {
      id: "retrieved after 01",
      message: "raised",
      edit: (r) => editAnswer(r, "ins-search-none", "ins.search", { insStatus: "RECUP" }),
    },
    {
      id: "validated after 02",
      message: "changed",
      edit: (r) => editAnswer(r, "ins-search-several", "ins.search", { insStatus: "VALI" }),
    },
    {
      id: "no code told after 01",
      message: "not-a-result",
      edit: (r) => editAnswer(r, "ins-search-none", "ins.search", { code: null }),
    },
    {
      id: "software broken by 02",
      message: "not-a-result",
      edit: (r) => editAnswer(r, "ins-search-several", "ins.search", { error: "http_500" }, "failed"),
    },
  ],
  defects: [{ defect: "ins-status-after-not-found", message: "raised", scenarios: ["ins-search-none"] }],
});
