import { defineCheck } from "../../core/model/index.js";
import { authorizations, inRequest } from "./helpers/calls.js";

export default defineCheck({
  id: "psc/pkce",
  title: { fr: "PKCE avec S256", en: "PKCE with S256" },
  reads: ["psc.authorize", "psc.token"],
  messages: {
    absent: {
      weight: "remark",
      source:
        "ANS proof-of-concept configurations enable S256; not known to be mandatory for all (psc.md §4, §17 point 3, S3)",
      mark: "verified",
      witness: "prosanteconnect/proof-of-concept",
      fr: "La demande d'autorisation n'a pas de code_challenge ; PKCE avec S256 est recommandé.",
      en: "The authorization request has no code_challenge; PKCE with S256 is recommended.",
    },
    plain: {
      weight: "remark",
      source: "RFC 7636 §4.2: S256 whenever the client can (psc.md §4)",
      mark: "inferred",
      witness: "none",
      fr: "code_challenge_method vaut « {method} » : le code_verifier passe en clair dans l'adresse ; attendu S256.",
      en: "code_challenge_method is “{method}”: the code_verifier stands in clear in the address; expected S256.",
    },
    repeated: {
      weight: "breach",
      source: "RFC 7636 §4.1: the client creates a code_verifier for each authorization request (psc.md §4)",
      mark: "standard",
      witness: "none",
      fr: "Le code_challenge est celui d'une autre demande d'autorisation ({first}) : le code_verifier n'est pas tiré à chaque demande.",
      en: "The code_challenge is that of another authorization request ({first}): the code_verifier is not made anew for each request.",
    },
  },
  evaluate(seen, report) {
    const used = new Map<string, { readonly exchange: string; readonly state: string | null }>();
    for (const { exchange, params } of authorizations(seen)) {
      const at = inRequest(exchange, "code_challenge");
      report.observed(at);
      // Without a method, the challenge is plain (RFC 7636 §4.3).
      const method = params.get("code_challenge_method") ?? "plain";
      const challenge = params.get("code_challenge");
      if (!challenge) {
        report.finding("absent", at);
        continue;
      }
      if (method !== "S256") report.finding("plain", at, { method });
      // The same state means the same request, loaded again by the browser.
      const state = params.get("state");
      const first = used.get(challenge);
      if (first && first.state !== state) report.finding("repeated", at, { first: first.exchange });
      if (!first) used.set(challenge, { exchange: exchange.id, state });
    }
  },
});
