import { defineCheck } from "../../core/model/index.js";
import { atCommand, offeredStartTls, sensitive, sessions } from "./helpers/sessions.js";

/** Order of one session: STARTTLS, then credentials and mail. Sessions to which no STARTTLS was offered are another check. */
export default defineCheck({
  id: "mss/starttls-first",
  title: {
    fr: "STARTTLS avant toute authentification et tout message",
    en: "STARTTLS before any authentication and any mail",
  },
  reads: ["mss.session"],
  messages: {
    "auth-in-clear": {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.0.1 and ECO.1.2.1 (mssante.md §1.2, V2)",
      mark: "restated",
      witness: "RFC 3207 section 4: a server that demands TLS answers 530",
      fr: "AUTH est envoyé en clair alors que l'opérateur propose STARTTLS.",
      en: "AUTH is sent in clear although the operator offers STARTTLS.",
    },
    "mail-in-clear": {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.0.1 (mssante.md §1.2, V2)",
      mark: "restated",
      witness: "RFC 3207 section 4: a server that demands TLS answers 530",
      fr: "MAIL est envoyé en clair alors que l'opérateur propose STARTTLS.",
      en: "MAIL is sent in clear although the operator offers STARTTLS.",
    },
  },
  evaluate(seen, report) {
    for (const session of sessions(seen)) {
      // No EHLO in clear at all (HELO, or AUTH at once) is no excuse: nothing says that STARTTLS was missing.
      const asked = session.smtp.commands.some(
        (c) => c.verb === "EHLO" && c.phase === "plain" && c.reply?.code === 250,
      );
      if (asked && !offeredStartTls(session.smtp)) continue;
      for (const command of session.smtp.commands.filter(sensitive)) {
        const at = atCommand(session, command);
        report.observed(at);
        if (command.phase === "plain") report.finding(command.verb === "AUTH" ? "auth-in-clear" : "mail-in-clear", at);
      }
    }
  },
});
