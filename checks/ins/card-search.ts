import { defineCheck, type Report } from "../../core/model/index.js";
import { child, select } from "../../protocols/xml.js";
import { type InsCall, requestAt } from "./helpers/calls.js";
import { member, searchSteps } from "./helpers/steps.js";

const SOURCE = "INSi service contract DESIR_ICIR_EXP 1.5.0, card search (ins.md §2.1 and §2.3, S1)";
const WITNESS = "service contract and schemas published in padoa/tlsi-ins";

export default defineCheck({
  id: "ins/card-search",
  title: { fr: "Recherche INSi par carte Vitale", en: "INSi search by Vitale card" },
  reads: ["ins.search"],
  scenarios: ["ins-search-card"],
  messages: {
    "not-by-card": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "La recherche demandée avec la carte Vitale est envoyée par traits (RECSANSVITALE).",
      en: "The search asked for with the Vitale card is sent by traits (RECSANSVITALE).",
    },
    "coverage-absent": {
      weight: "remark",
      source: "card search as observed; the schema makes these elements of COUVERTURE optional (ins.md §2.3, S1 S3)",
      mark: "observed",
      witness: "none",
      fr: "COUVERTURE n'a pas de {element} ; les recherches par carte connues l'y portent.",
      en: "COUVERTURE has no {element}; known card searches carry it there.",
    },
    "insured-absent": {
      weight: "remark",
      source: "card search as observed (ins.md §2.4, S3)",
      mark: "observed",
      witness: "none",
      fr: "La recherche par carte n'a pas de MatriculeOD (numéro de l'assuré), toujours présent dans les échanges connus.",
      en: "The card search has no MatriculeOD (number of the insured person), always there in known exchanges.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const { step, calls } of searchSteps(run)) {
        if (member(step.input, "mode") !== "vitale") continue;
        // The first call tells what the software does with the card; later ones may fall back to traits.
        const [first] = calls;
        if (first?.asked?.mode) judge(first, report);
      }
    }
  },
});

function judge(call: InsCall, report: Report): void {
  report.observed({ exchange: call.exchange.id, side: "request" });
  if (!call.asked?.card) {
    report.finding("not-by-card", requestAt(call, "Body"));
    return;
  }
  const coverage = child(call.asked.bam?.node, "COUVERTURE");
  const at = requestAt(call, "Header/ContexteBAM/COUVERTURE");
  if (select(coverage, "ASSURE/Id/Num").length === 0) {
    report.finding("coverage-absent", at, { element: "ASSURE/Id/Num" });
  }
  if (!child(coverage, "BENEFICIAIRE")) report.finding("coverage-absent", at, { element: "BENEFICIAIRE" });
  if (!call.asked.card.insured?.number) report.finding("insured-absent", requestAt(call, "Body/RECVITALE"));
}
