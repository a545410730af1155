import { defineBroken } from "../../core/model/index.js";
import { later, struck } from "./helpers/edits.js";

const SCENARIO = "psc-login-kid-unknown";

export default defineBroken({
  check: "psc/jwks-refetch",
  mutations: [
    {
      id: "five readings",
      message: "storm",
      edit: (r) => {
        const token = struck(r, SCENARIO, "kid-unknown");
        const keys = r.exchange("psc.jwks");
        for (let i = 1; i <= 5; i += 1) r.duplicate(keys, { scenario: token.scenario, at: later(token, i) });
      },
    },
  ],
  defects: [{ defect: "psc-jwks-storm", message: "storm", scenarios: [SCENARIO] }],
});
