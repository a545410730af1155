import { defineCheck, type Exchange } from "../../core/model/index.js";
import { readJwt } from "../../protocols/jwt.js";
import { authenticated, grants } from "./helpers/calls.js";

const SOURCE =
  "REM PSC/va1.01 and PSC.01: login through Pro Santé Connect with the authorization code (psc.md §4 and §6, S4)";

export default defineCheck({
  id: "psc/login-completed",
  title: {
    fr: "Connexion menée à son terme : la personne authentifiée est celle du jeton",
    en: "Login carried through: the person logged in is the one of the token",
  },
  reads: ["psc.authorize", "psc.token"],
  scenarios: ["psc-login"],
  messages: {
    "not-logged-in": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "none",
      fr: "Pro Santé Connect a donné les jetons de {expected} ; le logiciel dit que personne n'est connecté.",
      en: "Pro Santé Connect gave the tokens of {expected}; the software says that nobody is logged in.",
    },
    "other-person": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "none",
      fr: "Pro Santé Connect a authentifié {expected} ; le logiciel dit que {found} est connecté.",
      en: "Pro Santé Connect authenticated {expected}; the software says that {found} is logged in.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      // A scripted fault is there to be refused: that no session follows is then right.
      if (run.facts.faults.length > 0) continue;
      for (const login of run.steps.filter(({ operation }) => operation === "login")) {
        const next = run.steps[run.steps.indexOf(login) + 1];
        if (next?.operation !== "session.get" || next.status !== "done" || login.endedAt === null) continue;
        const during = run.exchanges.filter((x) => x.startedAt >= login.beganAt && x.startedAt <= next.beganAt);
        const expected = subjectOf(during);
        if (expected === null || !during.some(({ operation }) => operation === "psc.authorize")) continue;
        const open = authenticated(next);
        const person = (next.answer as { professional?: { nationalId?: unknown } | null } | null)?.professional;
        const found = typeof person?.nationalId === "string" ? person.nationalId : null;
        // A session of which the software does not say whose it is proves nothing, either way.
        if (open === null || (open && found === null)) continue;
        const at = { event: next.endEvent ?? next.beginEvent, where: open ? "professional" : "authenticated" };
        report.observed(at);
        if (!open) report.finding("not-logged-in", at, { expected });
        else if (found !== expected) report.finding("other-person", at, { expected, found });
      }
    }
  },
});

/** National id of whom the tokens of a login are about (`sub` = `f:<uuid>:<national id>`); null when no code was exchanged. */
function subjectOf(exchanges: readonly Exchange[]): string | null {
  const idToken = grants(exchanges).find((grant) => grant.idToken !== null)?.idToken ?? null;
  const subject = idToken === null ? null : readJwt(idToken)?.claims.sub;
  return typeof subject === "string" ? (/^f:[^:]+:(.+)$/.exec(subject)?.[1] ?? null) : null;
}
