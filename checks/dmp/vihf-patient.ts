/** The patient named by the VIHF is the patient of the message. */
import { defineCheck } from "../../core/model/index.js";
import { VIHF_ATTRIBUTE } from "../../protocols/saml.js";
import { type Cx, parseCx, RIM_NS } from "../../protocols/xds.js";
import { attr, descendants, trimmed } from "../../protocols/xml.js";
import { type DmpCall, forEachVihf, identifiersAsked, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";
import { submissionOf } from "./helpers/submission.js";

export default defineCheck({
  id: "dmp/vihf-patient",
  title: {
    fr: "Le patient du VIHF est celui du message",
    en: "The patient of the VIHF is the one of the message",
  },
  reads: VIHF_CALLS,
  messages: {
    absent: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "L'attribut resource-id (patient) est obligatoire pour cette transaction ; il est absent ou vide.",
      en: "The attribute resource-id (patient) is mandatory for this transaction; it is absent or empty.",
    },
    shape: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "resource-id attendu sous la forme <INS>^^^&<OID>&ISO^NH ; observé : « {observed} ».",
      en: "resource-id expected as <INS>^^^&<OID>&ISO^NH; observed: “{observed}”.",
    },
    differs: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "resource-id du VIHF : « {observed} » ; le message porte sur le patient « {expected} ».",
      en: "resource-id of the VIHF: “{observed}”; the message is about the patient “{expected}”.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (vihf, at, call, exchange) => {
      const where = at("AttributeStatement/Attribute[resource-id]");
      // The DMP may read any of the values: a right one does not excuse another.
      const values = new Set((vihf.attributes.get(VIHF_ATTRIBUTE.resource) ?? []).filter((value) => value !== ""));
      if (values.size === 0) return report.finding("absent", where);
      const submission = submissionOf(exchange);
      const expected = submission
        ? submission.xds.submissionSet?.patientId
        : (questionOf(call) ?? searchedPatient(call));
      const other = parseCx(expected ?? null);
      for (const observed of values) {
        const patient = parseCx(observed);
        if (!wellFormed(patient)) {
          report.finding("shape", where, { observed });
          continue;
        }
        // Further components may follow in the metadata (the kit writes a date there): identity is number and authority.
        // Metadata without an authority are the business of dmp/patient-identifier.
        const oid = other?.oid ?? patient?.oid;
        if (expected && (other?.id !== patient?.id || oid !== patient?.oid)) {
          report.finding("differs", where, { observed, expected });
        }
      }
    });
  },
});

function wellFormed(cx: Cx | null): boolean {
  return cx !== null && cx.id !== null && cx.oid !== null && cx.authorityType === "ISO" && cx.type === "NH";
}

/** The patient a stored query asks about (TD3.1), without its quotes; null when it names none. */
function searchedPatient(call: DmpCall): string | null {
  const parameters = descendants(call.envelope.payload, "Slot", RIM_NS).filter((node) =>
    /^\$XDS(DocumentEntry|SubmissionSet)PatientId$/.test(attr(node, "name") ?? ""),
  );
  const value = trimmed(descendants(parameters[0], "Value", RIM_NS)[0]);
  return value === null ? null : value.replace(/^'|'$/g, "");
}

/** The one patient a TD0.2 asks about, as a CX; null when it asks about none or several. */
function questionOf(call: DmpCall): string | null {
  const [asked, more] = identifiersAsked(call);
  return asked && !more ? `${asked.matricule ?? ""}^^^&${asked.oid ?? ""}&ISO^NH` : null;
}
