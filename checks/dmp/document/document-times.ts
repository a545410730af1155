/** Times of the metadata: UTC, and those of the document. */
import { defineCheck } from "../../../core/model/index.js";
import { agrees, readHl7Time, toUtc } from "../../../protocols/hl7-time.js";
import { forEachDocumentAndCda } from "../helpers/submission.js";

const MAPPING =
  "CI-SIS, mapping CDA → XDS: effectiveTime, serviceEvent/effectiveTime, converted to UTC (dmp.md §2.3, §4.1, S1, S2)";
const FORM = "DocumentEntry times: UTC, YYYYMMDDhhmmss (dmp.md §2.3, S1; ITI TF-3 §4.2.3.1.7)";

export default defineCheck({
  id: "dmp/document-times",
  title: {
    fr: "Les dates des métadonnées sont celles du CDA, en UTC",
    en: "The times of the metadata are those of the CDA, in UTC",
  },
  reads: ["dmp.submit"],
  messages: {
    missing: {
      weight: "breach",
      source: "DocumentEntry.creationTime and serviceStartTime, 1..1 (dmp.md §2.3, S1)",
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.3.2 for creationTime",
      fr: "{attribute} est obligatoire ; il est absent.",
      en: "{attribute} is mandatory; it is absent.",
    },
    form: {
      weight: "breach",
      source: FORM,
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.3.1.7 (DTM: digits only)",
      fr: "{attribute} : « {observed} » n'est pas une date AAAAMMJJhhmmss (chiffres seuls, UTC).",
      en: "{attribute}: “{observed}” is no YYYYMMDDhhmmss time (digits only, UTC).",
    },
    differs: {
      weight: "breach",
      source: MAPPING,
      mark: "verified",
      witness: "editor kit sample (conversion to UTC)",
      fr: "{attribute} : « {observed} » ; le CDA porte {document}, soit {expected} en UTC.",
      en: "{attribute}: “{observed}”; the CDA carries {document}, that is {expected} in UTC.",
    },
    short: {
      weight: "remark",
      source: FORM,
      mark: "verified",
      witness: "none: IHE lets a time be cut",
      fr: "{attribute} : « {observed} » est moins précis que la seconde.",
      en: "{attribute}: “{observed}” is less precise than the second.",
    },
    stop_absent: {
      weight: "remark",
      source: "DocumentEntry.serviceStopTime, 0..1, if known (dmp.md §2.3, S1)",
      mark: "verified",
      witness: "none",
      fr: "serviceStopTime est absent alors que le CDA porte une fin d'acte ({document}).",
      en: "serviceStopTime is absent while the CDA carries an end of the act ({document}).",
    },
  },
  evaluate(seen, report) {
    forEachDocumentAndCda(seen, report, (entry, cda, at) => {
      const act = cda.mainAct?.effectiveTime ?? null;
      const compared: readonly (readonly [string, string | null, string | null])[] = [
        ["creationTime", entry.creationTime, cda.effectiveTime?.value ?? null],
        ["serviceStartTime", entry.serviceStartTime, act?.low?.value ?? null],
        ["serviceStopTime", entry.serviceStopTime, act?.high?.value ?? null],
      ];
      for (const [attribute, observed, document] of compared) {
        if (observed === null) {
          if (attribute !== "serviceStopTime") report.finding("missing", at(attribute), { attribute });
          else if (document !== null) report.finding("stop_absent", at(attribute), { document });
          continue;
        }
        if (!/^\d+$/.test(observed) || readHl7Time(observed).problem) {
          report.finding("form", at(attribute), { attribute, observed });
          continue;
        }
        if (observed.length < 14) report.finding("short", at(attribute), { attribute, observed });
        if (document !== null && agrees(observed, document) === "different") {
          report.finding("differs", at(attribute), { attribute, observed, document, expected: toUtc(document) });
        }
      }
    });
  },
});
