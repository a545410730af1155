/** SOAP 1.2, and for the upload MTOM/XOP with the layout of its package. */
import { defineCheck } from "../../core/model/index.js";
import { readHttpRequest } from "../../protocols/http.js";
import { parseContentType } from "../../protocols/mtom.js";
import { callOf, type DmpCall, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";

const XOP = "application/xop+xml";
const SOAP = "application/soap+xml";

export default defineCheck({
  id: "dmp/soap-envelope",
  title: {
    fr: "Les messages au DMP sont en SOAP 1.2, et en MTOM pour le dépôt",
    en: "Messages to the DMP are SOAP 1.2, and MTOM for the upload",
  },
  reads: [...VIHF_CALLS, "dmp.malformed"],
  messages: {
    not_soap: {
      weight: "breach",
      source: SOURCE.iti41,
      mark: "verified",
      witness: WITNESS.nist,
      fr: "La requête n'est pas un message SOAP lisible (enveloppe, XML ou découpage MIME).",
      en: "The request is not a readable SOAP message (envelope, XML or MIME layout).",
    },
    soap_11: {
      weight: "breach",
      source: `${SOURCE.iti41}: SOAP 1.2; TD3.x by IHE ITI TF-2 Appendix V, TD0.2 by the editor kit's messages (S8)`,
      mark: "verified",
      witness: WITNESS.nist,
      fr: "L'enveloppe est en SOAP 1.1 ; SOAP 1.2 (http://www.w3.org/2003/05/soap-envelope) est attendu.",
      en: "The envelope is SOAP 1.1; SOAP 1.2 (http://www.w3.org/2003/05/soap-envelope) is expected.",
    },
    not_mtom: {
      weight: "breach",
      source: `${SOURCE.iti41}: MTOM/XOP`,
      mark: "verified",
      witness: WITNESS.nist,
      fr: "Le dépôt doit être en MTOM (multipart/related) ; Content-Type observé : « {observed} ».",
      en: "The upload must be MTOM (multipart/related); Content-Type observed: “{observed}”.",
    },
    package_type: {
      weight: "breach",
      source: 'W3C MTOM §3.2 and XOP §4.1: multipart/related; type="application/xop+xml" (dmp.md §2.1)',
      mark: "standard",
      witness: WITNESS.nist,
      fr: 'Le paquet MTOM déclare type="application/xop+xml" ; observé : « {observed} ».',
      en: 'The MTOM package declares type="application/xop+xml"; observed: “{observed}”.',
    },
    root_type: {
      weight: "breach",
      source: "W3C XOP §4.1: the root part is application/xop+xml (dmp.md §2.1)",
      mark: "standard",
      witness: WITNESS.nist,
      fr: "La partie racine doit être de type application/xop+xml ; observé : « {observed} ».",
      en: "The root part must be of type application/xop+xml; observed: “{observed}”.",
    },
    start: {
      weight: "breach",
      source: "RFC 2387 §3.2: start names the Content-ID of a part (dmp.md §2.1)",
      mark: "standard",
      witness: WITNESS.nist,
      fr: "Le paramètre start (« {observed} ») ne désigne aucune partie du message.",
      en: "The start parameter (“{observed}”) names no part of the message.",
    },
    start_info: {
      weight: "remark",
      source: 'usage MTOM: start-info="application/soap+xml" (dmp.md §2.1)',
      mark: "inferred",
      witness: "none",
      fr: "start-info attendu : application/soap+xml ; observé : « {observed} ».",
      en: "start-info expected: application/soap+xml; observed: “{observed}”.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const call = callOf(exchange);
      // A request cut short says nothing of its form.
      if (!call && !readHttpRequest(exchange.requestBytes)?.complete) continue;
      const at = { exchange: exchange.id, side: "request", where: "Content-Type" } as const;
      report.observed(at);
      if (!call) {
        report.finding("not_soap", { ...at, where: "body" });
        continue;
      }
      // No source tells the SOAP version of TD0.3, a service of the DMP's own.
      if (call.envelope.version === "1.1" && exchange.operation !== "dmp.authorise") {
        report.finding("soap_11", { ...at, where: "soap:Envelope" });
      }
      if (exchange.operation !== "dmp.submit") continue;
      for (const [message, observed] of packageFaults(call)) report.finding(message, at, { observed });
    }
  },
});

type PackageFault = "not_mtom" | "package_type" | "root_type" | "start" | "start_info";

function packageFaults({ contentType, envelope }: DmpCall): [PackageFault, string | null][] {
  const { multipart } = envelope;
  if (!multipart) return [["not_mtom", contentType]];
  const faults: [PackageFault, string | null][] = [];
  const { type, start, "start-info": startInfo } = multipart.contentType.parameters;
  if (type?.toLowerCase() !== XOP) faults.push(["package_type", type ?? null]);
  if (multipart.root.contentType?.type !== XOP) faults.push(["root_type", multipart.root.contentType?.type ?? null]);
  if (!multipart.startFound) faults.push(["start", start ?? null]);
  // Some stacks (gSOAP, CXF) repeat the parameters of the media type in it: a charset, an action.
  if (parseContentType(startInfo)?.type !== SOAP) faults.push(["start_info", startInfo ?? null]);
  return faults;
}
