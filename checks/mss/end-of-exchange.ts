import { defineCheck } from "../../core/model/index.js";
import {
  at,
  headerValue,
  inputOf,
  isCitizen,
  recipientsOf,
  type SentMail,
  sendStepOf,
  sentMails,
} from "./helpers/mails.js";

const RULE = "REF2 v1.0 ECO.2.2.8 (§3.4.2.3) / SC.MSS/CONF.21 (mssante.md §2.1 and §3, V)";
const NAME = "X-MSS-MES";

/** X-MSS-MES closes the exchange with a citizen when the sender wants no answer, and only then. */
export default defineCheck({
  id: "mss/end-of-exchange",
  title: {
    fr: "X-MSS-MES: FIN quand le professionnel ne veut pas de réponse de l'usager",
    en: "X-MSS-MES: FIN when the professional wants no answer from the citizen",
  },
  reads: ["mss.submit"],
  scenarios: ["mss-citizen-no-reply"],
  messages: {
    absent: {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "none",
      fr: "L'expéditeur ne veut pas de réponse : l'en-tête X-MSS-MES manque.",
      en: "The sender wants no answer: the X-MSS-MES header is missing.",
    },
    value: {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "CI-SIS Transmission d'un document CDA R2 en HL7v2: value of NTE-4 of DESTMSSANTEPAT",
      fr: "X-MSS-MES vaut « {observed} » ; FIN est la seule valeur prévue.",
      en: "X-MSS-MES is “{observed}”; FIN is the only value foreseen.",
    },
    "by-subject": {
      weight: "remark",
      source:
        "FAQ Mon espace santé: a mail whose subject is [FIN] also ends the exchange; the header is preferred (mssante.md §3)",
      mark: "verified",
      witness: "none",
      fr: "L'échange est clos par un message d'objet [FIN] ; l'en-tête X-MSS-MES est préféré.",
      en: "The exchange is ended by a mail whose subject is [FIN]; the X-MSS-MES header is preferred.",
    },
    unwanted: {
      weight: "remark",
      source: "mssante.md §3: by default the patient may answer",
      mark: "inferred",
      witness: "none",
      fr: "X-MSS-MES vaut FIN alors que l'expéditeur n'a pas demandé la fin de l'échange.",
      en: "X-MSS-MES is FIN although the sender did not ask for the end of the exchange.",
    },
  },
  evaluate(seen, report) {
    const mails = sentMails(seen);
    for (const mail of mails) {
      if (!recipientsOf(mail).some(isCitizen)) continue;
      const value = headerValue(mail.mail, NAME);
      const noReply = inputOf(sendStepOf(seen, mail.exchange), "noReply") === true;
      if (noReply) report.observed(at(mail, NAME));
      if (noReply && value === null) {
        const other = mails.some((one) => one.exchange.scenario === mail.exchange.scenario && isClosing(one));
        report.finding(other ? "by-subject" : "absent", at(mail, NAME));
      }
      if (value !== null && value !== "FIN") report.finding("value", at(mail, NAME), { observed: value });
      else if (value === "FIN" && !noReply) report.finding("unwanted", at(mail, NAME));
    }
  },
});

/** The older way to end an exchange: a mail to the citizen whose subject is these five characters. */
function isClosing(mail: SentMail): boolean {
  return recipientsOf(mail).some(isCitizen) && headerValue(mail.mail, "Subject") === "[FIN]";
}
