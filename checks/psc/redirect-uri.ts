import { defineCheck, type Report, type ScenarioRun } from "../../core/model/index.js";
import { asked, inRequest, named } from "./helpers/calls.js";

export default defineCheck({
  id: "psc/redirect-uri",
  title: {
    fr: "Adresse de retour : https, la même à l'échange du code",
    en: "Redirect URI: https, the same when the code is exchanged",
  },
  reads: ["psc.authorize", "psc.token"],
  messages: {
    "not-https": {
      weight: "breach",
      source: "CI-SIS, sécurisation du transport des API REST: exact registered value, https (psc.md §4, S4)",
      mark: "verified",
      witness: "ANS proof-of-concept configurations register https only (prosanteconnect/proof-of-concept)",
      fr: "redirect_uri vaut « {found} » ; attendu une adresse https enregistrée.",
      en: "redirect_uri is “{found}”; expected a registered https address.",
    },
    changed: {
      weight: "breach",
      source: "RFC 6749 §4.1.3 and OpenID Connect Core 1.0 §3.1.3.2",
      mark: "standard",
      witness: "oidc-provider and Keycloak refuse the exchange (invalid_grant)",
      fr: "L'échange du code donne redirect_uri « {found} » ; la demande d'autorisation donnait « {expected} ».",
      en: "The exchange of the code gives redirect_uri “{found}”; the authorization request gave “{expected}”.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) judgeRun(run, report);
  },
});

function judgeRun(run: ScenarioRun, report: Report): void {
  let last: string | null = null;
  for (const exchange of run.exchanges) {
    const request = asked(exchange);
    const at = inRequest(exchange, "redirect_uri");
    if (exchange.operation === "psc.authorize" && request) {
      last = request.params.get("redirect_uri");
      report.observed(at);
      if (!last?.startsWith("https://")) report.finding("not-https", at, { found: last ?? "-" });
    }
    if (request?.form.get("grant_type") !== "authorization_code" || last === null) continue;
    report.observed(at);
    const found = request.form.get("redirect_uri");
    const known = named(run.exchanges, "psc.authorize").map((x) => asked(x)?.params.get("redirect_uri") ?? null);
    if (!known.includes(found)) report.finding("changed", at, { found: found ?? "-", expected: last });
  }
}
