import { defineCheck, type Report, type ScenarioRun } from "../../core/model/index.js";
import { answered, asked, authenticated, grants, named } from "./helpers/calls.js";

export default defineCheck({
  id: "psc/session-end",
  title: {
    fr: "Session du logiciel : fermée quand PSC refuse de la prolonger",
    en: "Session of the software: closed when PSC refuses to prolong it",
  },
  reads: ["psc.token", "psc.userinfo"],
  scenarios: ["psc-session-expired"],
  messages: {
    outlives: {
      weight: "breach",
      source:
        "EXI RIE-PS 13: the session of the application is not longer than the provider's (psc.md §5 and §13, S17); CI-SIS cases 1b (psc.md §9, S4)",
      mark: "restated",
      witness: "none",
      fr: "PSC a refusé de renouveler les jetons ({refused}) et le logiciel dit que le professionnel est toujours connecté.",
      en: "PSC refused to renew the tokens ({refused}) and the software says that the professional is still logged in.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter(({ facts }) => facts.id === "psc-session-expired")) judgeRun(run, report);
  },
});

function judgeRun(run: ScenarioRun, report: Report): void {
  const refused = named(run.exchanges, "psc.token").find(
    (exchange) => asked(exchange)?.form.get("grant_type") === "refresh_token" && answered(exchange)?.status === 400,
  );
  if (!refused || refused.endedAt === null) {
    // Nothing told the software that the session had ended.
    const expiry = run.events.find((event) => event.kind === "control" && event.data.command === "expire-session");
    if (expiry && run.state === "done") report.inapplicable({ event: expiry.id }, "psc_not_asked_to_prolong");
    return;
  }
  const { endedAt: since } = refused;
  for (const step of run.steps) {
    const said = authenticated(step);
    if (said === null || step.endedAt === null || step.endedAt < since || !step.endEvent) continue;
    report.observed({ event: step.endEvent });
    const { endedAt } = step;
    const again = grants(run.exchanges).some(
      ({ exchange }) => exchange.startedAt >= since && exchange.startedAt < endedAt,
    );
    if (said && !again) report.finding("outlives", { event: step.endEvent }, { refused: refused.id });
  }
}
