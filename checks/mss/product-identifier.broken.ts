import { defineBroken } from "../../core/model/index.js";
import { mailIn, setHeader } from "./helpers/edits.js";

const NAME = "X-MSS-NIL";

export default defineBroken({
  check: "mss/product-identifier",
  mutations: [
    {
      id: "header removed from a mail with a document",
      message: "absent",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, null),
    },
    {
      id: "header removed from a mail without document",
      message: "absent",
      edit: (recording) => setHeader(recording, mailIn(recording, "mss-no-document"), NAME, null),
    },
    { id: "empty header", message: "empty", edit: (recording) => setHeader(recording, mailIn(recording), NAME, "") },
    {
      id: "another value in one mail",
      message: "differs",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, "AUTRE1"),
    },
  ],
  defects: [{ defect: "mss-no-nil", message: "absent", scenarios: ["mss-send-professional"] }],
});
