import { defineCheck, type PatientFacts, type Pointer, type Report } from "../../core/model/index.js";
import { type InsCall, responseAt } from "./helpers/calls.js";
import { missingFirstNames } from "./helpers/names.js";
import { searchSteps } from "./helpers/steps.js";

const SOURCE = "regional guidance to professionals on an answer 02 (ins.md §3.5 and §9 line 2, S9)";

export default defineCheck({
  id: "ins/enrichment",
  title: { fr: "Recherche complétée après « plusieurs identités »", en: "Search completed after “several identities”" },
  reads: ["ins.search"],
  scenarios: ["ins-search-several-then-found", "ins-search-several-place"],
  messages: {
    "names-not-added": {
      weight: "remark",
      source: SOURCE,
      mark: "third-party",
      witness: "published test identity DE VINCI LEONARDO answers 02",
      fr: "Après 02, aucune recherche n'ajoute les autres prénoms du dossier ({missing}).",
      en: "After 02, no search adds the other first names of the file ({missing}).",
    },
    "place-not-added": {
      weight: "remark",
      source: SOURCE,
      mark: "third-party",
      witness: "published test identity DE VINCI LEONARDO answers 02",
      fr: "Après 02 avec tous les prénoms, aucune recherche n'ajoute le lieu de naissance (code {place}).",
      en: "After 02 with all first names, no search adds the birth place (code {place}).",
    },
    "place-before-names": {
      weight: "remark",
      source: SOURCE,
      mark: "third-party",
      witness: "published test identity DE VINCI LEONARDO answers 02",
      fr: "Après 02, le lieu de naissance est ajouté avant les autres prénoms du dossier ({missing}).",
      en: "After 02, the birth place is added before the other first names of the file ({missing}).",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const { patient } = run.facts;
      if (!patient) continue;
      for (const { calls } of searchSteps(run)) judge(patient, calls, report);
    }
  },
});

/** From the first 02 on, each search is looked at with what it adds; a search that ends in 00 has reached its goal. */
function judge(patient: PatientFacts, calls: readonly InsCall[], report: Report): void {
  const start = calls.findIndex((call) => call.outcome === "02" && call.asked?.traits);
  const several = calls[start];
  if (!several?.asked?.traits) return;
  const at: Pointer = responseAt(several, "CodeCR");
  report.observed(at);
  const placeAtFirst = Boolean(several.asked.traits.birthPlace?.trim());
  let missing = missingFirstNames(patient, several.asked.traits);
  let placeSent = placeAtFirst;
  for (const call of calls.slice(start + 1)) {
    const traits = call.asked?.traits;
    if (!traits) continue;
    const left = missingFirstNames(patient, traits);
    if (traits.birthPlace?.trim() && !placeSent) {
      placeSent = true;
      if (missing.length > 0 && left.length > 0) {
        report.finding("place-before-names", at, { missing: left.join(" ") });
        return;
      }
    }
    if (left.length < missing.length) missing = left;
    // Found, or failed for technical reasons: nothing more is owed.
    if (call.outcome === "00" || call.outcome === "failure") return;
  }
  if (missing.length > 0) report.finding("names-not-added", at, { missing: missing.join(" ") });
  else if (!placeSent && patient.birthPlace !== "")
    report.finding("place-not-added", at, { place: patient.birthPlace });
}
