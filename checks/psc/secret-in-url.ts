import { defineCheck, type Exchange, type Report } from "../../core/model/index.js";
import { asked, grants, inRequest } from "./helpers/calls.js";

const READS = [
  "psc.discovery",
  "psc.authorize",
  "psc.interaction",
  "psc.token",
  "psc.userinfo",
  "psc.jwks",
  "psc.introspect",
  "psc.revoke",
  "psc.logout",
  "psc.ciba",
  "vendor.agent",
] as const;
/** A secret shorter than this could stand in an address by chance. */
const SHORTEST_SECRET = 12;

export default defineCheck({
  id: "psc/secret-in-url",
  title: { fr: "Ni jeton ni secret dans une adresse", en: "No token and no secret in an address" },
  reads: READS,
  scenarios: ["psc-login"],
  messages: {
    "access-token": {
      weight: "breach",
      source: "RFC 9700 §4.3.2 and RFC 6750 §5.3: no access token in a URI query",
      mark: "standard",
      witness: "Keycloak and oidc-provider do not take a token from the query",
      fr: "Un jeton d'accès se trouve dans l'adresse appelée (paramètre {name}).",
      en: "An access token stands in the address called (parameter {name}).",
    },
    "refresh-token": {
      weight: "breach",
      source: "RFC 6749 §10.4: refresh tokens stay confidential in transit and storage",
      mark: "standard",
      witness: "none",
      fr: "Un jeton de rafraîchissement se trouve dans l'adresse appelée (paramètre {name}).",
      en: "A refresh token stands in the address called (parameter {name}).",
    },
    "client-secret": {
      weight: "breach",
      source: "RFC 6749 §2.3.1: client credentials are never in the request URI",
      mark: "standard",
      witness: "none",
      fr: "Le secret du client se trouve dans l'adresse appelée (paramètre {name}).",
      en: "The client's secret stands in the address called (parameter {name}).",
    },
    "id-token": {
      weight: "remark",
      source: "An ID token carries an identity; only id_token_hint may put it in an address (psc.md §9)",
      mark: "inferred",
      witness: "none",
      fr: "Un jeton d'identité se trouve dans l'adresse appelée (paramètre {name}).",
      en: "An ID token stands in the address called (parameter {name}).",
    },
  },
  evaluate(seen, report) {
    const given = grants(seen.exchanges);
    // Before any token was handed out there was nothing to leak: seeing none then proves nothing.
    if (given.length === 0) return;
    const secrets = seen.exchanges.flatMap((exchange) => asked(exchange)?.client.secret ?? []);
    const known = {
      "access-token": new Set(given.map((grant) => grant.accessToken)),
      "refresh-token": new Set(given.flatMap((grant) => grant.refreshToken ?? [])),
      "client-secret": new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET)),
      "id-token": new Set(given.flatMap((grant) => grant.idToken ?? [])),
    };
    for (const exchange of seen.exchanges) judgeAddress(exchange, known, report);
  },
});

function judgeAddress(exchange: Exchange, known: Readonly<Record<string, ReadonlySet<string>>>, report: Report): void {
  const request = asked(exchange);
  if (!request) return;
  report.observed(inRequest(exchange, "request line"));
  for (const [name, value] of request.query) {
    for (const [message, values] of Object.entries(known)) {
      const hint = message === "id-token" && name === "id_token_hint";
      const named = message === "client-secret" && name === "client_secret";
      if (!hint && (values.has(value) || (named && value !== ""))) {
        report.finding(message, inRequest(exchange, "request line"), { name });
      }
    }
  }
}
