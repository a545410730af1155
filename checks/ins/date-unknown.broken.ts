import { defineBroken } from "../../core/model/index.js";
import { editLastFile } from "./helpers/edits.js";

export default defineBroken({
  check: "ins/date-unknown",
  mutations: [
    {
      id: "day 00 in the file",
      message: "taken-over",
      edit: (r) => editLastFile(r, "ins-answer-day-unknown", { birthDate: "1975-12-00" }),
    },
    {
      id: "retrieved although the month is 00",
      message: "taken-over",
      edit: (r) => editLastFile(r, "ins-answer-month-unknown", { status: "RECUP" }),
    },
  ],
  defects: [
    {
      defect: "ins-unusable-taken",
      message: "taken-over",
      scenarios: ["ins-answer-day-unknown", "ins-answer-month-unknown"],
    },
  ],
});
