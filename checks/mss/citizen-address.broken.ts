import { defineBroken } from "../../core/model/index.js";
import { mailIn } from "./helpers/edits.js";

const SCENARIO = "mss-send-citizen";
const RCPT = /RCPT TO:<[^>]*>/i;

export default defineBroken({
  check: "mss/citizen-address",
  mutations: [
    {
      id: "13 characters, without the key",
      message: "form",
      edit: (recording) =>
        recording.replaceInRequest(mailIn(recording, SCENARIO), RCPT, "RCPT TO:<297022A020778@patient.mssante.fr>"),
    },
    {
      id: "a name in place of the matricule",
      message: "form",
      edit: (recording) =>
        recording.replaceInRequest(mailIn(recording, SCENARIO), RCPT, "RCPT TO:<zoe.adrun@patient.mssante.fr>"),
    },
    {
      id: "another person's matricule",
      message: "other-matricule",
      edit: (recording) =>
        recording.replaceInRequest(mailIn(recording, SCENARIO), RCPT, "RCPT TO:<110086322083060@patient.mssante.fr>"),
    },
    {
      id: "identity that is not qualified",
      message: "not-qualified",
      edit(recording) {
        const mail = mailIn(recording, SCENARIO);
        const refused = recording.run("mss-citizen-unqualified");
        const copy = recording.duplicate(mail, { scenario: refused.key, at: refused.closedAt ?? refused.openedAt });
        const own = refused.facts.patient?.ins?.matricule ?? "";
        recording.replaceInRequest(copy, RCPT, `RCPT TO:<${own}@patient.mssante.fr>`);
      },
    },
  ],
  defects: [{ defect: "mss-citizen-unqualified", message: "not-qualified", scenarios: ["mss-citizen-unqualified"] }],
});
