import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { later, struck } from "./helpers/edits.js";

/** As if the software had exchanged the code of a callback it should have refused. */
function exchange(kind: string, bare: boolean): (r: RecordingEditor) => void {
  return (r) => {
    if (bare) {
      for (const request of r.exchanges("psc.authorize", "psc-login-state-wrong")) {
        r.replaceInRequest(request, /(?<=[?&])(nonce|code_challenge)=[^&\s]*/g, "x=y");
      }
    }
    const redirect = struck(r, "psc-login-state-wrong", kind);
    const code = /[?&]code=([^&\s]+)/.exec(Buffer.from(redirect.responseBytes ?? []).toString("latin1"))?.[1];
    if (code === undefined) throw new Error("the callback carries no code");
    const call = r.duplicate(r.exchange("psc.token", "psc-login"), {
      scenario: redirect.scenario,
      at: later(redirect),
    });
    r.replaceInRequest(call, /(?<=[&\n])code=[^&]*/, `code=${code}`);
  };
}

export default defineBroken({
  check: "psc/state-verified",
  mutations: [
    { id: "code exchanged after a wrong state", message: "accepted", edit: exchange("state-wrong", true) },
    { id: "code exchanged without a state", message: "accepted", edit: exchange("state-missing", true) },
    {
      id: "code exchanged after a wrong state, PKCE and nonce used",
      message: "accepted-otherwise-protected",
      edit: exchange("state-wrong", false),
    },
  ],
  defects: [
    { defect: "psc-state-unverified", message: "accepted-otherwise-protected", scenarios: ["psc-login-state-wrong"] },
  ],
});
