import { defineCheck, type Exchange } from "../../core/model/index.js";
import { isMessageId, leafParts, MailError, mailHeaders, partText, readMail } from "../../protocols/mime.js";
import { at, cdasOf, headerValue, MAIL_OPERATIONS, type SentMail, sentMails, transactionOf } from "./helpers/mails.js";

const RULE = "REF2 v1.0 ECO.2.2.1 / MSS/va1.12 (mssante.md §2.1, V2); RFC 5322 section 3.6.4";
const WHERE = "Message-ID";

/** Message-ID of every mail: one, well formed, never used for another mail. */
export default defineCheck({
  id: "mss/message-id",
  title: { fr: "Message-ID présent, conforme et unique", en: "Message-ID present, conformant and unique" },
  reads: MAIL_OPERATIONS,
  scenarios: ["mss-two-mails"],
  messages: {
    "not-a-mail": {
      weight: "breach",
      source: "RFC 5322 section 3.6: a message begins with header fields",
      mark: "standard",
      witness: "Python email",
      fr: "Ce qui suit DATA n'est pas un message (aucun en-tête).",
      en: "What follows DATA is no message (no header field).",
    },
    absent: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "Le message n'a pas de Message-ID.",
      en: "The mail has no Message-ID.",
    },
    several: {
      weight: "breach",
      source: "RFC 5322 section 3.6: at most one Message-ID",
      mark: "standard",
      witness: "RFC 5322, table of section 3.6",
      fr: "Le message a {count} en-têtes Message-ID.",
      en: "The mail has {count} Message-ID header fields.",
    },
    form: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "RFC 5322 grammar of msg-id",
      fr: "Message-ID « {observed} » : la forme <gauche@droite> de la RFC 5322 est attendue.",
      en: "Message-ID “{observed}”: the <left@right> form of RFC 5322 is expected.",
    },
    reused: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "ONC Edge Testing Tool: unique Message-ID over three mails",
      fr: "Message-ID {observed} : déjà utilisé pour un autre message ({first}).",
      en: "Message-ID {observed}: already used for another mail ({first}).",
    },
  },
  evaluate(seen, report) {
    const mails = new Map(sentMails(seen).map((mail) => [mail.exchange, mail]));
    const used = new Map<string, SentMail>();
    for (const exchange of seen.exchanges) {
      const mail = mails.get(exchange);
      if (!mail) {
        if (sentSomething(exchange)) {
          report.observed({ exchange: exchange.id, side: "request" });
          report.finding("not-a-mail", { exchange: exchange.id, side: "request" });
        }
        continue;
      }
      report.observed(at(mail, WHERE));
      const ids = mailHeaders(mail.mail, "Message-ID").map((header) => header.encoded);
      const [id] = ids;
      if (id === undefined) {
        report.finding("absent", at(mail, WHERE));
        continue;
      }
      if (ids.length > 1) report.finding("several", at(mail, WHERE), { count: ids.length });
      if (!isMessageId(id)) report.finding("form", at(mail, WHERE), { observed: id });
      const first = used.get(id);
      // The same mail given over again, after a lost or negative reply, keeps its Message-ID: that is right.
      if (first && isAnother(first, mail)) {
        report.finding("reused", at(mail, WHERE), { observed: id, first: first.exchange.id });
      }
      if (!first) used.set(id, mail);
    }
  },
});

/** The whole text was handed over, or a file was given. */
function sentSomething(exchange: Exchange): boolean {
  const bytes = exchange.operation === "file.mail" ? exchange.requestBytes : messageOf(exchange);
  if (!bytes) return false;
  try {
    readMail(bytes);
    return true;
  } catch (error) {
    // A mail beyond the bounds of the reader is one all the same: it is not judged.
    return error instanceof MailError && error.code === "not_mail";
  }
}

function messageOf(exchange: Exchange): Uint8Array | null {
  const transaction = transactionOf(exchange);
  return transaction?.dataComplete ? transaction.message : null;
}

/**
 * Not a resend. The same mail handed over again keeps its Message-ID (its Date may be new): same scenario, same subject,
 * same documents, same text.
 */
function isAnother(first: SentMail, mail: SentMail): boolean {
  if (first.exchange.scenario !== mail.exchange.scenario) return true;
  return contentOf(first) !== contentOf(mail);
}

function contentOf(mail: SentMail): string {
  const documents = cdasOf(mail).map(({ cda }) => `${cda.id?.root} ${cda.id?.extension}`);
  const texts = leafParts(mail.mail).flatMap((part) =>
    part.mediaType.startsWith("text/") ? (partText(part) ?? []) : [],
  );
  return JSON.stringify([headerValue(mail.mail, "Subject"), documents, texts]);
}
