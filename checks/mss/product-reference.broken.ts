import { defineBroken } from "../../core/model/index.js";
import { mailIn, setHeader } from "./helpers/edits.js";

export default defineBroken({
  check: "mss/product-reference",
  mutations: [
    {
      id: "reference of another product on a mail with a document",
      message: "differs",
      edit: (recording) => setHeader(recording, mailIn(recording), "X-MSS-NIL", "AUTRE1"),
    },
    {
      id: "reference of another product on a mail without document",
      message: "differs",
      edit: (recording) => setHeader(recording, mailIn(recording, "mss-no-document"), "X-MSS-NIL", "AUTRE1"),
    },
  ],
  defects: [{ defect: "mss-nil-other", message: "differs", scenarios: ["mss-send-professional", "mss-no-document"] }],
});
