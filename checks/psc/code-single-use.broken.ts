import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { later } from "./helpers/edits.js";

function again(scenario: string): (r: RecordingEditor) => void {
  return (r) => {
    const call = r.exchange("psc.token", scenario);
    r.duplicate(call, { at: later(call) });
  };
}

export default defineBroken({
  check: "psc/code-single-use",
  mutations: [
    { id: "code exchanged twice", message: "replayed", edit: again("psc-login") },
    { id: "refused code again", message: "insisted", edit: again("psc-login-code-refused") },
  ],
  defects: [
    {
      defect: "psc-code-replayed",
      message: "replayed",
      scenarios: ["psc-login", "psc-login-code-refused"],
      collateral: [
        {
          check: "psc/login-completed",
          reason: "PSC revokes the tokens of a code presented twice: the session does not stand",
        },
      ],
    },
    { defect: "psc-token-retry-storm", message: "insisted", scenarios: ["psc-login", "psc-login-code-refused"] },
  ],
});
