import { defineCheck } from "../../core/model/index.js";
import { at, cdasOf, headerValues, MAIL_OPERATIONS, mayHoldCda, sentMails } from "./helpers/mails.js";

const RULE = "REF2 v1.0 ECO.2.4.1 (§3.8.1) / SC.MSS/CONF.15 (mssante.md §2.1, V2)";
const NAME = "X-MSS-CODECDA";

/** X-MSS-CODECDA against the codes of the documents; order, blanks and repeats are not settled and only remarked. */
export default defineCheck({
  id: "mss/cda-code-header",
  title: { fr: "X-MSS-CODECDA égal aux codes des CDA", en: "X-MSS-CODECDA equal to the codes of the CDA" },
  reads: MAIL_OPERATIONS,
  scenarios: ["mss-send-professional", "mss-no-document"],
  messages: {
    absent: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "Devbox connector documentation",
      fr: "Le message porte un CDA et n'a pas d'en-tête X-MSS-CODECDA.",
      en: "The mail carries a CDA and has no X-MSS-CODECDA header.",
    },
    unwanted: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "Devbox connector documentation",
      fr: "Le message ne porte pas de CDA et a un en-tête X-MSS-CODECDA (« {observed} »).",
      en: "The mail carries no CDA and has an X-MSS-CODECDA header (“{observed}”).",
    },
    differs: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "X-MSS-CODECDA vaut « {observed} » ; les CDA ont pour code {expected}.",
      en: "X-MSS-CODECDA is “{observed}”; the CDA have the code {expected}.",
    },
    form: {
      weight: "remark",
      source: "mssante.md, Known ambiguities: order, blanks and repeats of X-MSS-CODECDA",
      mark: "unconfirmed",
      witness: "none",
      fr: "X-MSS-CODECDA « {observed} » : mêmes codes que les CDA, écrits autrement que « {expected} ».",
      en: "X-MSS-CODECDA “{observed}”: the same codes as the CDA, written otherwise than “{expected}”.",
    },
  },
  evaluate(seen, report) {
    for (const mail of sentMails(seen)) {
      const values = headerValues(mail.mail, NAME);
      const [first] = values;
      const documents = cdasOf(mail);
      // What could not be read is told by `mss/archive` and by the checks on CDA.
      if (documents.length === 0 && mayHoldCda(mail)) continue;
      report.observed(at(mail, NAME));
      if (documents.length === 0) {
        if (first !== undefined) report.finding("unwanted", at(mail, NAME), { observed: first });
        continue;
      }
      if (first === undefined) {
        report.finding("absent", at(mail, NAME));
        continue;
      }
      // A CDA without a code is told by the checks on CDA; here only what it says counts.
      const codes = documents.flatMap((document) => document.cda.code?.code ?? []);
      if (codes.length < documents.length) continue;
      const meant = new Set(codes);
      const expected = [...meant].join(",");
      for (const observed of new Set(values)) {
        const said = new Set(observed.split(",").map((code) => code.trim()));
        const same = said.size === meant.size && [...meant].every((code) => said.has(code));
        if (!same) report.finding("differs", at(mail, NAME), { observed, expected });
        else if (observed !== expected && observed !== codes.join(",")) {
          report.finding("form", at(mail, NAME), { observed, expected });
        }
      }
    }
  },
});
