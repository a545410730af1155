import { defineCheck, type Pointer, type Report, type ScenarioRun } from "../../core/model/index.js";
import { readXoauth2 } from "../../protocols/smtp.js";
import { controlOf, silence } from "../helpers/silence.js";
import { atCommand, provocation, sessions } from "./helpers/sessions.js";

const KINDS = ["token-refused-334-cut", "token-refused-535"];
/** The first attempt and one more with a fresh token. */
const EXPECTED = 2;

/** After a refused token: one fresh token, one more attempt, then the user is told. Good practice, hence remarks only. */
export default defineCheck({
  id: "mss/token-refusal",
  title: { fr: "Jeton refusé : une seule nouvelle tentative", en: "Refused token: one more attempt only" },
  reads: ["mss.session"],
  scenarios: ["mss-token-refused", "mss-token-cut", "mss-send-professional"],
  expects: "silence",
  messages: {
    "same-token": {
      weight: "remark",
      source: "mssante.md §1.3, expected client behaviour",
      mark: "inferred",
      witness: "none",
      fr: "Le même jeton est présenté {attempts} fois après avoir été refusé.",
      en: "The same token is presented {attempts} times after it was refused.",
    },
    storm: {
      weight: "remark",
      source: "mssante.md §1.3, expected client behaviour",
      mark: "inferred",
      witness: "none",
      fr: "{attempts} tentatives d'authentification alors que l'opérateur refuse ; {expected} au plus sont attendues.",
      en: "{attempts} authentication attempts while the operator refuses; {expected} at most are expected.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const kind = run.facts.faults.map((fault) => fault.kind).find((one) => KINDS.includes(one));
      if (kind === undefined) continue;
      const trigger = provocation(run, kind, ({ auths }) => auths[0]?.outcome ?? null);
      const evidence = silence(run, { trigger, control: acceptedIn(controlOf(seen, run)) });
      report.silence(evidence);
      if (!trigger) continue;
      if (evidence.control && evidence.window) report.observed(trigger.at);
      judgeAttempts(run, report);
    }
  },
});

function judgeAttempts(run: ScenarioRun, report: Report): void {
  const attempts = sessions(run).flatMap((session) =>
    session.smtp.auths.map((auth) => ({
      at: atCommand(session, auth.command),
      token: readXoauth2(auth.responses[0] ?? "").token ?? "",
    })),
  );
  const last = attempts.at(-1);
  if (!last) return;
  if (attempts.length > EXPECTED) report.finding("storm", last.at, { attempts: attempts.length, expected: EXPECTED });
  const again = attempts.filter((one) => one.token !== "" && one.token === attempts[0]?.token).length - 1;
  if (again > 0) report.finding("same-token", last.at, { attempts: again });
}

function acceptedIn(run: ScenarioRun | null): Pointer | null {
  for (const session of run ? sessions(run) : []) {
    const auth = session.smtp.auths.find((one) => one.accepted);
    if (auth) return atCommand(session, auth.command);
  }
  return null;
}
