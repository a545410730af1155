import { defineBroken, type Exchange, type RecordingEditor } from "../../core/model/index.js";
import { later, member } from "./helpers/edits.js";

const SCENARIO = "psc-token-expired";

function refused(r: RecordingEditor): Exchange {
  const found = r.exchanges("psc.userinfo", SCENARIO).find(
    (exchange) =>
      Buffer.from(exchange.responseBytes ?? [])
        .subarray(9, 12)
        .toString("latin1") === "401",
  );
  if (!found) throw new Error(`no refused token in ${SCENARIO}`);
  return found;
}

export default defineBroken({
  check: "psc/token-renewal",
  mutations: [
    {
      id: "refused token again",
      message: "dead-token",
      edit: (r) => {
        const call = refused(r);
        r.duplicate(call, { at: later(call) });
      },
    },
    {
      id: "first refresh token again",
      message: "refresh-token-kept",
      edit: (r) => {
        const calls = r.exchanges("psc.token", SCENARIO);
        const [login] = calls;
        const last = calls[calls.length - 1];
        if (!login || !last || calls.length < 3) throw new Error(`fewer than two refreshes in ${SCENARIO}`);
        r.replaceInRequest(last, /refresh_token=[^&\s]+/, `refresh_token=${member(login, "refresh_token")}`);
      },
    },
  ],
  defects: [
    { defect: "psc-no-refresh", message: "dead-token", scenarios: [SCENARIO] },
    { defect: "psc-refresh-token-kept", message: "refresh-token-kept", scenarios: [SCENARIO] },
  ],
});
