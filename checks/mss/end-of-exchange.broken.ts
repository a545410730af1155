import { defineBroken } from "../../core/model/index.js";
import { mailIn, setHeader } from "./helpers/edits.js";

const NAME = "X-MSS-MES";
const SCENARIO = "mss-citizen-no-reply";

export default defineBroken({
  check: "mss/end-of-exchange",
  mutations: [
    {
      id: "header removed",
      message: "absent",
      edit: (recording) => setHeader(recording, mailIn(recording, SCENARIO), NAME, null),
    },
    {
      id: "closed by the subject instead",
      message: "by-subject",
      edit(recording) {
        setHeader(recording, mailIn(recording, SCENARIO), NAME, null);
        setHeader(recording, mailIn(recording, SCENARIO), "Subject", "[FIN]");
      },
    },
    {
      id: "lower case",
      message: "value",
      edit: (recording) => setHeader(recording, mailIn(recording, SCENARIO), NAME, "fin"),
    },
    {
      id: "another word",
      message: "value",
      edit: (recording) => setHeader(recording, mailIn(recording, SCENARIO), NAME, "END"),
    },
    {
      id: "closed although an answer is welcome",
      message: "unwanted",
      edit: (recording) => setHeader(recording, mailIn(recording, "mss-send-citizen"), NAME, "FIN"),
    },
  ],
  defects: [{ defect: "mss-no-fin", message: "absent", scenarios: [SCENARIO] }],
});
