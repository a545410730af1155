import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { member } from "./helpers/edits.js";

/** Adds a parameter to the address of the first call of the operation. */
function add(operation: string, parameter: (r: RecordingEditor) => string): (r: RecordingEditor) => void {
  return (r) =>
    r.replaceInRequest(r.exchange(operation, "psc-login"), /(?<=^\S+ [^\s?]+)(\?\S*)? (?=HTTP)/, `?${parameter(r)} `);
}

const given = (name: string) => (r: RecordingEditor) => member(r.exchange("psc.token", "psc-login"), name);

export default defineBroken({
  check: "psc/secret-in-url",
  mutations: [
    {
      id: "token in the query of userinfo",
      message: "access-token",
      edit: add("psc.userinfo", (r) => `access_token=${given("access_token")(r)}`),
    },
    {
      id: "token in a page of the software",
      message: "access-token",
      edit: add("vendor.agent", (r) => `jeton=${given("access_token")(r)}`),
    },
    {
      id: "refresh token in a page of the software",
      message: "refresh-token",
      edit: add("vendor.agent", (r) => `r=${given("refresh_token")(r)}`),
    },
    {
      id: "secret in the query of a token call",
      message: "client-secret",
      edit: add("psc.token", () => "client_secret=secret-fictif"),
    },
    {
      id: "ID token in a page of the software",
      message: "id-token",
      edit: add("vendor.agent", (r) => `id=${given("id_token")(r)}`),
    },
  ],
  defects: [
    {
      defect: "psc-token-in-url",
      message: "access-token",
      scenarios: ["psc-login"],
      collateral: [
        {
          check: "psc/login-completed",
          reason: "PSC does not take a token from the address: userinfo is refused and no session opens",
        },
      ],
    },
  ],
});
