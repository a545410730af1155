import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { PROFESSIONAL, sessionIn, textOf } from "./helpers/edits.js";

const DEAD = "mss-token-expired";

/** Leaves only the session in which the dead token was refused. */
function keepRefused(recording: RecordingEditor): void {
  for (const session of recording.exchanges("mss.session", DEAD)) {
    if (/^235 /m.test(textOf(session.responseBytes))) recording.remove(session);
  }
}

export default defineBroken({
  check: "mss/token-live",
  mutations: [
    {
      id: "token issued an hour before",
      message: "expired",
      edit(recording) {
        for (const exchange of recording.exchanges("psc.token", PROFESSIONAL)) {
          const earlier = (time: string | null): string => new Date(Date.parse(time ?? "") - 3_600_000).toISOString();
          recording.patchExchange(exchange, {
            startedAt: earlier(exchange.startedAt),
            endedAt: earlier(exchange.endedAt),
          });
        }
      },
    },
    { id: "no new token after the refusal", message: "not-reopened", edit: keepRefused },
    {
      id: "a token that PSC never gave",
      message: "unknown",
      edit(recording) {
        keepRefused(recording);
        const session = sessionIn(recording, DEAD);
        const blob = Buffer.from("user=a@b.example\x01auth=Bearer never-given\x01\x01").toString("base64");
        const client = textOf(session.requestBytes).replace(/AUTH XOAUTH2 [^\r\n]+/g, `AUTH XOAUTH2 ${blob}`);
        recording.setRequest(session, Buffer.from(client, "latin1"));
      },
    },
  ],
  defects: [{ defect: "mss-xoauth2-stale-token", message: "not-reopened", scenarios: [DEAD] }],
});
