import { defineCheck } from "../../core/model/index.js";
import { allParts, leafParts, type Mail, type MimePart, partText } from "../../protocols/mime.js";
import { at, MAIL_OPERATIONS, sentMails } from "./helpers/mails.js";

const CHARSET = "REF2 v1.0 ECO.2.2.3 (§3.3.1) (mssante.md §2.1, V2)";

/** Body type and character set of the text, and headers in ASCII with encoded words. */
export default defineCheck({
  id: "mss/text-encoding",
  title: {
    fr: "Corps en text/plain ou multipart/alternative, en UTF-8, en-têtes encodés",
    en: "Body text/plain or multipart/alternative, in UTF-8, headers encoded",
  },
  reads: MAIL_OPERATIONS,
  messages: {
    charset: {
      weight: "breach",
      source: CHARSET,
      mark: "restated",
      witness: "none",
      fr: "La partie {part} est en {observed} ; UTF-8 est attendu.",
      en: "The part {part} is in {observed}; UTF-8 is expected.",
    },
    "charset-ascii": {
      weight: "remark",
      source: CHARSET,
      mark: "inferred",
      witness: "RFC 3629: US-ASCII text is UTF-8 text",
      fr: "La partie {part} ne s'annonce pas en UTF-8 ({observed}) ; son contenu, en ASCII, en est.",
      en: "The part {part} does not say UTF-8 ({observed}); its content, in ASCII, is.",
    },
    "not-utf8": {
      weight: "breach",
      source: CHARSET,
      mark: "restated",
      witness: "any strict UTF-8 decoder (RFC 3629)",
      fr: "La partie {part} s'annonce en {observed} et ses octets n'en sont pas.",
      en: "The part {part} says {observed} and its bytes are not.",
    },
    "body-type": {
      weight: "breach",
      source: "REF2 v1.0 ECO.2.2.4 / MSS/va1.11 (mssante.md §2.1, V2)",
      mark: "restated",
      witness: "none",
      fr: "Le corps du message est de type {observed} ; text/plain ou multipart/alternative est attendu.",
      en: "The body of the mail is {observed}; text/plain or multipart/alternative is expected.",
    },
    "eight-bit-header": {
      weight: "breach",
      source: "RFC 5322 section 2.2 and RFC 2047 (mssante.md §2.1, note b, V)",
      mark: "standard",
      witness: "Python email: NonASCIILocalPartDefect and header defects",
      fr: "L'en-tête {header} porte des octets hors ASCII non encodés (RFC 2047).",
      en: "The header {header} holds bytes outside ASCII that are not encoded (RFC 2047).",
    },
  },
  evaluate(seen, report) {
    for (const mail of sentMails(seen)) {
      report.observed(at(mail));
      for (const part of allParts(mail.mail)) {
        const raw = part.headers.find((header) => header.raw.some((byte) => byte > 0x7f));
        if (raw) report.finding("eight-bit-header", at(mail, raw.name), { header: raw.name });
      }
      const body = bodyOf(mail.mail);
      // A mail that begins with an attachment has no body to judge.
      if (body.disposition === "attachment") continue;
      if (body.mediaType !== "text/plain" && body.mediaType !== "multipart/alternative") {
        report.finding("body-type", at(mail, `part ${body.path}`), { observed: body.mediaType });
      }
      for (const part of leafParts(body).filter((one) => one.mediaType.startsWith("text/"))) {
        const observed = part.parameters.charset ?? "us-ascii";
        const where = at(mail, `part ${part.path}`);
        const slots = { part: part.path === "" ? "0" : part.path, observed };
        const ascii = /^(?:us-)?ascii$/i.test(observed);
        if (!ascii && !/^utf-?8$/i.test(observed)) report.finding("charset", where, slots);
        else if (partText(part) === null) report.finding("not-utf8", where, slots);
        else if (ascii) report.finding("charset-ascii", where, slots);
      }
    }
  },
});

/** The body proper: the mail itself, or what comes first inside multipart/mixed and multipart/related. */
function bodyOf(mail: Mail): MimePart {
  let body: MimePart = mail;
  while (/^multipart\/(?:mixed|related|signed)$/.test(body.mediaType) && body.parts[0]) body = body.parts[0];
  return body;
}
