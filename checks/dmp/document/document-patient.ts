/** The patient of the metadata is the patient of the document: INS, local identifier, traits. */
import { defineCheck } from "../../../core/model/index.js";
import { type Cda, isInsOid } from "../../../protocols/cda.js";
import { expectedEntry, insIds } from "../../../protocols/cda-xds.js";
import { parseCx, type XdsDocument } from "../../../protocols/xds.js";
import { forEachDocumentAndCda } from "../helpers/submission.js";

const MAPPING = "CI-SIS, mapping CDA → XDS, recordTarget (dmp.md §2.3, §4.1, S1, S2)";

export default defineCheck({
  id: "dmp/document-patient",
  title: {
    fr: "Le patient des métadonnées est celui du CDA",
    en: "The patient of the metadata is that of the CDA",
  },
  reads: ["dmp.submit"],
  messages: {
    differs: {
      weight: "breach",
      source: `${MAPPING}: recordTarget/id → patientId`,
      mark: "verified",
      witness: "none",
      fr: "patientId désigne {observed} alors que le CDA porte {expected}.",
      en: "patientId names {observed} while the CDA carries {expected}.",
    },
    source_id: {
      weight: "breach",
      source: "DocumentEntry.sourcePatientId 1..1, CX (dmp.md §2.3, S1, S2)",
      mark: "verified",
      witness: "editor kit sample messages",
      fr: "sourcePatientId est obligatoire, sous la forme id^^^&OID&ISO^type ; observé « {observed} ».",
      en: "sourcePatientId is mandatory, in the form id^^^&OID&ISO^type; observed “{observed}”.",
    },
    source_id_unknown: {
      weight: "remark",
      source: `${MAPPING}: recordTarget/id → sourcePatientId`,
      mark: "verified",
      witness: "none",
      fr: "sourcePatientId « {observed} » n'est aucun des identifiants du patient dans le CDA.",
      en: "sourcePatientId “{observed}” is none of the patient's identifiers in the CDA.",
    },
    source_info_absent: {
      weight: "remark",
      source: "sourcePatientInfo: 1..1 in one official text, optional in another (dmp.md §2.3, S1, S2)",
      mark: "verified",
      witness: "none: the two texts differ",
      fr: "sourcePatientInfo est absent.",
      en: "sourcePatientInfo is absent.",
    },
    source_info_form: {
      weight: "breach",
      source: "IHE ITI TF-3 §4.2.3.2.23: one PID field per value, PID-n|value (dmp.md §2.3, S1)",
      mark: "standard",
      witness: "editor kit sample messages",
      fr: "sourcePatientInfo : « {observed} » n'a pas la forme attendue ({expected}).",
      en: "sourcePatientInfo: “{observed}” has not the form expected ({expected}).",
    },
    source_info_name: {
      weight: "remark",
      source: "sourcePatientInfo: PID-5, 1..*; the birth name has type L (dmp.md §2.3, S1)",
      mark: "verified",
      witness: "editor kit sample messages",
      fr: "sourcePatientInfo ne porte pas de PID-5 de type L (nom de naissance).",
      en: "sourcePatientInfo carries no PID-5 of type L (birth name).",
    },
    source_id_type: {
      weight: "remark",
      source: "sourcePatientId: PI for a local number, NH for an INS (dmp.md §2.3, S1, S8)",
      mark: "verified",
      witness: "editor kit sample messages",
      fr: "sourcePatientId : type attendu {expected} ; observé : « {observed} ».",
      en: "sourcePatientId: type expected {expected}; observed: “{observed}”.",
    },
    source_info_differs: {
      weight: "breach",
      source: `${MAPPING}: patient → sourcePatientInfo`,
      mark: "verified",
      witness: "none",
      fr: "sourcePatientInfo {field} : « {observed} » alors que le CDA porte « {expected} ».",
      en: "sourcePatientInfo {field}: “{observed}” while the CDA carries “{expected}”.",
    },
  },
  evaluate(seen, report) {
    forEachDocumentAndCda(seen, report, (entry, cda, at) => {
      const cx = parseCx(entry.patientId);
      const wanted = insIds(cda);
      // The form of patientId, its absence and the patient of the scenario are `dmp/patient-identifier`'s.
      if (cx?.id && !wanted.some(({ id, oid }) => id === cx.id && (cx.oid === null || oid === cx.oid))) {
        const slots = {
          expected: wanted.map(({ id, oid }) => `${id} (${oid})`).join(", ") || "–",
          observed: `${cx.id} (${cx.oid ?? "–"})`,
        };
        report.finding("differs", at("patientId"), slots);
      }
      const observed = entry.sourcePatientId;
      const source = parseCx(observed);
      const ids = cda.patient?.ids ?? [];
      if (!source?.id || !source.oid) report.finding("source_id", at("sourcePatientId"), { observed });
      else if (!ids.some((id) => id.extension === source.id && id.root === source.oid)) {
        report.finding("source_id_unknown", at("sourcePatientId"), { observed });
      }
      if (source?.id && source.oid) {
        const type = isInsOid(source.oid) ? "NH" : "PI";
        const slots = { expected: type, observed: source.type };
        if (source.type !== type) report.finding("source_id_type", at("sourcePatientId"), slots);
      }
      for (const slots of malformed(entry)) report.finding("source_info_form", at("sourcePatientInfo"), slots);
      const names = entry.sourcePatientInfo.filter((value) => value.startsWith("PID-5|"));
      if (entry.sourcePatientInfo.length > 0 && !names.some((value) => value.split("^")[6] === "L")) {
        report.finding("source_info_name", at("sourcePatientInfo"));
      }
      if (entry.sourcePatientInfo.length === 0) report.finding("source_info_absent", at("sourcePatientInfo"));
      for (const slots of infoFaults(entry, cda)) report.finding("source_info_differs", at("sourcePatientInfo"), slots);
    });
  },
});

/** Values that are no PID field, and fields whose type is closed: PID-7 a date, PID-8 a code of HL7 table 0001. */
function malformed({ sourcePatientInfo }: XdsDocument): { observed: string; expected: string }[] {
  return sourcePatientInfo.flatMap((observed) => {
    const [field = "", ...rest] = observed.split("|");
    const value = rest.join("|");
    const wrong = (expected: string) => [{ observed, expected }];
    if (!/^PID-\d+$/.test(field) || rest.length === 0) return wrong("PID-n|…");
    if (field === "PID-7" && !/^(\d{4}(\d{2}(\d{2}(\d{2,6}([+-]\d{4})?)?)?)?)?$/.test(value))
      return wrong("PID-7|AAAAMMJJ");
    if (field === "PID-8" && !/^[FMOUAN]?$/.test(value)) return wrong("PID-8|F, M, O, U, A, N");
    return [];
  });
}

/** PID fields that say something else than the CDA. A field that is absent is not judged, nor one the CDA does not give. */
function infoFaults(entry: XdsDocument, cda: Cda): { field: string; observed: string; expected: string }[] {
  const { birthName, birthDate, sex } = expectedEntry(cda).patient;
  const values = (field: string): string[] =>
    entry.sourcePatientInfo
      .filter((value) => value.startsWith(`${field}|`))
      .map((value) => value.slice(field.length + 1));
  // PID-5 repeats names; only the legal one (type L) must be the birth name.
  const legal = values("PID-5")
    .map((value) => value.split("^"))
    .filter((name) => name[6] === "L");
  const compared: readonly (readonly [string, string | undefined, string | null])[] = [
    ["PID-5", legal[0]?.[0], birthName],
    ["PID-7", knownDate(values("PID-7")[0]), knownDate(birthDate ?? undefined) ?? null],
    // HL7 v2 and the CDA name only these two alike; others are translated.
    ["PID-8", values("PID-8")[0], sex === "M" || sex === "F" ? sex : null],
  ];
  return compared.flatMap(([field, observed, expected]) =>
    observed !== undefined && expected && observed.trim().toUpperCase() !== expected.toUpperCase()
      ? [{ field, observed, expected }]
      : [],
  );
}

/** Day of birth without its unknown parts: INSi tells them by zeros, HL7 by leaving them out. */
function knownDate(value: string | undefined): string | undefined {
  return value
    ?.slice(0, 8)
    .replace(/^(\d{6})00$/, "$1")
    .replace(/^(\d{4})00$/, "$1");
}
