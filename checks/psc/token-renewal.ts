import { defineCheck, type Report, type ScenarioRun } from "../../core/model/index.js";
import { answered, asked, grants, inRequest, named } from "./helpers/calls.js";

const SCENARIO = "psc-token-expired";

export default defineCheck({
  id: "psc/token-renewal",
  title: {
    fr: "Jeton d'accès expiré : renouvelé avant de resservir",
    en: "Expired access token: renewed before any further use",
  },
  reads: ["psc.token", "psc.userinfo"],
  scenarios: [SCENARIO],
  messages: {
    "dead-token": {
      weight: "breach",
      source:
        "CI-SIS, sécurisation du transport des API REST, case 1a: access token expired, then refresh and replay (psc.md §5 and §9, S4)",
      mark: "verified",
      witness: "none",
      fr: "Le jeton d'accès que PSC venait de refuser ({refused}) est présenté une nouvelle fois à userinfo, sans renouvellement.",
      en: "The access token that PSC had just refused ({refused}) is presented again at userinfo, without a renewal.",
    },
    "refresh-token-kept": {
      weight: "breach",
      source: "RFC 6749 §6: a new refresh token replaces the old one (psc.md §9)",
      mark: "standard",
      witness: "OpenID Foundation conformance suite, refresh token plan",
      fr: "Le rafraîchissement emploie un ancien jeton ; PSC en avait donné un nouveau ({given}).",
      en: "The refresh uses an old token; PSC had given a new one ({given}).",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      judgeDeadTokens(run, report);
      judgeRefreshTokens(run, report);
      if (run.facts.id === SCENARIO) tellUnconcerned(run, report);
    }
  },
});

function judgeDeadTokens(run: ScenarioRun, report: Report): void {
  const refused = new Map<string, string>();
  for (const exchange of named(run.exchanges, "psc.userinfo")) {
    const token = asked(exchange)?.bearer?.token;
    if (token === undefined) continue;
    const at = inRequest(exchange, "authorization");
    const before = refused.get(token);
    if (before !== undefined) report.finding("dead-token", at, { refused: before });
    if (answered(exchange)?.status !== 401) continue;
    report.observed(at);
    if (before === undefined) refused.set(token, exchange.id);
  }
}

/** Which refresh token each refresh presents, against the latest one given to that session. */
function judgeRefreshTokens(run: ScenarioRun, report: Report): void {
  const given = grants(run.exchanges);
  for (const exchange of named(run.exchanges, "psc.token")) {
    const presented = asked(exchange)?.form.get("refresh_token");
    if (presented === null || presented === undefined) continue;
    const earlier = given.filter((grant) => (grant.exchange.endedAt ?? "") <= exchange.startedAt);
    const source = earlier.findIndex((grant) => grant.refreshToken === presented);
    // The chain of this session: grants obtained by refreshing what `source` gave.
    const newer = earlier
      .slice(source + 1)
      .find((grant) => grant.refreshToken !== null && asked(grant.exchange)?.form.get("refresh_token") === presented);
    if (source < 0) continue;
    report.observed(inRequest(exchange, "refresh_token"));
    if (newer) {
      report.finding("refresh-token-kept", inRequest(exchange, "refresh_token"), { given: newer.exchange.id });
    }
  }
}

/** A software that calls PSC no more after the login has no dead token to renew there. */
function tellUnconcerned(run: ScenarioRun, report: Report): void {
  const expiry = run.events.find((event) => event.kind === "control" && event.data.command === "expire-access-token");
  if (!expiry || run.state !== "done") return;
  if (!run.exchanges.some((exchange) => exchange.startedAt >= expiry.at)) {
    report.inapplicable({ event: expiry.id }, "no_token_used_after_expiry");
  }
}
