import { defineBroken } from "../../core/model/index.js";
import { claimSession } from "./helpers/edits.js";

export default defineBroken({
  check: "psc/session-end",
  mutations: [
    {
      id: "still logged in after the refusal",
      message: "outlives",
      edit: (r) => claimSession(r, "psc-session-expired"),
    },
  ],
  defects: [
    {
      defect: "psc-session-outlives",
      message: "outlives",
      scenarios: ["psc-session-expired"],
      collateral: [{ check: "psc/token-renewal", reason: "the session kept open presents its dead token again" }],
    },
  ],
});
