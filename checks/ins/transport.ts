import { defineCheck, type Report } from "../../core/model/index.js";
import { header } from "../../protocols/http.js";
import { INS_NS, INS_OPERATIONS } from "../../protocols/ins.js";
import { readClientHello } from "../../protocols/tls-hello.js";
import { type InsCall, readCall, requestAt } from "./helpers/calls.js";

const MODERN = ["TLSv1.2", "TLSv1.3"];

export default defineCheck({
  id: "ins/transport",
  title: { fr: "TLS et SOAP 1.2 vers INSi", en: "TLS and SOAP 1.2 towards INSi" },
  reads: ["ins.search", "ins.malformed"],
  connections: ["ins"],
  messages: {
    "tls-version": {
      weight: "breach",
      source: "CI-SIS transport layer: TLS 1.2 at least (other-services.md §5, F1)",
      mark: "verified",
      witness: "none",
      fr: "La connexion propose ou utilise « {found} » au mieux ; TLS 1.2 est le minimum.",
      en: "The connection offers or uses “{found}” at best; TLS 1.2 is the minimum.",
    },
    "tls-old-offered": {
      weight: "remark",
      source: "CI-SIS transport layer: TLS 1.0 and 1.1 forbidden (other-services.md §5, F1)",
      mark: "verified",
      witness: "none",
      fr: "Le ClientHello propose encore {found}.",
      en: "The ClientHello still offers {found}.",
    },
    "soap-version": {
      weight: "breach",
      source: "INSi service contract DESIR_ICIR_EXP 1.5.0: SOAP 1.2 (ins.md §2.1, S1)",
      mark: "verified",
      witness: "service contract and open client published in padoa/tlsi-ins",
      fr: "L'enveloppe est en SOAP {found} ; le service est en SOAP 1.2.",
      en: "The envelope is SOAP {found}; the service speaks SOAP 1.2.",
    },
    "media-type": {
      weight: "remark",
      source: "SOAP 1.2 part 2, section 7.1.4, and RFC 3902: the type of its own, others being allowed",
      mark: "standard",
      witness: "RFC 3902",
      fr: "Content-Type vaut « {found} » ; un message SOAP 1.2 se déclare d'ordinaire application/soap+xml.",
      en: "Content-Type is “{found}”; a SOAP 1.2 message ordinarily declares itself application/soap+xml.",
    },
    "not-soap": {
      weight: "breach",
      source: "INSi service contract DESIR_ICIR_EXP 1.5.0: SOAP 1.2 (ins.md §2.1, S1)",
      mark: "verified",
      witness: "service contract and open client published in padoa/tlsi-ins",
      fr: "La requête n'est pas une enveloppe SOAP lisible.",
      en: "The request is not a readable SOAP envelope.",
    },
    "body-namespace": {
      weight: "breach",
      source: "INSi service contract DESIR_ICIR_EXP 1.5.0, body elements (ins.md §2.1, S1)",
      mark: "verified",
      witness: "service contract and schemas published in padoa/tlsi-ins",
      fr: "Le corps {element} est dans l'espace de noms « {found} » ; attendu « {expected} ».",
      en: "The body {element} is in the namespace “{found}”; expected “{expected}”.",
    },
  },
  evaluate(seen, report) {
    for (const connection of seen.connections) {
      const hello = connection.clientHelloBytes ? readClientHello(connection.clientHelloBytes) : null;
      const used = connection.tls?.protocol ?? null;
      if (!hello && !used) continue;
      const at = { connection: connection.id, where: "TLS" };
      report.observed(at);
      const offered = hello?.versions ?? [];
      if (used ? !MODERN.includes(used) : !offered.some((version) => MODERN.includes(version))) {
        report.finding("tls-version", at, { found: used ?? offered.join(", ") });
      } else if (offered.some((version) => !MODERN.includes(version))) {
        report.finding("tls-old-offered", at, { found: offered.filter((v) => !MODERN.includes(v)).join(", ") });
      }
    }
    for (const call of seen.exchanges.map(readCall)) {
      // A request cut short says nothing of its form.
      if (!call.request?.complete) continue;
      report.observed({ exchange: call.exchange.id, side: "request" });
      if (!call.asked) {
        report.finding("not-soap", requestAt(call, "Body"));
        continue;
      }
      judgeNamespace(call, report);
      const { version, multipart } = call.asked.soap;
      if (version !== "1.2") {
        // The media type of SOAP 1.1 follows from the version: it is said once.
        report.finding("soap-version", requestAt(call, "Envelope"), { found: version });
        continue;
      }
      const type = header(call.request, "content-type");
      if (!multipart && !/^\s*application\/soap\+xml\s*(?:;|$)/i.test(type ?? "")) {
        report.finding("media-type", requestAt(call, "Content-Type"), { found: type });
      }
    }
  },
});

/** A search under its own name in another namespace is no search for INSi. Other bodies are of no published contract. */
function judgeNamespace(call: InsCall, report: Report): void {
  const payload = call.asked?.soap.payload;
  for (const mode of ["traits", "vitale"] as const) {
    if (payload?.name !== INS_OPERATIONS[mode].element || payload.ns === INS_NS[mode]) continue;
    report.finding("body-namespace", requestAt(call, "Body"), {
      element: payload.name,
      found: payload.ns,
      expected: INS_NS[mode],
    });
  }
}
