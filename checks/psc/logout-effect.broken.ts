import { defineBroken } from "../../core/model/index.js";
import { claimSession, later } from "./helpers/edits.js";

export default defineBroken({
  check: "psc/logout-effect",
  mutations: [
    { id: "still logged in", message: "still-open", edit: (r) => claimSession(r, "psc-logout") },
    {
      id: "userinfo read after the logout",
      message: "token-used",
      edit: (r) => {
        const use = r.exchange("psc.userinfo", "psc-logout");
        r.duplicate(use, { at: later(r.exchange("psc.logout", "psc-logout")) });
      },
    },
  ],
  defects: [{ defect: "psc-session-after-logout", message: "still-open", scenarios: ["psc-logout"] }],
});
