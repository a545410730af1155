/** One patient per submission, and it is the patient of the file, with the INS and its OID. */
import { defineCheck, type PatientFacts, type Pointer, type Report } from "../../core/model/index.js";
import { parseCx } from "../../protocols/xds.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";
import { submissionOf } from "./helpers/submission.js";

/** Authorities under which an INS travels: NIR, NIA, NIR of the test environments, demonstration. */
const INS_OIDS = [8, 9, 10, 11].map((leaf) => `1.2.250.1.213.1.4.${leaf}`);

export default defineCheck({
  id: "dmp/patient-identifier",
  title: {
    fr: "Le patient du dépôt est celui du dossier, désigné par son INS et son OID",
    en: "The patient of the upload is the one of the file, named by the INS and its OID",
  },
  reads: ["dmp.submit"],
  messages: {
    absent: {
      weight: "breach",
      source: SOURCE.metadata,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "{object}.patientId est obligatoire ; il est absent ou vide.",
      en: "{object}.patientId is mandatory; it is absent or empty.",
    },
    shape: {
      weight: "breach",
      source: SOURCE.metadata,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "{object}.patientId attendu sous la forme <INS>^^^&<OID de l'INS>&ISO^NH ; observé : « {observed} ».",
      en: "{object}.patientId expected as <INS>^^^&<OID of the INS>&ISO^NH; observed: “{observed}”.",
    },
    two_patients: {
      weight: "breach",
      source: "IHE ITI TF-3 §4.2.3.3.8, XDSPatientIdDoesNotMatch (dmp.md §2.3, S1 S16)",
      mark: "verified",
      witness: WITNESS.nist,
      fr: "Le document désigne le patient « {observed} », le lot « {expected} ».",
      en: "The document names the patient “{observed}”, the set “{expected}”.",
    },
    other_patient: {
      weight: "breach",
      source: `${SOURCE.metadata}; identité du patient (dmp.md §5)`,
      mark: "verified",
      witness: "none",
      fr: "{object}.patientId porte le matricule « {observed} » ; celui du dossier est « {expected} ».",
      en: "{object}.patientId carries the matricule “{observed}”; that of the file is “{expected}”.",
    },
    other_oid: {
      weight: "remark",
      source: "OID de l'INS selon l'environnement (dmp.md §2.3)",
      mark: "verified",
      witness: "none",
      fr: "{object}.patientId porte l'OID {observed} ; le dossier a été rempli avec {expected}.",
      en: "{object}.patientId carries the OID {observed}; the file was filled with {expected}.",
    },
  },
  evaluate(seen, report) {
    const patients = new Map(seen.runs.map((run) => [run.key, run.facts.patient]));
    for (const exchange of seen.exchanges) {
      const xds = submissionOf(exchange)?.xds;
      const set = xds?.submissionSet;
      if (!xds || !set) continue;
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      const patient = patients.get(exchange.scenario ?? "") ?? null;
      report.observed(at("SubmissionSet.patientId"));
      judge("SubmissionSet", set.patientId, patient, report, at("SubmissionSet.patientId"));
      for (const document of xds.documents) {
        const where = at(`DocumentEntry[${document.id ?? ""}].patientId`);
        const [own, common] = [parseCx(document.patientId), parseCx(set.patientId)];
        if (own?.id && common?.id && (own.id !== common.id || own.oid !== common.oid)) {
          report.finding("two_patients", where, { observed: document.patientId, expected: set.patientId });
        }
        if (!own?.id || !common?.id || own.id === common.id)
          judge("DocumentEntry", document.patientId, patient, report, where);
      }
    }
  },
});

function judge(
  object: "SubmissionSet" | "DocumentEntry",
  observed: string | null,
  patient: PatientFacts | null,
  report: Report,
  at: Pointer,
): void {
  if (!observed) {
    report.finding("absent", at, { object });
    return;
  }
  const cx = parseCx(observed);
  const oid = cx?.oid ?? "";
  if (!cx?.id || !INS_OIDS.includes(oid) || cx.authorityType !== "ISO" || cx.type !== "NH") {
    report.finding("shape", at, { object, observed });
    return;
  }
  const ins = patient?.ins;
  if (!ins) return;
  if (cx.id !== ins.matricule)
    report.finding("other_patient", at, { object, observed: cx.id, expected: ins.matricule });
  else if (oid !== ins.oid) report.finding("other_oid", at, { object, observed: oid, expected: ins.oid });
}
