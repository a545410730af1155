import { defineCheck } from "../../core/model/index.js";
import { authorizations, inRequest } from "./helpers/calls.js";

const SOURCE = "CI-SIS, sécurisation du transport des API REST, authorization request (psc.md §4, S4)";

export default defineCheck({
  id: "psc/authorization-request",
  title: {
    fr: "Demande d'autorisation : type de réponse et portées",
    en: "Authorization request: response type and scopes",
  },
  reads: ["psc.authorize", "psc.token"],
  messages: {
    "response-type": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "ANS proof-of-concept configurations (prosanteconnect/proof-of-concept)",
      fr: "response_type vaut « {found} » ; attendu code.",
      en: "response_type is “{found}”; expected code.",
    },
    "openid-missing": {
      weight: "breach",
      source: "OpenID Connect Core 1.0 §3.1.2.1 and CI-SIS authorization request (psc.md §4, S4)",
      mark: "standard",
      witness: "OpenID Foundation conformance suite, basic RP plan",
      fr: "La portée demandée « {found} » ne contient pas openid.",
      en: "The scope asked for, “{found}”, does not contain openid.",
    },
    "scope-all-missing": {
      weight: "remark",
      source:
        "example request of the CI-SIS guide and ANS configurations; no text read makes it mandatory (psc.md §4, S4 S2)",
      mark: "observed",
      witness: "ANS proof-of-concept configurations (prosanteconnect/proof-of-concept)",
      fr: "La portée demandée « {found} » ne contient pas scope_all, que demandent les exemples officiels.",
      en: "The scope asked for, “{found}”, does not contain scope_all, which the official examples ask for.",
    },
  },
  evaluate(seen, report) {
    for (const { exchange, params } of authorizations(seen)) {
      report.observed(inRequest(exchange));
      const responseType = params.get("response_type");
      if (responseType !== "code") {
        report.finding("response-type", inRequest(exchange, "response_type"), { found: responseType ?? "-" });
      }
      const scope = params.get("scope") ?? "";
      const scopes = scope.split(" ");
      const at = inRequest(exchange, "scope");
      if (!scopes.includes("openid")) report.finding("openid-missing", at, { found: scope });
      if (!scopes.includes("scope_all")) report.finding("scope-all-missing", at, { found: scope });
    }
  },
});
