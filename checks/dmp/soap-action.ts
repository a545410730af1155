/** The WS-Addressing action of a call, and its agreement with the Content-Type. */
import { defineCheck } from "../../core/model/index.js";
import { parseContentType } from "../../protocols/mtom.js";
import { forEachCall, VIHF_CALLS } from "./helpers/call.js";
import { WITNESS } from "./helpers/sources.js";

interface Actions {
  /** The form to write. */
  readonly expected: string;
  /** Other forms that nobody holds against a software: a kit test names the answer in place of the request. */
  readonly also?: readonly string[];
  /** What IHE fixes; what only the kit shows is remarked upon. */
  readonly ihe: boolean;
}

/** The kit's sample code puts the actions of IHE under this name. */
const KIT = "urn:ihe:iti:xds-b:2007:";

const ACTIONS: Readonly<Record<(typeof VIHF_CALLS)[number], Actions>> = {
  "dmp.exists": {
    expected: "urn:hl7-org:v3:PRPA_IN201307UV02",
    also: ["urn:hl7-org:v3:PRPA_IN201308UV02"],
    ihe: false,
  },
  "dmp.authorise": { expected: "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization", ihe: false },
  "dmp.submit": { expected: "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b", ihe: true },
  "dmp.search": { expected: "urn:ihe:iti:2007:RegistryStoredQuery", ihe: true },
  "dmp.retrieve": { expected: "urn:ihe:iti:2007:RetrieveDocumentSet", ihe: true },
  // The IHE form was not read in an official copy, the other one is the kit's (dmp.md §1.1).
  "dmp.update": {
    expected: "urn:ihe:iti:2010:UpdateDocumentSet",
    also: [`${KIT}UpdateDocumentSet-b`],
    ihe: false,
  },
};

export default defineCheck({
  id: "dmp/soap-action",
  title: { fr: "L'action SOAP est celle de la transaction", en: "The SOAP action is that of the transaction" },
  reads: VIHF_CALLS,
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
      source: "IHE ITI TF-2 §3.41, §3.18, §3.43: Action of the transaction (dmp.md §1.1, §2.1, S16)",
      mark: "standard",
      witness: `${WITNESS.kitMessages}; ${WITNESS.kitSearch}; ${WITNESS.nist}`,
      fr: "Action attendue : {expected} ; observée : « {observed} ».",
      en: "Action expected: {expected}; observed: “{observed}”.",
    },
    kit_form: {
      weight: "remark",
      source: "code d'exemple du kit éditeur DMP (dmp.md §2.1, S8); forme admise en production non confirmée (§8)",
      mark: "kit",
      witness: "none",
      fr: "Action sous la forme du code d'exemple du kit (« {observed} ») ; IHE écrit {expected}.",
      en: "Action in the form of the kit's sample code (“{observed}”); IHE writes {expected}.",
    },
    other_action: {
      weight: "remark",
      source: "kit éditeur DMP, TD0.2, TD0.3, TD3.3 (dmp.md §1.1, S8)",
      mark: "kit",
      witness: `${WITNESS.kitMessages}; ${WITNESS.kitUpdate}`,
      fr: "Action connue pour cette transaction : {expected} ; observée : « {observed} ».",
      en: "Action known for this transaction: {expected}; observed: “{observed}”.",
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
      const { expected, also = [], ihe } = ACTIONS[exchange.operation as keyof typeof ACTIONS];
      // TD0.3 is a service of the DMP's own: that it needs WS-Addressing is known from samples only.
      if (!observed && exchange.operation !== "dmp.authorise") return report.finding("absent", where);
      if (observed !== expected && !also.includes(observed ?? "")) {
        const message = !ihe ? "other_action" : observed?.startsWith(KIT) ? "kit_form" : "unknown";
        report.finding(message, where, { expected, observed });
      }
      const announced = parseContentType(call.contentType)?.parameters.action ?? null;
      if (announced !== null && announced !== observed) {
        report.finding("content_type", { ...where, where: "Content-Type" }, { announced, observed });
      }
    });
  },
});
