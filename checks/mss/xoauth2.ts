import { defineCheck } from "../../core/model/index.js";
import { readXoauth2 } from "../../protocols/smtp.js";
import { atCommand, sessions } from "./helpers/sessions.js";

const RULE = "REF2 v1.0 ECO.1.2.1 (mssante.md §1.2 and §1.3, V2)";

/** Mechanism and grammar of the authentication; whether the token is good is `mss/token-live`. */
export default defineCheck({
  id: "mss/xoauth2",
  title: { fr: "Authentification SASL XOAUTH2", en: "SASL XOAUTH2 authentication" },
  reads: ["mss.session"],
  messages: {
    "other-mechanism": {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "Mécanisme {mechanism} utilisé ; XOAUTH2 est attendu.",
      en: "Mechanism {mechanism} used; XOAUTH2 is expected.",
    },
    "blob-unreadable": {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "example of the Gmail XOAUTH2 protocol page; smtp-server answers 501",
      fr: "La réponse XOAUTH2 ne donne pas une boîte et un jeton ({problem}).",
      en: "The XOAUTH2 response does not give a mailbox and a token ({problem}).",
    },
    "blob-grammar": {
      weight: "remark",
      source: "Gmail XOAUTH2 protocol, initial client response (mssante.md §1.3)",
      mark: "inferred",
      witness: "example of the Gmail XOAUTH2 protocol page",
      fr: "La réponse XOAUTH2 s'écarte de user=…^Aauth=Bearer …^A^A.",
      en: "The XOAUTH2 response departs from user=…^Aauth=Bearer …^A^A.",
    },
    "mail-without-auth": {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "RFC 4954 section 6: 530 authentication required",
      fr: "MAIL est envoyé sans authentification préalable.",
      en: "MAIL is sent without any authentication before it.",
    },
  },
  evaluate(seen, report) {
    for (const session of sessions(seen)) {
      // An application mailbox authenticates by client certificate instead (mssante.md §1.2).
      const [presented] = session.exchange.conn?.peerCertificates ?? [];
      if (presented !== undefined || session.smtp.auths.some((auth) => auth.mechanism === "EXTERNAL")) {
        report.inapplicable({ exchange: session.exchange.id }, "application_mailbox");
        continue;
      }
      for (const auth of session.smtp.auths) {
        const at = atCommand(session, auth.command);
        report.observed(at);
        if (auth.mechanism !== "XOAUTH2") {
          report.finding("other-mechanism", at, { mechanism: auth.mechanism });
          continue;
        }
        const [response] = auth.responses;
        // The challenge was not answered: the connection ended first, nothing to read.
        if (response === undefined) continue;
        const { problem } = readXoauth2(response);
        if (problem === "bad_grammar") report.finding("blob-grammar", at);
        else if (problem) report.finding("blob-unreadable", at, { problem });
      }
      const mail = session.smtp.commands.find((command) => command.verb === "MAIL");
      if (mail && !session.smtp.auths.some((auth) => auth.command.start < mail.start)) {
        report.observed(atCommand(session, mail));
        report.finding("mail-without-auth", atCommand(session, mail));
      }
    }
  },
});
