import { defineBroken } from "../../core/model/index.js";
import { claimSession, useToken } from "./helpers/edits.js";

export default defineBroken({
  check: "psc/nonce-verified",
  mutations: [
    {
      id: "token used after nonce-wrong",
      message: "accepted",
      edit: (r) => useToken(r, "psc-login-nonce-wrong", "nonce-wrong"),
    },
    {
      id: "token used after nonce-missing",
      message: "accepted",
      edit: (r) => useToken(r, "psc-login-nonce-wrong", "nonce-missing"),
    },
    {
      id: "session opened all the same",
      message: "accepted",
      edit: (r) => claimSession(r, "psc-login-nonce-wrong"),
    },
  ],
  defects: [{ defect: "psc-nonce-unverified", message: "accepted", scenarios: ["psc-login-nonce-wrong"] }],
});
