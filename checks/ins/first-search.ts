import { defineCheck } from "../../core/model/index.js";
import { firstNameList, normaliseName } from "../../protocols/ins.js";
import { callsOf, requestAt } from "./helpers/calls.js";
import { firstNamesOf } from "./helpers/names.js";

export default defineCheck({
  id: "ins/first-search",
  title: { fr: "Traits de la première recherche INSi", en: "Traits of the first INSi search" },
  reads: ["ins.search"],
  scenarios: ["ins-search-used-name", "ins-search-second-name"],
  messages: {
    "used-name": {
      weight: "remark",
      source: "INSi request bodies, as recalled (ins.md §2.4 and §3.1)",
      mark: "recalled",
      witness: "none",
      fr: "NomNaissance vaut « {found} », le nom utilisé ; le nom de naissance du dossier est « {expected} ».",
      en: "NomNaissance is “{found}”, the used name; the birth name of the file is “{expected}”.",
    },
    "all-first-names": {
      weight: "remark",
      source: "search strategy, as recalled (ins.md §3.5, S9)",
      mark: "recalled",
      witness: "none",
      fr: "La première recherche porte « {found} » ; elle se fait avec un seul prénom, les autres ne venant qu'ensuite.",
      en: "The first search carries “{found}”; it is made with one first name, the others only come later.",
    },
    "minimum-absent": {
      weight: "remark",
      source: "functional minimum of a trait search (ins.md §2.4, S1)",
      mark: "observed",
      witness: "open client published in padoa/tlsi-ins",
      fr: "La première recherche n'a pas {missing} ; le minimum est nom de naissance, un prénom, sexe et date.",
      en: "The first search lacks {missing}; the minimum is birth name, one first name, sex and date.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const { patient } = run.facts;
      const first = callsOf(run)[0];
      const traits = first?.asked?.traits;
      if (!patient || !first || !traits) continue;
      report.observed({ exchange: first.exchange.id, side: "request" });
      const { birthName, sex, birthDate } = traits;
      const names = firstNameList(traits);
      const missing = [
        ...(birthName?.trim() ? [] : ["NomNaissance"]),
        ...(names.length > 0 ? [] : ["Prenom"]),
        ...(sex?.trim() ? [] : ["Sexe"]),
        ...(birthDate?.trim() ? [] : ["DateNaissance"]),
      ];
      if (missing.length > 0)
        report.finding("minimum-absent", requestAt(first, "Body"), { missing: missing.join(", ") });
      const used = normaliseName(patient.usedName ?? "");
      if (used && used !== normaliseName(patient.birthName) && normaliseName(birthName ?? "") === used) {
        report.finding("used-name", requestAt(first, "NomNaissance"), {
          found: birthName,
          expected: patient.birthName,
        });
      }
      // A first name with a space in it cannot be told from two: only the whole list is.
      if (firstNamesOf(patient).length > 1 && names.length === firstNamesOf(patient).length) {
        report.finding("all-first-names", requestAt(first, "Prenom"), { found: names.join(" ") });
      }
    }
  },
});
