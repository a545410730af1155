/** The software does not list the DMP by itself after an upload. */
import { defineCheck } from "../../../core/model/index.js";
import { queryOf, succeeded } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";
import { askedIn } from "../helpers/steps.js";

export default defineCheck({
  id: "dmp/no-search-after-upload",
  title: {
    fr: "Un dépôt n'est pas suivi d'une recherche automatique",
    en: "An upload is not followed by a search nobody asked for",
  },
  reads: ["dmp.submit", "dmp.search", "dmp.update"],
  scenarios: ["dmp-submit", "dmp-validate"],
  messages: {
    searched: {
      weight: "remark",
      source: LIFE.integrators("EX_3.1-2030: pas de TD3.1 automatique après un dépôt"),
      mark: "third-party",
      witness: "none",
      fr: "Le dépôt (échange {upload}) est suivi d'une recherche TD3.1 ({query}) que personne n'a demandée.",
      en: "The upload (exchange {upload}) is followed by a TD3.1 search ({query}) that nobody asked for.",
    },
  },
  evaluate(seen, report) {
    for (const { calls } of askedIn(seen.runs, ["dmp.submit", "document.validate"])) {
      const upload = calls.find((x) => x.operation === "dmp.submit" && succeeded(x));
      if (!upload) continue;
      report.observed({ exchange: upload.id, side: "request" });
      const search = calls.find((x) => x.operation === "dmp.search" && x.startedAt > upload.startedAt);
      // A question before another upload or an update looks for the technical id it needs (TD3.1b).
      const needed = calls.some((x) => search && x.operation !== "dmp.search" && x.startedAt > search.startedAt);
      if (!search || needed) continue;
      const query = queryOf(search)?.name ?? null;
      report.finding("searched", { exchange: search.id, side: "request" }, { upload: upload.id, query });
    }
  },
});
