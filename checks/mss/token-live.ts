import { defineCheck, type Exchange, type Seen } from "../../core/model/index.js";
import { readHttpResponse } from "../../protocols/http.js";
import { readXoauth2, type SmtpAuth } from "../../protocols/smtp.js";
import { atCommand, type Session, sessions, timeOf } from "./helpers/sessions.js";

/** Milliseconds granted for the way of the token and the ends of the clocks of one machine. */
const GRACE = 5_000;

interface Issued {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/** The bearer token is one that PSC gave in this recording, still alive when used; a refused one is replaced. */
export default defineCheck({
  id: "mss/token-live",
  title: {
    fr: "Le jeton présenté est un jeton Pro Santé Connect en cours de validité",
    en: "The token presented is a live Pro Santé Connect token",
  },
  reads: ["mss.session", "psc.token"],
  scenarios: ["mss-send-professional", "mss-token-expired"],
  messages: {
    unknown: {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.2.1 (mssante.md §1.2, V2)",
      mark: "restated",
      witness: "none",
      fr: "L'opérateur refuse le jeton, aucune réponse de Pro Santé Connect de l'enregistrement ne le contient, et aucun autre n'est présenté ensuite.",
      en: "The operator refuses the token, no Pro Santé Connect answer of the recording holds it, and no other is presented afterwards.",
    },
    expired: {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.2.1 (mssante.md §1.2, V2); RFC 6749 section 5.1 (expires_in)",
      mark: "restated",
      witness: "none",
      fr: "Le jeton présenté a expiré depuis {seconds} s, et aucun jeton valide n'est présenté ensuite.",
      en: "The token presented expired {seconds} s ago, and no live token is presented afterwards.",
    },
    "expired-then-renewed": {
      weight: "remark",
      source: "mssante.md §1.3: good practice after a refusal",
      mark: "inferred",
      witness: "none",
      fr: "Le jeton présenté a expiré depuis {seconds} s ; un jeton valide suit.",
      en: "The token presented expired {seconds} s ago; a live one follows.",
    },
    "not-reopened": {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.2.7 / SC.MSS/CONF.11 (mssante.md §1.2, V2)",
      mark: "restated",
      witness: "none",
      fr: "Jeton refusé alors que la session Pro Santé Connect est ouverte : aucun nouveau jeton n'est présenté.",
      en: "Token refused while the Pro Santé Connect session is open: no new token is presented.",
    },
  },
  evaluate(seen, report) {
    const issued = seen.exchanges.filter((x) => x.operation === "psc.token").flatMap(tokensOf);
    const attempts = sessions(seen).flatMap((session) =>
      session.smtp.auths.flatMap((auth) => {
        const token = auth.mechanism === "XOAUTH2" ? readXoauth2(auth.responses[0] ?? "").token : null;
        return token === null ? [] : [{ session, auth, token, at: Date.parse(timeOf(session, auth.command)) }];
      }),
    );
    for (const { session, auth, token, at } of attempts) {
      const where = atCommand(session, auth.command);
      report.observed(where);
      const known = issued.filter((one) => one.token === token);
      const same = attempts.filter((other) => other.session.exchange.scenario === session.exchange.scenario);
      const renewed = same.some((other) => other.at > at && other.token !== token && isGood(other, issued));
      const until = Math.max(...known.map((one) => one.until));
      if (known.length > 0 && at > until + GRACE) {
        const slots = { seconds: Math.round((at - until) / 1000) };
        report.finding(renewed ? "expired-then-renewed" : "expired", where, slots);
      } else if (refusedByItself(session, auth)) {
        // Its life ended before its time (a logout, a control call): no fault of the software, if it then asks for a new one.
        if (renewed) continue;
        if (known.length === 0) report.finding("unknown", where);
        else if (!same.some((other) => other.at > at && other.token !== token) && sessionOpen(seen, session, at)) {
          report.finding("not-reopened", where);
        }
      }
    }
  },
});

function tokensOf(exchange: Exchange): Issued[] {
  const response = exchange.responseBytes ? readHttpResponse(exchange.responseBytes) : null;
  if (response?.status !== 200) return [];
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(response.body).toString("utf8"));
  } catch {
    return [];
  }
  const { access_token: token, expires_in: seconds } = (body ?? {}) as { access_token?: unknown; expires_in?: unknown };
  if (typeof token !== "string" || typeof seconds !== "number") return [];
  const from = Date.parse(exchange.startedAt);
  return [{ token, from, until: Date.parse(exchange.endedAt ?? exchange.startedAt) + seconds * 1000 }];
}

function isGood(
  attempt: { readonly auth: SmtpAuth; readonly token: string; readonly at: number },
  issued: readonly Issued[],
): boolean {
  return attempt.auth.accepted || issued.some((one) => one.token === attempt.token && attempt.at <= one.until);
}

/** Refused by the operator without a scripted fault: a challenge that tells an error, and no 235 after it. */
function refusedByItself(session: Session, auth: SmtpAuth): boolean {
  const told = auth.challenges.some((challenge) => challenge !== "");
  return session.exchange.faults.length === 0 && told && !auth.accepted;
}

/** PSC answered a token in the same scenario before the attempt: somebody is logged in. */
function sessionOpen(seen: Seen, session: Session, at: number): boolean {
  return seen.exchanges
    .filter((x) => x.operation === "psc.token" && x.scenario === session.exchange.scenario)
    .flatMap(tokensOf)
    .some((one) => one.from <= at);
}
