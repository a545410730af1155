import { defineBroken } from "../../core/model/index.js";
import { useToken } from "./helpers/edits.js";

const FORGED = "psc-login-bad-signature";

export default defineBroken({
  check: "psc/id-token-signature",
  mutations: [
    { id: "false signature taken", message: "forged", edit: (r) => useToken(r, FORGED, "bad-signature") },
    { id: "unknown key taken", message: "forged", edit: (r) => useToken(r, "psc-login-kid-unknown", "kid-unknown") },
    { id: "no signature taken", message: "unsigned", edit: (r) => useToken(r, FORGED, "alg-none") },
    { id: "public key as a secret", message: "confused", edit: (r) => useToken(r, FORGED, "hs256-pubkey") },
  ],
  defects: [
    { defect: "psc-signature-unverified", message: "forged", scenarios: [FORGED, "psc-login-kid-unknown"] },
    { defect: "psc-signature-unverified", message: "unsigned", scenarios: [FORGED, "psc-login-kid-unknown"] },
  ],
});
