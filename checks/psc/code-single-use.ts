import { defineCheck, type Exchange } from "../../core/model/index.js";
import { textMember } from "../../protocols/oidc.js";
import { answered, asked, inRequest, named } from "./helpers/calls.js";

const SOURCE = "RFC 6749 §4.1.2: a client uses a code once (psc.md §14, code-replayed)";

export default defineCheck({
  id: "psc/code-single-use",
  title: { fr: "Code d'autorisation présenté une seule fois", en: "Authorization code presented once" },
  reads: ["psc.token"],
  scenarios: ["psc-login", "psc-login-code-refused"],
  messages: {
    replayed: {
      weight: "breach",
      source: SOURCE,
      mark: "standard",
      witness: "oidc-provider refuses the second exchange and revokes what the first gave",
      fr: "Le code, déjà échangé contre des jetons ({first}), est présenté une nouvelle fois.",
      en: "The code, already exchanged for tokens ({first}), is presented again.",
    },
    insisted: {
      weight: "breach",
      source: SOURCE,
      mark: "standard",
      witness: "none",
      fr: "Le code, déjà refusé par PSC ({first}), est présenté une nouvelle fois.",
      en: "The code, already refused by PSC ({first}), is presented again.",
    },
  },
  evaluate(seen, report) {
    const settled = new Map<string, { first: string; message: "replayed" | "insisted" }>();
    for (const exchange of named(seen.exchanges, "psc.token")) {
      const code = asked(exchange)?.form.get("code");
      if (code === null || code === undefined) continue;
      const at = inRequest(exchange, "code");
      report.observed(at);
      const known = settled.get(code);
      if (known) report.finding(known.message, at, { first: known.first });
      const message = outcome(exchange);
      if (!known && message) settled.set(code, { first: exchange.id, message });
    }
  },
});

/** How PSC settled the code; null when it did not (an outage, an answer cut, another error): then a second try is fair. */
function outcome(exchange: Exchange): "replayed" | "insisted" | null {
  const answer = exchange.complete ? answered(exchange) : null;
  if (answer?.status === 200) return "replayed";
  // Another error (a client that tries its two ways to authenticate, for instance) says nothing of the code.
  return answer && answer.status < 500 && textMember(answer, "error") === "invalid_grant" ? "insisted" : null;
}
