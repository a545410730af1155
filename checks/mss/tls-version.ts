import { defineCheck } from "../../core/model/index.js";
import { readClientHello } from "../../protocols/tls-hello.js";
import { sessions } from "./helpers/sessions.js";

const MODERN = ["TLSv1.2", "TLSv1.3"];

/** Reads what the ClientHello offered and what was negotiated after STARTTLS. */
export default defineCheck({
  id: "mss/tls-version",
  title: { fr: "TLS 1.2 ou plus récent avec l'opérateur", en: "TLS 1.2 or later with the operator" },
  reads: ["mss.session"],
  messages: {
    "offered-too-old": {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.1.1 (mssante.md §1.2, V2)",
      mark: "restated",
      witness: "OpenSSL 3, s_client -tls1_1",
      fr: "Le client propose au plus {offered} ; TLS 1.2 est le minimum.",
      en: "The client offers {offered} at most; TLS 1.2 is the minimum.",
    },
    "negotiated-too-old": {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.1.1 (mssante.md §1.2, V2)",
      mark: "restated",
      witness: "none",
      fr: "La connexion utilise {used} ; TLS 1.2 est le minimum.",
      en: "The connection uses {used}; TLS 1.2 is the minimum.",
    },
    "also-offers-old": {
      weight: "remark",
      source: "REF2 v1.0 ECO.1.1.1 read strictly (mssante.md §1.2)",
      mark: "inferred",
      witness: "none",
      fr: "Le client propose aussi {offered}, antérieur à TLS 1.2.",
      en: "The client also offers {offered}, older than TLS 1.2.",
    },
  },
  evaluate(seen, report) {
    for (const { exchange } of sessions(seen)) {
      const { conn } = exchange;
      const hello = conn?.clientHelloBytes ? readClientHello(conn.clientHelloBytes) : null;
      if (!conn || !hello) continue;
      const at = { connection: conn.id, where: "ClientHello" };
      report.observed(at);
      const old = hello.versions.filter((version) => !MODERN.includes(version));
      if (!hello.versions.some((version) => MODERN.includes(version))) {
        report.finding("offered-too-old", at, { offered: hello.versions.join(", ") });
      } else if (old.length > 0) report.finding("also-offers-old", at, { offered: old.join(", ") });
      if (conn.tls && !MODERN.includes(conn.tls.protocol)) {
        report.finding("negotiated-too-old", at, { used: conn.tls.protocol });
      }
    }
  },
});
