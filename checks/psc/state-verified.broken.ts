import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { later, struck } from "./helpers/edits.js";

/** As if the software had exchanged the code of a callback it should have refused. */
function exchange(kind: string): (r: RecordingEditor) => void {
  return (r) => {
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
    { id: "code exchanged after a wrong state", message: "accepted", edit: exchange("state-wrong") },
    { id: "code exchanged without a state", message: "accepted", edit: exchange("state-missing") },
  ],
  defects: [{ defect: "psc-state-unverified", message: "accepted", scenarios: ["psc-login-state-wrong"] }],
});
