import { defineBroken } from "../../../core/model/index.js";

export default defineBroken({
  check: "dmp/irreversible-confirmed",
  mutations: [
    {
      id: "shown although the user said no",
      message: "unconfirmed",
      edit: (r) => {
        const refused = r.run("dmp-update-show").steps.find((step) => step.operation === "dmp.update");
        if (!refused) throw new Error("no update was asked");
        const at = new Date(Date.parse(refused.beganAt) + 1).toISOString();
        r.duplicate(r.exchange("dmp.update", "dmp-update-show"), { at });
      },
    },
  ],
  defects: [
    {
      defect: "dmp-update-unconfirmed",
      message: "unconfirmed",
      scenarios: ["dmp-update-show"],
    },
  ],
});
