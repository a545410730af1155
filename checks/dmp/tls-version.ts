/** TLS 1.2 or later towards the DMP. */
import { defineCheck } from "../../core/model/index.js";
import { readClientHello } from "../../protocols/tls-hello.js";

const RECENT = ["TLSv1.2", "TLSv1.3"];
const SOURCE = "CI-SIS Transport: TLS 1.2 minimum, 1.0, 1.1 and SSL forbidden (other-services.md §5)";

export default defineCheck({
  id: "dmp/tls-version",
  title: { fr: "La connexion au DMP utilise TLS 1.2 ou plus", en: "The connection to the DMP uses TLS 1.2 or later" },
  reads: ["dmp.exists", "dmp.submit"],
  connections: ["dmp"],
  messages: {
    too_old: {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "openssl s_client refuses to go below TLS 1.2 by default",
      fr: "Le logiciel ne propose rien au-dessus de {best} ; TLS 1.2 est le minimum.",
      en: "The software offers nothing above {best}; TLS 1.2 is the minimum.",
    },
    also_old: {
      weight: "remark",
      source: SOURCE,
      mark: "verified",
      witness: "none",
      fr: "Le logiciel propose aussi des versions interdites : {versions}.",
      en: "The software also offers forbidden versions: {versions}.",
    },
  },
  evaluate(seen, report) {
    for (const connection of seen.connections) {
      const hello = connection.clientHelloBytes ? readClientHello(connection.clientHelloBytes) : null;
      if (!hello) continue;
      const at = { connection: connection.id, where: "ClientHello" };
      report.observed(at);
      const old = hello.versions.filter((version) => !RECENT.includes(version));
      if (old.length === hello.versions.length) report.finding("too_old", at, { best: old[0] ?? hello.legacyVersion });
      else if (old.length > 0) report.finding("also_old", at, { versions: old.join(", ") });
    }
  },
});
