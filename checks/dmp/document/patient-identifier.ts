/** The patient the metadata names: the qualified INS with its OID, the same everywhere, and the patient of the scenario. */
import { defineCheck, type ScenarioRun } from "../../../core/model/index.js";
import { type Cda, isInsOid } from "../../../protocols/cda.js";
import { expectedEntry } from "../../../protocols/cda-xds.js";
import { parseCx, type XdsDocument } from "../../../protocols/xds.js";
import { seenDocuments } from "../helpers/submission.js";

const CX = "CI-SIS, mapping CDA → XDS, patientId as CX `<INS>^^^&<OID>&ISO^NH` (dmp.md §2.3, S1, S2)";
const MAPPING = "CI-SIS, mapping CDA → XDS, recordTarget (dmp.md §4.1, S1, S2)";

export default defineCheck({
  id: "dmp/patient-identifier",
  title: {
    fr: "Les métadonnées DMP désignent le patient par son INS et l'OID de cet INS",
    en: "The DMP metadata name the patient by the INS and its OID",
  },
  reads: ["dmp.submit"],
  messages: {
    form: {
      weight: "breach",
      source: CX,
      mark: "verified",
      witness: "editor kit sample request (same CX, trailing components tolerated)",
      fr: "patientId : forme attendue <INS>^^^&<OID>&ISO^NH ; observé « {observed} ».",
      en: "patientId: expected form <INS>^^^&<OID>&ISO^NH; observed “{observed}”.",
    },
    oid: {
      weight: "breach",
      source: "INS OIDs …4.8, .9, .10, .11 (dmp.md §2.3, S6)",
      mark: "verified",
      witness: "official schematron ASIP-STRUCT-MIN (the four INS roots)",
      fr: "patientId : l'OID « {observed} » n'est pas celui d'un INS.",
      en: "patientId: the OID “{observed}” is not that of an INS.",
    },
    set_differs: {
      weight: "breach",
      source: "SubmissionSet.patientId equals every DocumentEntry.patientId (dmp.md §2.3, S1; ITI TF-3 §4.2.3.3)",
      mark: "verified",
      witness: "IHE ITI-41 error XDSPatientIdDoesNotMatch",
      fr: "Le patientId du lot (« {set} ») diffère de celui du document (« {observed} »).",
      en: "The patientId of the set (“{set}”) differs from that of the document (“{observed}”).",
    },
    cda_differs: {
      weight: "breach",
      source: MAPPING,
      mark: "verified",
      witness: "none",
      fr: "patientId désigne {observed} alors que le CDA porte {expected}.",
      en: "patientId names {observed} while the CDA carries {expected}.",
    },
    scenario_differs: {
      weight: "breach",
      source: "patientId is the patient's INS (dmp.md §2.3, S1); patient of the scenario",
      mark: "verified",
      witness: "none",
      fr: "patientId porte le matricule « {observed} » ; celui du patient du scénario est « {expected} ».",
      en: "patientId carries the matricule “{observed}”; that of the scenario's patient is “{expected}”.",
    },
    scenario_oid: {
      weight: "remark",
      source: "INS OIDs: .10 in test environments, .8 as the INSi test answers (dmp.md §2.3; ins.md §3.4)",
      mark: "verified",
      witness: "none",
      fr: "patientId porte l'OID {observed} ; le dossier du scénario porte {expected}.",
      en: "patientId carries the OID {observed}; the file of the scenario carries {expected}.",
    },
    source_id: {
      weight: "breach",
      source: "DocumentEntry.sourcePatientId 1..1, CX (dmp.md §2.3, S1, S2)",
      mark: "verified",
      witness: "editor kit sample request",
      fr: "sourcePatientId est obligatoire, sous la forme id^^^&OID&ISO^type ; observé « {observed} ».",
      en: "sourcePatientId is mandatory, in the form id^^^&OID&ISO^type; observed “{observed}”.",
    },
    source_info_absent: {
      weight: "remark",
      source: "sourcePatientInfo: 1..1 in one official text, optional in another (dmp.md §2.3, S1, S2)",
      mark: "verified",
      witness: "none: the two texts differ",
      fr: "sourcePatientInfo est absent.",
      en: "sourcePatientInfo is absent.",
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
    const runs = new Map(seen.runs.map((run): [string, ScenarioRun] => [run.key, run]));
    for (const { document, submission, exchange, at } of seenDocuments(seen)) {
      const { entry, cda } = document;
      report.observed(at());
      const cx = parseCx(entry.patientId);
      if (!cx?.id || !cx.oid || cx.authorityType !== "ISO" || cx.type !== "NH") {
        report.finding("form", at("patientId"), { observed: entry.patientId });
      } else if (!isInsOid(cx.oid)) report.finding("oid", at("patientId"), { observed: cx.oid });
      const set = submission.xds.submissionSet;
      if (set && set.patientId !== entry.patientId) {
        report.finding("set_differs", at("patientId"), { set: set.patientId, observed: entry.patientId });
      }
      const wanted = cda ? expectedEntry(cda).patientId : null;
      if (cda && cx?.id && (wanted?.id !== cx.id || (cx.oid !== null && wanted.oid !== cx.oid))) {
        const slots = {
          expected: wanted ? `${wanted.id} (${wanted.oid})` : "–",
          observed: `${cx.id} (${cx.oid ?? "–"})`,
        };
        report.finding("cda_differs", at("patientId"), slots);
      }
      const ins = runs.get(exchange.scenario ?? "")?.facts.patient?.ins ?? null;
      if (ins && cx?.id && cx.id !== ins.matricule) {
        report.finding("scenario_differs", at("patientId"), { expected: ins.matricule, observed: cx.id });
      } else if (ins && cx?.oid && isInsOid(cx.oid) && cx.oid !== ins.oid) {
        report.finding("scenario_oid", at("patientId"), { expected: ins.oid, observed: cx.oid });
      }
      const source = parseCx(entry.sourcePatientId);
      if (!source?.id || !source.oid)
        report.finding("source_id", at("sourcePatientId"), { observed: entry.sourcePatientId });
      if (entry.sourcePatientInfo.length === 0) report.finding("source_info_absent", at("sourcePatientInfo"));
      if (cda) {
        for (const slots of infoFaults(entry, cda))
          report.finding("source_info_differs", at("sourcePatientInfo"), slots);
      }
    }
  },
});

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
    ["PID-7", values("PID-7")[0]?.slice(0, 8), birthDate?.slice(0, 8) ?? null],
    ["PID-8", values("PID-8")[0], sex],
  ];
  return compared.flatMap(([field, observed, expected]) =>
    observed !== undefined && expected && observed.trim() !== expected ? [{ field, observed, expected }] : [],
  );
}
