/** The DMP knows the patient under other traits: the user is warned, and the traits received are not shown. */
import { defineCheck, type Exchange, type PatientFacts } from "../../../core/model/index.js";
import { answerOf } from "../helpers/call.js";
import { LIFE } from "../helpers/sources.js";
import { answerAt, asked, member, textOf } from "../helpers/steps.js";
import { children, descendants, attr, trimmed } from "../../../protocols/xml.js";

const SCENARIO = "dmp-traits-differ";

export default defineCheck({
  id: "dmp/identity-alert",
  title: {
    fr: "Une identité différente au DMP est signalée, et les traits reçus ne sont pas affichés",
    en: "An identity that differs at the DMP is told, and the traits received are not shown",
  },
  reads: ["dmp.exists"],
  scenarios: [SCENARIO],
  messages: {
    no_alert: {
      weight: "remark",
      source: "contrôle de cohérence de l'identité à la réponse de TD0.2 (dmp.md §1.4, §5)",
      mark: "inferred",
      witness: "none",
      fr: "Le DMP connaît le patient sous d'autres traits que le dossier ({traits}) ; le logiciel n'en avertit pas.",
      en: "The DMP knows the patient under other traits than the file ({traits}); the software does not warn of it.",
    },
    shown: {
      weight: "breach",
      source: `${LIFE.pdsm}: RG_0320, traits returned by TD0.2 are not displayed`,
      mark: "verified",
      witness: "none",
      fr: "Le message destiné à l'utilisateur montre un trait reçu du DMP ({trait}), qui ne doit pas être affiché.",
      en: "The message to the user shows a trait received from the DMP ({trait}), which is not to be displayed.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter(({ facts }) => facts.id === SCENARIO)) {
      const { patient } = run.facts;
      for (const { step, calls } of asked(run, "dmp.exists")) {
        const answer = calls.find((x) => answerOf(x)?.dmp === "active");
        const foreign = answer && patient ? foreignTraits(answer, patient) : [];
        if (foreign.length === 0) continue;
        const alert = member(step.answer, "identityAlert");
        if (alert !== undefined) {
          report.observed(answerAt(step, "identityAlert"));
          const traits = foreign.map(({ name }) => name).join(", ");
          if (alert !== true) report.finding("no_alert", answerAt(step, "identityAlert"), { traits });
        }
        const message = textOf(member(step.answer, "message"));
        if (message === null) continue;
        report.observed(answerAt(step, "message"));
        const shown = foreign.find(({ forms }) => forms.some((form) => message.toUpperCase().includes(form)));
        if (shown) report.finding("shown", answerAt(step, "message"), { trait: shown.name });
      }
    }
  },
});

interface Trait {
  readonly name: string;
  /** How a message could show it, in capitals. */
  readonly forms: readonly string[];
}

/** Traits of the answer that the file does not hold. */
function foreignTraits(exchange: Exchange, patient: PatientFacts): Trait[] {
  const person = descendants(answerOf(exchange)?.envelope?.body, "patientPerson")[0];
  const own = [patient.birthName, patient.usedName ?? "", patient.firstName, patient.birthFirstNames].join(" ");
  const names = ["family", "given"].flatMap((part) =>
    children(children(person, "name")[0], part).flatMap((node) => {
      const value = trimmed(node)?.toUpperCase() ?? "";
      return value === "" || ` ${own} `.includes(` ${value} `) ? [] : [{ name: part, forms: [value] }];
    }),
  );
  const birth = /^(\d{4})(\d\d)(\d\d)/.exec(attr(children(person, "birthTime")[0], "value") ?? "");
  const [, year, month, day] = birth ?? [];
  if (!birth || `${year}-${month}-${day}` === patient.birthDate) return names;
  return [...names, { name: "birthTime", forms: [`${year}-${month}-${day}`, `${day}/${month}/${year}`] }];
}
