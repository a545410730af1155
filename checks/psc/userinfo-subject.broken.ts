import { defineBroken } from "../../core/model/index.js";
import { claimSession } from "./helpers/edits.js";

export default defineBroken({
  check: "psc/userinfo-subject",
  mutations: [
    {
      id: "session opened all the same",
      message: "accepted",
      edit: (r) => claimSession(r, "psc-login-userinfo-other"),
    },
  ],
  defects: [{ defect: "psc-userinfo-sub-unverified", message: "accepted", scenarios: ["psc-login-userinfo-other"] }],
});
