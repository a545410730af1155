import { defineCheck } from "../../core/model/index.js";
import { carriesQualifiedIns } from "./helpers/expected.js";
import { at, cdasOf, headerValues, MAIL_OPERATIONS, mayHoldCda, sentMails } from "./helpers/mails.js";

const RULE = "REF2 v1.0 ECO.2.4.2 (§3.8.2) / SC.MSS/CONF.14 (mssante.md §2.1, V2)";
const NAME = "X-MSS-INS";

/** X-MSS-INS against what the archive really carries. */
export default defineCheck({
  id: "mss/ins-header",
  title: { fr: "X-MSS-INS cohérent avec l'archive", en: "X-MSS-INS coherent with the archive" },
  reads: MAIL_OPERATIONS,
  scenarios: ["mss-send-professional", "mss-no-document"],
  messages: {
    absent: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "Devbox connector documentation",
      fr: "Le message porte un CDA et n'a pas d'en-tête X-MSS-INS.",
      en: "The mail carries a CDA and has no X-MSS-INS header.",
    },
    unwanted: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "Devbox connector documentation",
      fr: "Le message ne porte pas de CDA et a un en-tête X-MSS-INS (« {observed} »).",
      en: "The mail carries no CDA and has an X-MSS-INS header (“{observed}”).",
    },
    value: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "Devbox connector documentation",
      fr: "X-MSS-INS vaut « {observed} » ; O ou N est attendu.",
      en: "X-MSS-INS is “{observed}”; O or N is expected.",
    },
    "not-carried": {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "X-MSS-INS vaut O alors que le CDA {document} ne porte pas matricule, OID et les quatre traits.",
      en: "X-MSS-INS is O although the CDA {document} does not carry matricule, OID and the four traits.",
    },
    carried: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "X-MSS-INS vaut N alors que chaque CDA porte matricule, OID et les quatre traits.",
      en: "X-MSS-INS is N although every CDA carries matricule, OID and the four traits.",
    },
  },
  evaluate(seen, report) {
    for (const mail of sentMails(seen)) {
      const values = headerValues(mail.mail, NAME);
      const documents = cdasOf(mail);
      // What could not be read is told by `mss/archive` and by the checks on CDA.
      if (documents.length === 0 && mayHoldCda(mail)) continue;
      report.observed(at(mail, NAME));
      if (documents.length === 0) {
        const [observed] = values;
        if (observed !== undefined) report.finding("unwanted", at(mail, NAME), { observed });
        continue;
      }
      const bare = documents.find((document) => carriesQualifiedIns(document.cda) === "no");
      const full = documents.every((document) => carriesQualifiedIns(document.cda) === "fully");
      if (values.length === 0) report.finding("absent", at(mail, NAME));
      for (const value of new Set(values)) {
        if (value !== "O" && value !== "N") report.finding("value", at(mail, NAME), { observed: value });
        else if (value === "O" && bare) report.finding("not-carried", at(mail, NAME), { document: bare.file.path });
        else if (value === "N" && full) report.finding("carried", at(mail, NAME));
      }
    }
  },
});
