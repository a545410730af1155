import { defineBroken } from "../../core/model/index.js";
import { editAnswer } from "../helpers/edit-answer.js";

export default defineBroken({
  check: "psc/login-completed",
  mutations: [
    {
      id: "nobody logged in after the tokens",
      message: "not-logged-in",
      edit: (r) => editAnswer(r, "psc-login", "session.get", { authenticated: false, professional: null }),
    },
    {
      id: "somebody else logged in",
      message: "other-person",
      edit: (r) =>
        editAnswer(r, "psc-login", "session.get", {
          professional: { nationalId: "899900000099", familyName: "AUTRE", givenName: "PERSONNE" },
        }),
    },
  ],
  defects: [{ defect: "psc-session-not-opened", message: "not-logged-in", scenarios: ["psc-login"] }],
});
