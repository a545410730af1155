import { defineBroken } from "../../core/model/index.js";
import { sessionIn, setSession } from "./helpers/edits.js";

const HELLO = ["250-operator", "250 STARTTLS"];

export default defineBroken({
  check: "mss/starttls-first",
  mutations: [
    {
      id: "AUTH before STARTTLS",
      message: "auth-in-clear",
      edit: (recording) =>
        setSession(
          recording,
          sessionIn(recording),
          ["EHLO vendor", "AUTH XOAUTH2 dXNlcj1hAWF1dGg9QmVhcmVyIGIBAQ==", "QUIT"],
          ["220 operator", ...HELLO, "530 5.7.0 Must issue a STARTTLS command first", "221 bye"],
        ),
    },
    {
      id: "MAIL before STARTTLS",
      message: "mail-in-clear",
      edit: (recording) =>
        setSession(
          recording,
          sessionIn(recording),
          ["EHLO vendor", "MAIL FROM:<a@cabinet-demo.mssante.example>", "STARTTLS"],
          ["220 operator", ...HELLO, "530 5.7.0 Must issue a STARTTLS command first", "220 go"],
        ),
    },
    {
      id: "AUTH in clear without any EHLO",
      message: "auth-in-clear",
      edit: (recording) =>
        setSession(recording, sessionIn(recording), ["AUTH PLAIN AGEAYg=="], ["220 operator", "530 5.7.0 no"]),
    },
  ],
  defects: [
    {
      defect: "mss-no-starttls",
      message: "auth-in-clear",
      scenarios: ["mss-send-professional"],
      collateral: [
        { check: "mss/xoauth2", reason: "no mechanism is announced in clear: the mail library falls back to PLAIN" },
      ],
    },
  ],
});
