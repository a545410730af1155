import { defineBroken } from "../../core/model/index.js";
import { claimSession, useToken } from "./helpers/edits.js";

export default defineBroken({
  check: "psc/id-token-expiry",
  mutations: [
    {
      id: "token used after exp-past",
      message: "accepted",
      edit: (r) => useToken(r, "psc-login-expired", "exp-past"),
    },
    {
      id: "session opened all the same",
      message: "accepted",
      edit: (r) => claimSession(r, "psc-login-expired"),
    },
  ],
  defects: [{ defect: "psc-expiry-unverified", message: "accepted", scenarios: ["psc-login-expired"] }],
});
