/** TD3.1 is a stored query of IHE with its compulsory parameters, about the patient of the open file. */
import { defineCheck, type Exchange, type Pointer, type Report } from "../../../core/model/index.js";
import { parseCx } from "../../../protocols/xds.js";
import type { StoredQuery, StoredQueryName } from "../../../protocols/xds-query.js";
import { consults, queryOf, valuesOf } from "../helpers/consultation.js";
import { LIFE, WITNESS } from "../helpers/sources.js";
import { asked, type Asked } from "../helpers/steps.js";

/** Parameters without which a query that lists a file is refused (ITI TF-2 §3.18.4.1.2.3.7). */
const COMPULSORY: Partial<Record<StoredQueryName, readonly string[]>> = {
  FindDocuments: ["$XDSDocumentEntryPatientId", "$XDSDocumentEntryStatus"],
  FindSubmissionSets: ["$XDSSubmissionSetPatientId", "$XDSSubmissionSetStatus"],
};
const PATIENT = ["$XDSDocumentEntryPatientId", "$XDSSubmissionSetPatientId"];

export default defineCheck({
  id: "dmp/search-request",
  title: {
    fr: "La recherche (TD3.1) est une requête IHE complète, sur le patient du dossier ouvert",
    en: "The search (TD3.1) is a whole IHE query, about the patient of the open file",
  },
  reads: ["dmp.search"],
  scenarios: ["dmp-search"],
  messages: {
    unreadable: {
      weight: "breach",
      source: `${LIFE.query}: AdhocQueryRequest in the SOAP body`,
      mark: "standard",
      witness: WITNESS.kitSearch,
      fr: "L'appel de recherche ne porte pas d'AdhocQueryRequest lisible dans une enveloppe SOAP.",
      en: "The search call carries no readable AdhocQueryRequest in a SOAP envelope.",
    },
    query: {
      weight: "breach",
      source: `${LIFE.query}: AdhocQuery/@id is that of a stored query`,
      mark: "standard",
      witness: WITNESS.kitSearch,
      fr: "AdhocQuery/@id « {observed} » n'est l'identifiant d'aucune requête enregistrée d'IHE.",
      en: "AdhocQuery/@id “{observed}” is the id of no stored query of IHE.",
    },
    parameter: {
      weight: "breach",
      source: `${LIFE.query}: required parameters`,
      mark: "standard",
      witness: WITNESS.kitSearch,
      fr: "Le paramètre {name} est obligatoire dans {query} ; il est absent ou vide.",
      en: "The parameter {name} is compulsory in {query}; it is absent or empty.",
    },
    value: {
      weight: "breach",
      source: `${LIFE.query}: coding of values: strings between single quotes, lists in parentheses`,
      mark: "standard",
      witness: WITNESS.kitSearch,
      fr: "La valeur de {name} n'est ni un nombre, ni un texte entre apostrophes, ni une liste entre parenthèses : « {observed} ».",
      en: "The value of {name} is no number, no text between single quotes and no list in parentheses: “{observed}”.",
    },
    patient: {
      weight: "breach",
      source: LIFE.row("DMP/va1.19", "consultation of the DMP of the patient; patient as in the VIHF (dmp.md §3, S2)"),
      mark: "verified",
      witness: WITNESS.kitSearch,
      fr: "La liste du DMP était demandée pour le patient « {expected} » ; les recherches faites portent sur : {observed}.",
      en: "The list of the DMP was asked for the patient “{expected}”; the searches made are about: {observed}.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const at: Pointer = { exchange: exchange.id, side: "request", where: "AdhocQueryRequest" };
      report.observed(at);
      const query = queryOf(exchange);
      if (query) judgeForm(query, report, at);
      else report.finding("unreadable", at);
    }
    for (const run of seen.runs) for (const one of asked(run, "dmp.search")) judgePatient(one, report);
  },
});

function judgeForm(query: StoredQuery, report: Report, at: Pointer): void {
  if (query.name === null) return report.finding("query", at, { observed: query.id });
  for (const name of COMPULSORY[query.name] ?? []) {
    if (valuesOf(query, name).length === 0) report.finding("parameter", at, { name, query: query.name });
  }
  for (const [name, slots] of query.parameters) {
    // Parameters nobody knows are ignored by a registry, however they are written.
    const wrong = name.startsWith("$XDS")
      ? slots.find((slot) => slot.values.length > 0 && !slot.wellFormed)
      : undefined;
    if (wrong) report.finding("value", at, { name, observed: wrong.values[0]?.text ?? null });
  }
}

/** Software may look ahead for other patients: one search about the right one is enough. */
function judgePatient({ run, step, calls }: Asked, report: Report): void {
  const expected = run.facts.patient?.ins?.matricule;
  const searches = calls.filter(consults);
  if (!expected || step.status !== "done" || searches.length === 0) return;
  const found = searches.flatMap(patientsOf);
  // A query without a patient is the business of another message.
  if (found.length === 0 || found.includes(expected)) return;
  const first = searches[0];
  if (first) {
    const at: Pointer = { exchange: first.id, side: "request", where: "AdhocQuery/Slot[PatientId]" };
    report.finding("patient", at, { expected, observed: found.join(", ") });
  }
}

function patientsOf(exchange: Exchange): readonly string[] {
  const query = queryOf(exchange);
  if (!query) return [];
  return PATIENT.flatMap((name) => valuesOf(query, name)).map((value) => parseCx(value)?.id ?? value);
}
