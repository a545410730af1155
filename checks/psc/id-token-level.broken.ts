import { defineBroken } from "../../core/model/index.js";
import { claimSession, useToken } from "./helpers/edits.js";

export default defineBroken({
  check: "psc/id-token-level",
  mutations: [
    {
      id: "token used after acr-eidas2",
      message: "accepted",
      edit: (r) => useToken(r, "psc-login-level-other", "acr-eidas2"),
    },
    {
      id: "session opened all the same",
      message: "accepted",
      edit: (r) => claimSession(r, "psc-login-level-other"),
    },
  ],
  defects: [{ defect: "psc-acr-unverified", message: "accepted", scenarios: ["psc-login-level-other"] }],
});
