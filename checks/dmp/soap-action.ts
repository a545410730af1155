/** The WS-Addressing action of a call, and its agreement with the Content-Type. */
import { defineCheck } from "../../core/model/index.js";
import { parseContentType } from "../../protocols/mtom.js";
import { DMP_CALLS, forEachCall } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";

const IHE = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";
const KIT = "urn:ihe:iti:xds-b:2007:ProvideAndRegisterDocumentSet-b";
/** The kit's messages name the request; one of its tests names the answer. */
const EXISTS = ["urn:hl7-org:v3:PRPA_IN201307UV02", "urn:hl7-org:v3:PRPA_IN201308UV02"];

export default defineCheck({
  id: "dmp/soap-action",
  title: { fr: "L'action SOAP est celle de la transaction", en: "The SOAP action is that of the transaction" },
  reads: DMP_CALLS,
  messages: {
    absent: {
      weight: "breach",
      source: "W3C WS-Addressing 1.0 SOAP Binding §6; IHE ITI TF-2 Appendix V (dmp.md §2.1)",
      mark: "standard",
      witness: `${WITNESS.kitMessages}; ${WITNESS.nist}`,
      fr: "L'en-tête wsa:Action est attendu ; il est absent ou vide.",
      en: "The wsa:Action header is expected; it is absent or empty.",
    },
    unknown: {
      weight: "breach",
      source: SOURCE.iti41,
      mark: "standard",
      witness: `${WITNESS.kitMessages}; ${WITNESS.nist}`,
      fr: "Action attendue pour un dépôt : urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b ; observée : « {observed} ».",
      en: "Action expected for an upload: urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b; observed: “{observed}”.",
    },
    kit_form: {
      weight: "remark",
      source: "code d'exemple du kit éditeur DMP (dmp.md §2.1, S8); forme admise en production non confirmée (§8)",
      mark: "kit",
      witness: "none",
      fr: "Action sous la forme du code d'exemple du kit (« {observed} ») ; IHE écrit urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b.",
      en: "Action in the form of the kit's sample code (“{observed}”); IHE writes urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b.",
    },
    exists_action: {
      weight: "remark",
      source: "kit éditeur DMP, TD0.2 (dmp.md §1.1, S8)",
      mark: "kit",
      witness: WITNESS.kitMessages,
      fr: "Action attendue pour le test d'existence : urn:hl7-org:v3:PRPA_IN201307UV02 ; observée : « {observed} ».",
      en: "Action expected for the existence test: urn:hl7-org:v3:PRPA_IN201307UV02; observed: “{observed}”.",
    },
    content_type: {
      weight: "remark",
      source: "accord de l'action du Content-Type et de l'en-tête (dmp.md §2.1)",
      mark: "inferred",
      witness: "none",
      fr: "Le Content-Type annonce l'action « {announced} », l'en-tête SOAP « {observed} ».",
      en: "The Content-Type announces the action “{announced}”, the SOAP header “{observed}”.",
    },
  },
  evaluate(seen, report) {
    forEachCall(seen, (call, exchange, at) => {
      const where = at("soap:Header/wsa:Action");
      report.observed(where);
      const observed = call.envelope.addressing.action;
      if (!observed) return report.finding("absent", where);
      if (exchange.operation === "dmp.exists") {
        if (!EXISTS.includes(observed)) report.finding("exists_action", where, { observed });
      } else if (observed === KIT) report.finding("kit_form", where, { observed });
      else if (observed !== IHE) report.finding("unknown", where, { observed });
      const announced = parseContentType(call.contentType)?.parameters.action ?? null;
      if (announced !== null && announced !== observed) {
        report.finding("content_type", { ...where, where: "Content-Type" }, { announced, observed });
      }
    });
  },
});
