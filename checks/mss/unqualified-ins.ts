import { defineCheck, type Report, type ScenarioRun } from "../../core/model/index.js";
import { isInsOid } from "../../protocols/cda.js";
import { leafParts, partText } from "../../protocols/mime.js";
import { parseCx } from "../../protocols/xds.js";
import { at, type SentMail, sentMails, staysUnqualified } from "./helpers/mails.js";

const RULE = "INS/va1.53: matricule and OID never leave for an identity that is not qualified (mssante.md §5, V)";
const SCENARIO = "mss-send-unqualified";

/** A mail about a patient whose identity is not qualified carries neither the matricule nor an INS identifier. */
export default defineCheck({
  id: "mss/unqualified-ins",
  title: {
    fr: "Ni matricule ni OID dans le message d'une identité non qualifiée",
    en: "Neither matricule nor OID in the mail of an identity that is not qualified",
  },
  reads: ["mss.submit"],
  scenarios: [SCENARIO],
  messages: {
    matricule: {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "none",
      fr: "L'identité est au statut {status} et le matricule figure dans {place}.",
      en: "The identity has the status {status} and the matricule stands in {place}.",
    },
    oid: {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "none",
      fr: "L'identité est au statut {status} et un identifiant INS ({oid}) figure dans {place}.",
      en: "The identity has the status {status} and an INS identifier ({oid}) stands in {place}.",
    },
  },
  evaluate(seen, report) {
    const mails = sentMails(seen);
    for (const run of seen.runs) {
      const { patient } = run.facts;
      if (!patient || !staysUnqualified(run)) continue;
      const sent = mails.filter((mail) => mail.exchange.scenario === run.key);
      if (sent.length === 0) tellDeclined(run, report);
      for (const mail of sent) {
        report.observed(at(mail));
        const slots = { status: patient.status };
        const places = patient.ins ? placesOf(mail, patient.ins.matricule) : [];
        for (const place of places) report.finding("matricule", at(mail, place), { ...slots, place });
        // The identifier that holds the matricule is told by it.
        if (places.length > 0) continue;
        for (const { place, oid } of insIdentifiers(mail))
          report.finding("oid", at(mail, place), { ...slots, place, oid });
      }
    }
  },
});

/** The software may decline to send anything at all: then nothing of it can be judged here. */
function tellDeclined(run: ScenarioRun, report: Report): void {
  if (run.facts.id !== SCENARIO) return;
  const step = run.steps.find((one) => one.operation === "mss.send" && one.status === "refused");
  if (step?.endEvent) report.inapplicable({ event: step.endEvent }, "vendor_declines_to_send");
}

/** Places whose readable text holds the matricule. PDF content streams are compressed and not searched. */
function placesOf(mail: SentMail, matricule: string): string[] {
  const places: string[] = [];
  for (const header of mail.mail.headers) if (header.value.includes(matricule)) places.push(header.name);
  for (const part of leafParts(mail.mail)) {
    if (part.mediaType.startsWith("text/") && (partText(part) ?? "").includes(matricule))
      places.push(`part ${part.path}`);
    if ((part.fileName ?? "").includes(matricule)) places.push(`part ${part.path}`);
  }
  for (const { name, data } of mail.archive?.xdm?.archive.entries ?? []) {
    if (name.includes(matricule) || (data && Buffer.from(data).includes(matricule))) places.push(name);
  }
  return [...new Set(places)];
}

function insIdentifiers(mail: SentMail): { place: string; oid: string }[] {
  const documents = (mail.archive?.documents ?? []).flatMap(({ file, cda }) =>
    cda.ins ? [{ place: file.path, oid: cda.ins.root }] : [],
  );
  const metadata = mail.archive?.metadata?.path ?? "METADATA.XML";
  const entries = (mail.archive?.submission?.documents ?? []).flatMap((entry) => {
    const oid = parseCx(entry.patientId)?.oid ?? null;
    return oid !== null && isInsOid(oid) ? [{ place: metadata, oid }] : [];
  });
  return [...documents, ...entries];
}
