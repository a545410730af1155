import { defineCheck } from "../../core/model/index.js";
import { filesAfter, unknownDate } from "./helpers/unusable.js";

export default defineCheck({
  id: "ins/date-unknown",
  title: {
    fr: "Réponse INSi dont le jour ou le mois de naissance vaut 00 : dossier inchangé",
    en: "INSi answer whose birth day or month is 00: file unchanged",
  },
  reads: ["ins.search"],
  scenarios: ["ins-answer-day-unknown", "ins-answer-month-unknown"],
  messages: {
    "taken-over": {
      // The REM row and the national identity rules of 2024 do not agree (see the page): a faithful product may do either.
      weight: "remark",
      source:
        "REM INS/va1.28, working copy of February 2023: an answer whose birth day or month is 00 is refused; RNIV 2024 stores it adapted (ins.md §3.2, §9 line 5)",
      mark: "verified",
      witness: "none",
      fr: "INSi a répondu la date de naissance « {value} » ; le dossier a pourtant changé ({changed}).",
      en: "INSi answered the birth date “{value}”; the file nevertheless changed ({changed}).",
    },
  },
  evaluate(seen, report) {
    const files = filesAfter(seen, unknownDate);
    const shows = (part: RegExp): boolean => files.some(({ subject }) => part.test(subject));
    const whole = shows(/^\d{4}-00/) && shows(/^\d{4}-(?!00)\d\d-00$/);
    for (const { subject, at, changed } of files) {
      // The rule speaks of the day and of the month: one of them alone shows a breach, but not that it is kept.
      if (!whole && changed.length === 0) continue;
      report.observed(at);
      if (changed.length > 0) report.finding("taken-over", at, { value: subject, changed: changed.join(", ") });
    }
  },
});
