import { defineCheck } from "../../core/model/index.js";
import { isNormalisedName, normaliseName } from "../../protocols/ins.js";
import { callsOf, requestAt } from "./helpers/calls.js";
import { sameLetters } from "./helpers/names.js";

export default defineCheck({
  id: "ins/name-writing",
  title: { fr: "Écriture des noms envoyés à INSi", en: "Writing of the names sent to INSi" },
  reads: ["ins.search"],
  scenarios: ["ins-search-history", "ins-search-names"],
  messages: {
    "not-normalised": {
      weight: "remark",
      source: "RNIV, writing of traits, as recalled (ins.md §3.1)",
      mark: "recalled",
      witness: "none",
      fr: "{element} vaut « {found} » ; les traits s'écrivent en capitales sans accent ni ligature (« {expected} »).",
      en: "{element} is “{found}”; traits are written in capitals without accent or ligature (“{expected}”).",
    },
    "not-a-name": {
      weight: "remark",
      source: "pattern of a working client (ins.md §3.1, S1)",
      mark: "observed",
      witness: "open client published in padoa/tlsi-ins",
      fr: "{element} vaut « {found} », qui n'est pas fait de lettres séparées par une espace, une apostrophe ou un tiret.",
      en: "{element} is “{found}”, which is not made of letters separated by one space, apostrophe or hyphen.",
    },
    "separator-lost": {
      weight: "remark",
      source: "RNIV: hyphens and apostrophes are kept (ins.md §3.1, S13)",
      mark: "verified",
      witness: "none",
      fr: "La première recherche écrit {element} « {found} » ; le dossier porte « {expected} », dont tirets et apostrophes se conservent.",
      en: "The first search writes {element} “{found}”; the file has “{expected}”, whose hyphens and apostrophes are kept.",
    },
  },
  evaluate(seen, report) {
    for (const call of callsOf(seen)) {
      const traits = call.asked?.traits;
      if (!traits) continue;
      report.observed({ exchange: call.exchange.id, side: "request" });
      const names = [
        { element: "NomNaissance", found: traits.birthName },
        ...traits.firstNames.map((found) => ({ element: "Prenom", found })),
      ];
      for (const { element, found } of names) {
        if (found === null) continue;
        const expected = normaliseName(found);
        if (found !== expected)
          report.finding("not-normalised", requestAt(call, element), { element, found, expected });
        else if (!isNormalisedName(found)) report.finding("not-a-name", requestAt(call, element), { element, found });
      }
    }
    // Later searches may try other ways of writing the name; the first one is the file's own.
    for (const run of seen.runs) {
      const { patient } = run.facts;
      const first = callsOf(run)[0];
      const traits = first?.asked?.traits;
      if (!patient || !first || !traits) continue;
      const pairs = [
        { element: "NomNaissance", found: traits.birthName, expected: patient.birthName },
        { element: "Prenom", found: traits.firstNames[0] ?? null, expected: patient.firstName },
      ];
      for (const { element, found, expected } of pairs) {
        if (found === null || !sameLetters(found, expected)) continue;
        if (normaliseName(found) !== normaliseName(expected)) {
          report.finding("separator-lost", requestAt(first, element), { element, found, expected });
        }
      }
    }
  },
});
