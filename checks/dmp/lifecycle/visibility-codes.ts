/** The codes of visibility sent with a document are those the user chose. */
import { defineCheck, type Pointer, type Report } from "../../../core/model/index.js";
import { LIFE } from "../helpers/sources.js";
import { type Asked, askedIn, member, uploadsOf } from "../helpers/steps.js";

/** What the user states, and its code (TRE_A07, dmp.md §2.4). */
const CODES = [
  ["maskedFromProfessionals", "MASQUE_PS"],
  ["hiddenFromPatient", "INVISIBLE_PATIENT"],
  ["hiddenFromRepresentatives", "INVISIBLE_REPRESENTANTS_LEGAUX"],
] as const;

export default defineCheck({
  id: "dmp/visibility-codes",
  title: {
    fr: "La visibilité choisie est celle qui est envoyée au DMP",
    en: "The visibility chosen is the one sent to the DMP",
  },
  reads: ["dmp.submit"],
  scenarios: ["dmp-submit-visibility"],
  messages: {
    missing: {
      weight: "breach",
      source: `${LIFE.row("DMP/va1.17", "confidentiality codes equal to the options chosen")}; CI-SIS, TRE_A07 (dmp.md §2.4, S2)`,
      mark: "verified",
      witness: "none",
      fr: "Visibilité choisie : {expected} ; l'entrée du document ne porte pas ce code (observés : {observed}).",
      en: "Visibility chosen: {expected}; the entry of the document does not bear this code (observed: {observed}).",
    },
    extra: {
      weight: "breach",
      source: LIFE.row("DMP/va1.17", "confidentiality codes equal to the options chosen"),
      mark: "verified",
      witness: "none",
      fr: "L'entrée du document porte {observed}, que l'utilisateur n'a pas choisi (choisis : {expected}).",
      en: "The entry of the document bears {observed}, which the user did not choose (chosen: {expected}).",
    },
    extra_representatives: {
      weight: "remark",
      source: "dossier d'un mineur : documents cachés aux représentants légaux en connexion secrète (dmp.md §5)",
      mark: "third-party",
      witness: "none",
      fr: "L'entrée du document porte {observed}, que l'utilisateur n'a pas choisi (choisis : {expected}) ; légitime pour un mineur en connexion secrète.",
      en: "The entry of the document bears {observed}, which the user did not choose (chosen: {expected}); right for a minor under secret connection.",
    },
  },
  evaluate(seen, report) {
    for (const one of askedIn(seen.runs, ["dmp.submit", "document.validate"])) judge(one, report);
  },
});

function judge({ step, calls }: Asked, report: Report): void {
  const visibility = member(step.input, "visibility");
  if (visibility === undefined) return;
  const chosen: readonly string[] = CODES.flatMap(([name, code]) => (member(visibility, name) === true ? [code] : []));
  const expected = chosen.join(", ") || "–";
  for (const { exchange, document } of uploadsOf(step, calls)) {
    const at: Pointer = {
      exchange: exchange.id,
      side: "request",
      where: `${document.entry.id ?? "ExtrinsicObject"}/confidentialityCode`,
    };
    report.observed(at);
    const codes = document.entry.confidentialityCodes.flatMap(({ code }) => (code === null ? [] : [code]));
    for (const code of chosen) {
      if (!codes.includes(code)) report.finding("missing", at, { expected: code, observed: codes.join(", ") });
    }
    for (const [, code] of CODES) {
      if (chosen.includes(code) || !codes.includes(code)) continue;
      const message = code === "INVISIBLE_REPRESENTANTS_LEGAUX" ? "extra_representatives" : "extra";
      report.finding(message, at, { expected, observed: code });
    }
  }
}
