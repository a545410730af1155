import { defineCheck, type Report, type ScenarioRun } from "../../core/model/index.js";
import { asked, grants, inRequest, named } from "./helpers/calls.js";

export default defineCheck({
  id: "psc/logout-call",
  title: { fr: "Déconnexion transmise à PSC", en: "Logout passed on to PSC" },
  reads: ["psc.logout", "psc.token"],
  scenarios: ["psc-logout"],
  messages: {
    "not-called": {
      weight: "breach",
      source:
        "ANS example Proxy e-Santé, disconnection ends the PSC session at its end_session_endpoint (psc.md §9 and §11, S5)",
      mark: "verified",
      witness: "an implementer reads the same in PSC's guidelines (ansforge/keycloak-prosanteconnect, issue 39)",
      fr: "Le professionnel s'est déconnecté et le point de fin de session de PSC n'a pas été appelé.",
      en: "The professional logged out and PSC's end-of-session endpoint was not called.",
    },
    "no-hint": {
      weight: "remark",
      source: "OpenID Connect RP-Initiated Logout 1.0 §2: id_token_hint is recommended (psc.md §9)",
      mark: "standard",
      witness: "the ANS connector and example proxy send it",
      fr: "L'appel de fin de session n'a pas d'id_token_hint : PSC doit demander confirmation à l'utilisateur.",
      en: "The end-of-session call has no id_token_hint: PSC has to ask the user for confirmation.",
    },
    "foreign-hint": {
      weight: "breach",
      source:
        "OpenID Connect RP-Initiated Logout 1.0 §2: id_token_hint is an ID token that PSC issued to this client (psc.md §9)",
      mark: "standard",
      witness: "oidc-provider and Keycloak refuse another token",
      fr: "L'id_token_hint n'est aucun des jetons d'identité que PSC a donnés dans ce scénario.",
      en: "The id_token_hint is none of the ID tokens that PSC gave in this scenario.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) judgeRun(run, report);
  },
});

function judgeRun(run: ScenarioRun, report: Report): void {
  const given = grants(run.exchanges);
  const calls = named(run.exchanges, "psc.logout");
  for (const call of calls) {
    const hint = asked(call)?.params.get("id_token_hint") ?? "";
    if (hint === "") report.finding("no-hint", inRequest(call));
    // A session may have been opened in an earlier scenario: then its token is not here to compare with.
    else if (openedBefore(run, call.startedAt) && !given.some(({ idToken }) => idToken === hint)) {
      report.finding("foreign-hint", inRequest(call, "id_token_hint"));
    }
  }
  for (const step of run.steps) {
    if (step.operation !== "logout" || step.status !== "done" || !step.endEvent || !openedBefore(run, step.beganAt)) {
      continue;
    }
    const { beganAt } = step;
    const next = run.steps.find((other) => other.operation === "login" && other.beganAt > beganAt)?.beganAt;
    const call = calls.find((x) => x.startedAt >= beganAt && (next === undefined || x.startedAt < next));
    report.observed(call ? inRequest(call) : { event: step.endEvent });
    if (!call) report.finding("not-called", { event: step.endEvent });
  }
}

/** Tokens were handed out in this run before the instant: somebody was logged in by it. */
function openedBefore(run: ScenarioRun, instant: string): boolean {
  return grants(run.exchanges).some(({ exchange }) => exchange.startedAt < instant);
}
