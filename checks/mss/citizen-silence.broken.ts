import { defineBroken } from "../../core/model/index.js";
import { mailIn } from "./helpers/edits.js";

const SCENARIO = "mss-citizen-unqualified";

export default defineBroken({
  check: "mss/citizen-silence",
  mutations: [
    {
      id: "a mail to the citizen domain",
      message: "sent",
      edit(recording) {
        const { key, openedAt } = recording.run(SCENARIO);
        recording.duplicate(mailIn(recording, "mss-send-citizen"), { scenario: key, at: openedAt });
      },
    },
  ],
  defects: [
    {
      defect: "mss-citizen-unqualified",
      message: "sent",
      scenarios: [SCENARIO],
      collateral: [
        {
          check: "mss/unqualified-ins",
          reason: "the address of the citizen is the matricule of the unqualified identity",
        },
      ],
    },
  ],
});
