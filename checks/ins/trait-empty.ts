import { defineCheck } from "../../core/model/index.js";
import { emptyTrait, filesAfter, NAMED } from "./helpers/unusable.js";

export default defineCheck({
  id: "ins/trait-empty",
  title: {
    fr: "Réponse INSi dont le nom, les prénoms ou le sexe est vide : dossier inchangé",
    en: "INSi answer whose name, first names or sex is empty: file unchanged",
  },
  reads: ["ins.search"],
  scenarios: ["ins-answer-name-empty", "ins-answer-first-names-empty", "ins-answer-sex-empty"],
  messages: {
    "taken-over": {
      weight: "breach",
      source:
        "REM INS/va1.31, working copy of February 2023: an answer with an empty name, first names or sex is refused",
      mark: "verified",
      witness: "none",
      fr: "Dans la réponse d'INSi, {trait} est vide ; le dossier a pourtant changé ({changed}).",
      en: "In the INSi answer {trait} is empty; the file nevertheless changed ({changed}).",
    },
  },
  evaluate(seen, report) {
    const files = filesAfter(seen, emptyTrait);
    const whole = NAMED.every((trait) => files.some(({ subject }) => subject === trait));
    for (const { subject, at, changed } of files) {
      // The rule speaks of three traits: one of them alone shows a breach, but not that it is kept.
      if (!whole && changed.length === 0) continue;
      report.observed(at);
      if (changed.length > 0) report.finding("taken-over", at, { trait: subject, changed: changed.join(", ") });
    }
  },
});
