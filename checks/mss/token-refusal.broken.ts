import { defineBroken } from "../../core/model/index.js";
import { sessionIn } from "./helpers/edits.js";

const SCENARIO = "mss-token-cut";

export default defineBroken({
  check: "mss/token-refusal",
  mutations: [
    {
      id: "three attempts",
      message: "storm",
      edit(recording) {
        const session = sessionIn(recording, SCENARIO);
        for (let again = 0; again < 2; again += 1) recording.duplicate(session);
      },
    },
    {
      id: "the refused token once more",
      message: "same-token",
      edit: (recording) => void recording.duplicate(sessionIn(recording, SCENARIO)),
    },
  ],
  defects: [{ defect: "mss-auth-retry-storm", message: "storm", scenarios: ["mss-token-refused"] }],
});
