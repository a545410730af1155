import { defineCheck } from "../../core/model/index.js";
import {
  at,
  cdasOf,
  inputOf,
  isCitizen,
  recipientsOf,
  runOf,
  sendStepOf,
  sentMails,
  staysUnqualified,
} from "./helpers/mails.js";

/** Mail to a citizen goes to the patient's own matricule, and only when the identity is qualified. */
export default defineCheck({
  id: "mss/citizen-address",
  title: {
    fr: "Adresse de l'usager bâtie sur l'INS qualifiée du patient",
    en: "Citizen's address built from the patient's qualified INS",
  },
  reads: ["mss.submit"],
  scenarios: ["mss-send-citizen"],
  messages: {
    form: {
      weight: "breach",
      source: "REF2 v1.0 ECO.2.2.6 (§3.4.2); <matricule>@patient.mssante.fr, 15 characters (mssante.md §3, V2)",
      mark: "restated",
      witness: "samples in ANS FHIR and HL7 examples",
      fr: "{address} : 15 caractères de matricule sont attendus avant @patient.mssante.fr.",
      en: "{address}: the 15 characters of a matricule are expected before @patient.mssante.fr.",
    },
    "other-matricule": {
      weight: "breach",
      source: "REF2 v1.0 ECO.2.2.6 (§3.4.2) / MSS/va1.19 (mssante.md §3, V2)",
      mark: "restated",
      witness: "none",
      fr: "Le message part vers {address} ; le matricule du patient est {expected}.",
      en: "The mail goes to {address}; the patient's matricule is {expected}.",
    },
    "not-qualified": {
      weight: "breach",
      source: "REF2 v1.0 ECO.2.2.6 (§3.4.2) / MSS/va1.19 (mssante.md §3, V2)",
      mark: "restated",
      witness: "none",
      fr: "Le message part vers {address} alors que l'identité du patient est au statut {status}.",
      en: "The mail goes to {address} although the patient's identity has the status {status}.",
    },
  },
  evaluate(seen, report) {
    for (const mail of sentMails(seen)) {
      const step = sendStepOf(seen, mail.exchange);
      const recipients = inputOf(step, "recipients");
      const built =
        Array.isArray(recipients) && recipients.some((one) => (one as { type?: unknown })?.type === "citizen");
      const run = runOf(seen, mail.exchange);
      const patient = run?.facts.patient ?? null;
      const expected = patient?.ins?.matricule ?? cdasOf(mail)[0]?.cda.ins?.extension ?? null;
      // An address that somebody typed in is not the software's construction (Known ambiguities: citizen address).
      if (!built) continue;
      for (const address of recipientsOf(mail).filter(isCitizen)) {
        const where = at(mail, `RCPT TO:<${address}>`);
        report.observed(where);
        const local = address.slice(0, address.indexOf("@"));
        if (!/^\d{5}(?:\d{2}|2[AB])\d{8}$/.test(local)) report.finding("form", where, { address });
        else if (expected !== null && local !== expected)
          report.finding("other-matricule", where, { address, expected });
        if (run && patient && staysUnqualified(run)) {
          report.finding("not-qualified", where, { address, status: patient.status });
        }
      }
    }
  },
});
