import { defineCheck } from "../../core/model/index.js";
import { struckExchanges } from "../helpers/silence.js";
import { at, cdasOf, headerValue, type SentMail, sentMails } from "./helpers/mails.js";

const FAULT = "cut-after-dot";

/** No reply after the final dot: a second hand-over keeps the Message-ID, so that receivers can see it is the same mail. */
export default defineCheck({
  id: "mss/resend",
  title: {
    fr: "Renvoi après une réponse perdue : même Message-ID",
    en: "Resend after a lost reply: the same Message-ID",
  },
  reads: ["mss.submit"],
  scenarios: ["mss-reply-lost"],
  messages: {
    "new-message-id": {
      weight: "remark",
      source: "mssante.md §6: no duplicate, same Message-ID if resent",
      mark: "inferred",
      witness: "none",
      fr: "Après une réponse perdue, le message repart sous un nouveau Message-ID ({observed} après {first}).",
      en: "After a lost reply the mail leaves again under a new Message-ID ({observed} after {first}).",
    },
  },
  evaluate(seen, report) {
    const mails = sentMails(seen);
    for (const run of seen.runs) {
      const struck = new Set(struckExchanges(run, FAULT).map((exchange) => exchange.id));
      const lost = mails.find((mail) => struck.has(mail.exchange.id));
      if (!lost) continue;
      report.observed(at(lost));
      for (const mail of mails) {
        if (mail.exchange.scenario !== run.key || mail.exchange.startedAt <= lost.exchange.startedAt) continue;
        const observed = headerValue(mail.mail, "Message-ID");
        const first = headerValue(lost.mail, "Message-ID");
        if (observed !== first && isSame(lost, mail)) report.finding("new-message-id", at(mail), { observed, first });
      }
    }
  },
});

/** Same subject and same documents: the same mail for its reader. */
function isSame(a: SentMail, b: SentMail): boolean {
  const ids = (mail: SentMail): string =>
    cdasOf(mail)
      .map(({ cda }) => `${cda.id?.root} ${cda.id?.extension}`)
      .join(",");
  return headerValue(a.mail, "Subject") === headerValue(b.mail, "Subject") && ids(a) === ids(b);
}
