import { type Connection, defineCheck } from "../../core/model/index.js";
import { type ClientHello, readClientHello } from "../../protocols/tls-hello.js";

const SOURCE = "PSC announced norms: TLS 1.2 or higher (psc.md §1, S1)";
const GOOD = ["TLSv1.2", "TLSv1.3"];
/** What the software itself calls; the browser's connections say nothing of it. */
const BACK_CHANNEL = [
  "psc.discovery",
  "psc.token",
  "psc.userinfo",
  "psc.jwks",
  "psc.introspect",
  "psc.revoke",
  "psc.ciba",
];

export default defineCheck({
  id: "psc/tls-version",
  title: { fr: "TLS 1.2 ou plus vers PSC", en: "TLS 1.2 or later towards PSC" },
  reads: BACK_CHANNEL,
  connections: ["psc"],
  messages: {
    "too-old": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "none",
      fr: "Le logiciel ne propose que {offered} ; attendu TLS 1.2 ou plus.",
      en: "The software offers {offered} only; expected TLS 1.2 or later.",
    },
    "old-offered": {
      weight: "remark",
      source: SOURCE,
      mark: "verified",
      witness: "none",
      fr: "Le logiciel propose aussi des versions anciennes : {offered}.",
      en: "The software offers old versions too: {offered}.",
    },
  },
  evaluate(seen, report) {
    const own = new Set(seen.exchanges.map(({ connection }) => connection));
    for (const connection of seen.connections) {
      const hello = connection.clientHelloBytes ? readClientHello(connection.clientHelloBytes) : null;
      if (!hello || !(own.has(connection.id) || refusedForItsVersion(connection, hello))) continue;
      const at = { connection: connection.id, where: "ClientHello" };
      report.observed(at);
      const offered = hello.versions.join(", ");
      if (!hello.versions.some((version) => GOOD.includes(version))) report.finding("too-old", at, { offered });
      else if (!hello.versions.every((version) => GOOD.includes(version))) {
        report.finding("old-offered", at, { offered });
      }
    }
  },
});

/** A handshake that no version could save: whoever made it is no browser of today, ours least of all. */
function refusedForItsVersion(connection: Connection, hello: ClientHello): boolean {
  return connection.tls === null && !hello.versions.some((version) => GOOD.includes(version));
}
