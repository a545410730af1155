/** The VIHF was issued about when it was used. */
import { defineCheck } from "../../core/model/index.js";
import { DMP_CALLS, forEachVihf } from "./helpers/call.js";
import { SOURCE } from "./helpers/sources.js";

/** The validity window of the guide is not known (dmp.md §8); some clients use one assertion for eight hours. */
const OLDEST = 8 * 3_600_000;
const CLOCK_SKEW = 5 * 60_000;

export default defineCheck({
  id: "dmp/vihf-issue-instant",
  title: {
    fr: "La date d'émission du VIHF est plausible",
    en: "The issue time of the VIHF is plausible",
  },
  reads: DMP_CALLS,
  messages: {
    future: {
      weight: "remark",
      source: `${SOURCE.guide}: EX_GEN-1460, synchronisation NTP (dmp.md §1.3, S14)`,
      mark: "third-party",
      witness: "none",
      fr: "Le VIHF est daté de {issued}, après sa réception ({used}) : l'horloge du poste avance.",
      en: "The VIHF is dated {issued}, after its reception ({used}): the machine's clock is fast.",
    },
    old: {
      weight: "remark",
      source: `${SOURCE.guide}: durée de validité inconnue (dmp.md §3, §8)`,
      mark: "unconfirmed",
      witness: "none",
      fr: "Le VIHF est daté de {issued} et a été présenté à {used}, plus de huit heures après.",
      en: "The VIHF is dated {issued} and was presented at {used}, more than eight hours later.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, ({ issueInstant }, at, _call, exchange) => {
      const issued = issueInstant ?? "";
      const age = Date.parse(exchange.startedAt) - Date.parse(issued);
      if (Number.isNaN(age)) return;
      const slots = { issued, used: exchange.startedAt };
      if (age < -CLOCK_SKEW) report.finding("future", at("@IssueInstant"), slots);
      if (age > OLDEST) report.finding("old", at("@IssueInstant"), slots);
    });
  },
});
