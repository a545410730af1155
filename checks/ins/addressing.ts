import { defineCheck } from "../../core/model/index.js";
import { INS_OPERATIONS } from "../../protocols/ins.js";
import { callsOf, requestAt } from "./helpers/calls.js";

export default defineCheck({
  id: "ins/addressing",
  title: { fr: "En-têtes WS-Addressing des appels INSi", en: "WS-Addressing headers of INSi calls" },
  reads: ["ins.search"],
  messages: {
    "action-differs": {
      weight: "breach",
      source: "INSi service contract DESIR_ICIR_EXP 1.5.0, operations (ins.md §2.1, S1)",
      mark: "verified",
      witness: "service contract and open client published in padoa/tlsi-ins",
      fr: "wsa:Action vaut « {found} » alors que le corps {element} demande « {expected} ».",
      en: "wsa:Action is “{found}” whereas the body {element} asks for “{expected}”.",
    },
    "action-absent": {
      weight: "remark",
      source: "recorded INSi requests (ins.md §2.3, S1 S3)",
      mark: "observed",
      witness: "open client published in padoa/tlsi-ins",
      fr: "L'appel n'a pas d'en-tête wsa:Action ; les clients connus l'écrivent (« {expected} »).",
      en: "The call has no wsa:Action header; known clients write it (“{expected}”).",
    },
    "message-id-absent": {
      weight: "breach",
      source: "INSi service contract DESIR_ICIR_EXP 1.5.0, message parts (ins.md §2.3, S1)",
      mark: "verified",
      witness: "service contract and open client published in padoa/tlsi-ins",
      fr: "L'appel n'a pas d'en-tête wsa:MessageID, ou il est vide.",
      en: "The call has no wsa:MessageID header, or it is empty.",
    },
    "message-id-form": {
      weight: "remark",
      source: "INSi request headers (ins.md §2.3, S1)",
      mark: "observed",
      witness: "open client published in padoa/tlsi-ins",
      fr: "wsa:MessageID vaut « {found} » ; la forme attendue est « uuid: » suivi d'un UUID.",
      en: "wsa:MessageID is “{found}”; the expected form is “uuid:” followed by a UUID.",
    },
    "message-id-repeated": {
      weight: "breach",
      source: "W3C WS-Addressing 1.0 Core, section 3.1, [message id]",
      mark: "standard",
      witness: "W3C WS-Addressing 1.0 Core: an IRI that uniquely identifies the message",
      fr: "wsa:MessageID « {found} » sert déjà à une autre recherche ({other}).",
      en: "wsa:MessageID “{found}” already names another search ({other}).",
    },
  },
  evaluate(seen, report) {
    const known = new Map<string, { exchange: string; intent: string }>();
    for (const call of callsOf(seen)) {
      const { asked } = call;
      if (!asked?.mode) continue;
      report.observed({ exchange: call.exchange.id, side: "request" });
      const { action, messageId } = asked.soap.addressing;
      const expected = INS_OPERATIONS[asked.mode];
      const actionAt = requestAt(call, "Header/wsa:Action");
      if (!action) report.finding("action-absent", actionAt, { expected: expected.action });
      else if (action !== expected.action) {
        report.finding("action-differs", actionAt, {
          found: action,
          element: expected.element,
          expected: expected.action,
        });
      }
      const idAt = requestAt(call, "Header/wsa:MessageID");
      if (!messageId) {
        report.finding("message-id-absent", idAt);
        continue;
      }
      if (!/^uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(messageId)) {
        report.finding("message-id-form", idAt, { found: messageId });
      }
      // The same search again within a scenario may be a retransmission, whose headers were written anew: that is allowed.
      const intent = JSON.stringify([call.exchange.scenario, asked.traits, asked.card]);
      const other = known.get(messageId);
      if (other && other.intent !== intent) {
        report.finding("message-id-repeated", idAt, { found: messageId, other: other.exchange });
      }
      if (!other) known.set(messageId, { exchange: call.exchange.id, intent });
    }
  },
});
