import { defineCheck } from "../../core/model/index.js";
import { judgePoison, POISON_READS } from "./helpers/poisoned.js";

export default defineCheck({
  id: "psc/userinfo-subject",
  title: { fr: "Userinfo d'une autre personne : refusé", en: "Userinfo about somebody else: refused" },
  reads: POISON_READS,
  scenarios: ["psc-login-userinfo-other"],
  expects: "silence",
  messages: {
    accepted: {
      weight: "breach",
      source: "OpenID Connect Core 1.0 §5.3.2 (psc.md §10 point 10, §15)",
      mark: "standard",
      witness: "OpenID Foundation conformance suite, oidcc-client-test-userinfo-invalid-sub",
      fr: "Userinfo parlait d'un autre sub que le jeton d'identité ({fault}) et la session a été ouverte.",
      en: "Userinfo spoke of another sub than the ID token ({fault}) and the session was opened.",
    },
  },
  evaluate(seen, report) {
    judgePoison(seen, report, { kind: "userinfo-sub-mismatch", operation: "psc.userinfo", message: "accepted" });
  },
});
