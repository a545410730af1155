/** The person the VIHF names is the one Pro Santé Connect authenticated. */
import { defineCheck, type Exchange, type ScenarioRun } from "../../core/model/index.js";
import { readJwt } from "../../protocols/jwt.js";
import { readOidcAnswer, textMember } from "../../protocols/oidc.js";
import { forEachCall, VIHF_CALLS } from "./helpers/call.js";
import { WITNESS } from "./helpers/sources.js";

export default defineCheck({
  id: "dmp/vihf-psc-user",
  title: {
    fr: "Le professionnel du VIHF est celui que Pro Santé Connect a authentifié",
    en: "The professional of the VIHF is the one Pro Santé Connect authenticated",
  },
  reads: [...VIHF_CALLS, "psc.token"],
  scenarios: ["dmp-submit", "dmp-submit-other-user"],
  messages: {
    differs: {
      weight: "breach",
      source:
        "REM DMP/PSC.01, working copy: the PSC identity of the user is used for the DMP; NameID is the PS_IdNat (dmp.md §3, S2)",
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Le VIHF nomme « {observed} » ; Pro Santé Connect a authentifié « {expected} ».",
      en: "The VIHF names “{observed}”; Pro Santé Connect authenticated “{expected}”.",
    },
  },
  evaluate(seen, report) {
    const judged: { who: string; tell: () => void; wrong: boolean }[] = [];
    forEachCall(seen, ({ vihf, assertions }, exchange, at) => {
      const nameId = assertions.length === 1 ? (vihf?.nameId ?? null) : null;
      const run = seen.runs.find(({ key }) => key === exchange.scenario);
      const who = run ? authenticated(run, exchange) : null;
      // `<structure>/<internal id>` is the indirect mode: the structure answers for its user.
      if (who === null || nameId === null || nameId.includes("/")) return;
      const where = at("wsse:Security/Assertion/Subject/NameID");
      const tell = (): void => {
        report.observed(where);
        if (nameId !== who) report.finding("differs", where, { observed: nameId, expected: who });
      };
      judged.push({ who, tell, wrong: nameId !== who });
    });
    // One person alone shows nothing: an identity written once in the settings would be right too.
    const several = new Set(judged.map(({ who }) => who)).size > 1;
    for (const { tell, wrong } of judged) if (several || wrong) tell();
  },
});

/** National id in the `sub` of the last ID token that PSC gave before the call (`f:<uuid>:<national id>`); null when none. */
function authenticated(run: ScenarioRun, call: Exchange): string | null {
  const subjects = run.exchanges.flatMap((exchange) => {
    if (exchange.operation !== "psc.token" || !exchange.complete || exchange.startedAt > call.startedAt) return [];
    const idToken = textMember(readOidcAnswer(exchange.responseBytes), "id_token");
    const subject = idToken === null ? null : readJwt(idToken)?.claims.sub;
    return typeof subject === "string" ? [subject] : [];
  });
  return /^f:[^:]+:(.+)$/.exec(subjects.at(-1) ?? "")?.[1] ?? null;
}
