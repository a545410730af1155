import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "ins/search-end",
  mutations: [
    {
      id: "the same search once more",
      message: "call-after-found",
      edit: (r) => {
        const call = r.exchange("ins.search", "ins-search-found");
        r.duplicate(call, { at: call.endedAt ?? call.startedAt });
      },
    },
  ],
  defects: [{ defect: "ins-search-after-found", message: "call-after-found", scenarios: ["ins-search-found"] }],
});
