import { defineCheck, type Report } from "../../core/model/index.js";
import { isInsDate, isPlaceCode } from "../../protocols/ins.js";
import { elements } from "../../protocols/xml.js";
import { callsOf, type InsCall, requestAt } from "./helpers/calls.js";

/** Order of the elements of each search (ins.md §2.4); `Prenom` may come several times. */
const ORDER = {
  traits: ["NomNaissance", "Prenom", "Sexe", "DateNaissance", "LieuNaissance"],
  vitale: ["MatriculeIndividu", "MatriculeOD", "NomNaissance", "DateNaissance", "RangNaissance"],
} as const;
const SOURCE = "INSi schemas of contract DESIR_ICIR_EXP 1.5.0, request bodies (ins.md §2.4, S1 S2)";
const WITNESS = "schemas published in padoa/tlsi-ins and an independent JAXB binding";

export default defineCheck({
  id: "ins/trait-values",
  title: { fr: "Valeurs et ordre des traits envoyés à INSi", en: "Values and order of the traits sent to INSi" },
  reads: ["ins.search"],
  messages: {
    sex: {
      weight: "breach",
      source: "INSi: sex is M or F (ins.md §2.4 and §3.2, S1 S4)",
      mark: "verified",
      witness: WITNESS,
      fr: "Sexe vaut « {found} » ; INSi ne connaît que M et F.",
      en: "Sexe is “{found}”; INSi knows M and F only.",
    },
    date: {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "DateNaissance vaut « {found} » ; attendu AAAA-MM-JJ (00 pour un mois ou un jour inconnu).",
      en: "DateNaissance is “{found}”; expected YYYY-MM-DD (00 for an unknown month or day).",
    },
    place: {
      weight: "breach",
      source: "INSi request bodies and place codes (ins.md §2.4 and §3.2, S9 S1 S2)",
      mark: "verified",
      witness: WITNESS,
      fr: "LieuNaissance vaut « {found} » ; attendu un code officiel géographique de cinq caractères.",
      en: "LieuNaissance is “{found}”; expected an official geographic code of five characters.",
    },
    order: {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "Les éléments de la recherche sont « {found} » ; le schéma les veut dans l'ordre « {expected} » et n'en connaît pas d'autre.",
      en: "The elements of the search are “{found}”; the schema wants them in the order “{expected}” and knows no other.",
    },
  },
  evaluate(seen, report) {
    for (const call of callsOf(seen)) {
      if (!call.asked?.mode) continue;
      report.observed({ exchange: call.exchange.id, side: "request" });
      judgeOrder(call, report);
      const { traits } = call.asked;
      if (!traits) continue;
      const { sex, birthDate, birthPlace } = traits;
      // The schema takes an empty element for one left out.
      if (sex && sex !== "M" && sex !== "F") report.finding("sex", requestAt(call, "Sexe"), { found: sex });
      if (birthDate && !isInsDate(birthDate)) {
        report.finding("date", requestAt(call, "DateNaissance"), { found: birthDate });
      }
      if (birthPlace && !isPlaceCode(birthPlace)) {
        report.finding("place", requestAt(call, "LieuNaissance"), { found: birthPlace });
      }
    }
  },
});

function judgeOrder(call: InsCall, report: Report): void {
  const { mode, soap } = call.asked ?? {};
  if (!mode || !soap?.payload) return;
  const order: readonly string[] = ORDER[mode];
  const found = elements(soap.payload).map((node) => node.name);
  const positions = found.map((name) => order.indexOf(name));
  const wrong = positions.some((position, i) => {
    const before = positions[i - 1] ?? -1;
    return position < before || position < 0 || (position === before && found[i] !== "Prenom");
  });
  if (wrong) report.finding("order", requestAt(call, "Body"), { found: found.join(" "), expected: order.join(" ") });
}
