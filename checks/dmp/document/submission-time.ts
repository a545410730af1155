/** When the submission says it was made, against when it was received. */
import { defineCheck, type Exchange } from "../../../core/model/index.js";
import { instantOf, readHl7Time, utcSeconds } from "../../../protocols/hl7-time.js";
import { submissionOf } from "../helpers/submission.js";

const RULE = "SubmissionSet.submissionTime, 1..1, UTC YYYYMMDDhhmmss (dmp.md §2.3, S1)";
/** Seconds a clock may be off before it is remarked upon, and around a whole number of hours. */
const TOLERANCE = 600;
const NEAR = 180;
const HOUR = 3600;

export default defineCheck({
  id: "dmp/submission-time",
  title: {
    fr: "L'heure de soumission est en UTC et juste",
    en: "The submission time is in UTC and right",
  },
  reads: ["dmp.submit"],
  messages: {
    missing: {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.3.3",
      fr: "submissionTime est obligatoire ; il est absent.",
      en: "submissionTime is mandatory; it is absent.",
    },
    form: {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.3.1.7 (DTM: digits only)",
      fr: "submissionTime : « {observed} » n'est pas une date AAAAMMJJhhmmss (chiffres seuls, UTC).",
      en: "submissionTime: “{observed}” is no YYYYMMDDhhmmss time (digits only, UTC).",
    },
    not_utc: {
      weight: "breach",
      source: `${RULE}, compared with the time of reception`,
      mark: "verified",
      witness: "none",
      fr: "submissionTime « {observed} » s'écarte de {hours} h de l'heure de réception ({received} UTC) : heure locale ou format sur 12 heures.",
      en: "submissionTime “{observed}” is {hours} h away from the time of reception ({received} UTC): local time or a 12-hour format.",
    },
    clock: {
      weight: "remark",
      source: "Time synchronisation of the software, EX_GEN-1460 (dmp.md §1.3, S14)",
      mark: "third-party",
      witness: "none",
      fr: "submissionTime « {observed} » s'écarte de {seconds} s de l'heure de réception ({received} UTC).",
      en: "submissionTime “{observed}” is {seconds} s away from the time of reception ({received} UTC).",
    },
    short: {
      weight: "remark",
      source: RULE,
      mark: "verified",
      witness: "none: IHE lets a time be cut",
      fr: "submissionTime : « {observed} » est moins précis que la seconde.",
      en: "submissionTime: “{observed}” is less precise than the second.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const set = submissionOf(exchange)?.xds.submissionSet;
      if (!set) continue;
      const at = { exchange: exchange.id, side: "request", where: "SubmissionSet/submissionTime" } as const;
      report.observed(at);
      const observed = set.submissionTime;
      if (observed === null) {
        report.finding("missing", at);
        continue;
      }
      if (!/^\d+$/.test(observed) || readHl7Time(observed).problem) {
        report.finding("form", at, { observed });
        continue;
      }
      if (observed.length < 14) {
        report.finding("short", at, { observed });
        continue;
      }
      const received = exchange.startedAt.replace(/\D/g, "").slice(0, 14);
      const gap = (utcSeconds(observed) ?? 0) - (utcSeconds(received) ?? 0);
      const hours = Math.round(gap / HOUR);
      const whole = hours !== 0 && Math.abs(hours) <= 14 && Math.abs(gap - hours * HOUR) <= NEAR;
      // A set may well leave some hours after it was made: an earlier time is wrong only before the documents it holds.
      if (whole && (hours > 0 || isBeforeItsDocuments(exchange, observed))) {
        report.finding("not_utc", at, { observed, received, hours });
      } else if (Math.abs(gap) > TOLERANCE) report.finding("clock", at, { observed, received, seconds: gap });
    }
  },
});

/** The set says it was made before a document that it holds. */
function isBeforeItsDocuments(exchange: Exchange, submissionTime: string): boolean {
  const made = utcSeconds(submissionTime) ?? 0;
  return (submissionOf(exchange)?.documents ?? []).some(({ cda }) => {
    const created = instantOf(cda?.effectiveTime?.value ?? "");
    return created !== null && made < created - NEAR;
  });
}
