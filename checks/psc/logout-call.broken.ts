import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "psc/logout-call",
  mutations: [
    {
      id: "no call",
      message: "not-called",
      edit: (r) => {
        for (const call of r.exchanges("psc.logout", "psc-logout")) r.remove(call);
      },
    },
    {
      id: "no hint",
      message: "no-hint",
      edit: (r) => r.replaceInRequest(r.exchange("psc.logout", "psc-logout"), /id_token_hint=[^& ]*/, "x=y"),
    },
    {
      id: "another token as hint",
      message: "foreign-hint",
      edit: (r) =>
        r.replaceInRequest(r.exchange("psc.logout", "psc-logout"), /id_token_hint=[^& ]*/, "id_token_hint=a.b.c"),
    },
  ],
  defects: [
    { defect: "psc-no-logout", message: "not-called", scenarios: ["psc-logout"] },
    { defect: "psc-logout-no-hint", message: "no-hint", scenarios: ["psc-logout"] },
  ],
});
