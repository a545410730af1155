import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "ins/variants",
  mutations: [
    {
      id: "search stopped at the first 01",
      message: "no-variant",
      edit: (r) => {
        for (const call of r.exchanges("ins.search", "ins-search-second-name").slice(1)) r.remove(call);
      },
    },
  ],
  defects: [{ defect: "ins-no-variants", message: "no-variant", scenarios: ["ins-search-second-name"] }],
});
