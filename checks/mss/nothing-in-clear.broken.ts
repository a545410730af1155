import { defineBroken } from "../../core/model/index.js";
import { sessionIn } from "./helpers/edits.js";

const SCENARIO = "mss-starttls-missing";

export default defineBroken({
  check: "mss/nothing-in-clear",
  mutations: [
    {
      id: "AUTH after an EHLO without STARTTLS",
      message: "auth-in-clear",
      edit(recording) {
        const session = sessionIn(recording, SCENARIO);
        recording.replaceInRequest(session, /^(EHLO [^\r\n]*\r\n)[\s\S]*$/, "EHLO vendor\r\nAUTH XOAUTH2 eA==\r\n");
      },
    },
    {
      id: "MAIL after an EHLO without STARTTLS",
      message: "mail-in-clear",
      edit(recording) {
        const session = sessionIn(recording, SCENARIO);
        recording.replaceInRequest(
          session,
          /^(EHLO [^\r\n]*\r\n)[\s\S]*$/,
          "EHLO vendor\r\nMAIL FROM:<a@b.example>\r\n",
        );
      },
    },
  ],
  defects: [{ defect: "mss-no-starttls", message: "auth-in-clear", scenarios: [SCENARIO] }],
});
