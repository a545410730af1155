import { defineCheck } from "../../core/model/index.js";
import { judgeSilence, struckExchanges } from "../helpers/silence.js";
import { firstSensitive, provocation } from "./helpers/sessions.js";

const MESSAGE_OF: Readonly<Record<string, "expired" | "foreign">> = {
  "certificate-expired": "expired",
  "certificate-foreign": "foreign",
};

/** A certificate that must not be accepted ends the connection before token and mail. */
export default defineCheck({
  id: "mss/server-certificate",
  title: {
    fr: "Un certificat d'opérateur expiré ou d'une autre autorité est refusé",
    en: "An operator certificate that expired or comes from another authority is refused",
  },
  reads: ["mss.session"],
  scenarios: ["mss-certificate-expired", "mss-certificate-foreign", "mss-send-professional"],
  expects: "silence",
  messages: {
    expired: {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.1.5 / MSS/va1.04 (mssante.md §1.2, V2)",
      mark: "restated",
      witness: "OpenSSL 3, s_client -verify_return_error stops on it",
      fr: "Le certificat de l'opérateur a expiré : {command} part quand même.",
      en: "The operator's certificate has expired: {command} leaves all the same.",
    },
    foreign: {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.1.10 / SC.MSS/CONF.27 (mssante.md §1.2, V and V2)",
      mark: "restated",
      witness: "OpenSSL 3, s_client -verify_return_error stops on it",
      fr: "Le certificat de l'opérateur vient d'une autre autorité : {command} part quand même.",
      en: "The operator's certificate comes from another authority: {command} leaves all the same.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const kind = run.facts.faults.map((fault) => fault.kind).find((one) => one in MESSAGE_OF);
      const message = kind === undefined ? undefined : MESSAGE_OF[kind];
      if (kind === undefined || message === undefined) continue;
      const struck = new Set(struckExchanges(run, kind).map((exchange) => exchange.id));
      const came = judgeSilence(seen, report, {
        run,
        // The handshake that follows this reply is the provocation; its bytes are TLS's own.
        trigger: provocation(run, kind, ({ startTls }) => (startTls?.reply?.code === 220 ? startTls.reply : null)),
        happened: (other, trigger) =>
          firstSensitive(
            other,
            (session, command) => command.phase === "tls" && (trigger === null || struck.has(session.exchange.id)),
          ),
      });
      if (came) report.finding(message, came, { command: came.where?.split(" ")[0] ?? "" });
    }
  },
});
