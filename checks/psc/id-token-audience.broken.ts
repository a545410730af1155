import { defineBroken } from "../../core/model/index.js";
import { claimSession, useToken } from "./helpers/edits.js";

export default defineBroken({
  check: "psc/id-token-audience",
  mutations: [
    {
      id: "token used after aud-wrong",
      message: "accepted",
      edit: (r) => useToken(r, "psc-login-audience-wrong", "aud-wrong"),
    },
    {
      id: "session opened all the same",
      message: "accepted",
      edit: (r) => claimSession(r, "psc-login-audience-wrong"),
    },
  ],
  defects: [{ defect: "psc-audience-unverified", message: "accepted", scenarios: ["psc-login-audience-wrong"] }],
});
