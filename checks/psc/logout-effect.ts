import { defineCheck, type Pointer, type ScenarioRun } from "../../core/model/index.js";
import { deliveredTrigger, judgeSilence, type Trigger } from "../helpers/silence.js";
import { answered, asked, authenticated, grants, inRequest, named } from "./helpers/calls.js";

const SCENARIO = "psc-logout";

export default defineCheck({
  id: "psc/logout-effect",
  title: {
    fr: "Après la déconnexion : session fermée, jetons oubliés",
    en: "After the logout: session closed, tokens forgotten",
  },
  reads: ["psc.logout", "psc.token", "psc.userinfo", "psc.introspect"],
  scenarios: [SCENARIO],
  expects: "silence",
  messages: {
    "still-open": {
      weight: "breach",
      source:
        "EXI RIE-PS 13: the session of the application is not longer than the provider's (psc.md §5 and §13, S17)",
      mark: "restated",
      witness: "none",
      fr: "PSC a fermé la session ({logout}) et le logiciel dit que le professionnel est toujours connecté.",
      en: "PSC closed the session ({logout}) and the software says that the professional is still logged in.",
    },
    "token-used": {
      weight: "remark",
      source: "ANS example Proxy e-Santé: disconnection forgets the tokens (psc.md §9, S5)",
      mark: "observed",
      witness: "none",
      fr: "Un jeton de la session fermée ({logout}) est encore présenté à PSC.",
      en: "A token of the closed session ({logout}) is still presented to PSC.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter(({ facts }) => facts.id === SCENARIO)) {
      const logout = named(run.exchanges, "psc.logout").find((exchange) => (answered(exchange)?.status ?? 500) < 400);
      const came = judgeSilence(seen, report, {
        run,
        trigger: logout ? deliveredTrigger(logout) : null,
        happened: (where, trigger) => stillOpen(where, trigger) ?? tokenUsed(where, trigger),
      });
      if (came)
        report.finding(came.event === undefined ? "token-used" : "still-open", came, { logout: logout?.id ?? "" });
    }
  },
});

/** The software says that somebody is logged in; after the trigger, before anybody logs in again. */
function stillOpen(run: ScenarioRun, trigger: Trigger | null): Pointer | null {
  const since = trigger?.endedAt ?? "";
  const open = run.steps.find((step) => authenticated(step) === true && (step.endedAt ?? "") >= since);
  if (!open?.endEvent) return null;
  const again = grants(run.exchanges).some(
    ({ exchange }) => trigger !== null && exchange.startedAt >= since && exchange.startedAt < (open.endedAt ?? ""),
  );
  return again ? null : { event: open.endEvent };
}

/** A token given before the trigger, presented after it; without a trigger, any token presented. */
function tokenUsed(run: ScenarioRun, trigger: Trigger | null): Pointer | null {
  const since = trigger?.endedAt ?? "";
  const old = grants(run.exchanges).filter(({ exchange }) => trigger === null || exchange.startedAt < since);
  const use = run.exchanges.find((exchange) => {
    const request = asked(exchange);
    if (exchange.startedAt < since || !request) return false;
    const presented = [request.bearer?.token, request.form.get("refresh_token"), request.form.get("token")];
    return old.some(
      ({ accessToken, refreshToken }) => presented.includes(accessToken) || presented.includes(refreshToken ?? "-"),
    );
  });
  return use ? inRequest(use) : null;
}
