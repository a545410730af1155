import { defineBroken } from "../../core/model/index.js";
import { claimSession, useToken } from "./helpers/edits.js";

export default defineBroken({
  check: "psc/id-token-issuer",
  mutations: [
    {
      id: "token used after iss-wrong",
      message: "accepted",
      edit: (r) => useToken(r, "psc-login-iss-wrong", "iss-wrong"),
    },
    {
      id: "session opened all the same",
      message: "accepted",
      edit: (r) => claimSession(r, "psc-login-iss-wrong"),
    },
  ],
  defects: [{ defect: "psc-issuer-unverified", message: "accepted", scenarios: ["psc-login-iss-wrong"] }],
});
