import { defineBroken } from "../../core/model/index.js";
import { later, mailIn, setHeader } from "./helpers/edits.js";

const SCENARIO = "mss-reply-lost";

export default defineBroken({
  check: "mss/resend",
  mutations: [
    {
      id: "sent again under a new Message-ID",
      message: "new-message-id",
      edit(recording) {
        const lost = mailIn(recording, SCENARIO);
        const again = recording.duplicate(lost, { at: later(lost) });
        recording.patchExchange(again, { faults: [] });
        setHeader(recording, again, "Message-ID", "<again@cabinet-demo.mssante.example>");
      },
    },
  ],
  defects: [{ defect: "mss-duplicate", message: "new-message-id", scenarios: [SCENARIO] }],
});
