import { defineCheck } from "../../core/model/index.js";
import { RNIV, transitions } from "./helpers/transitions.js";

export default defineCheck({
  id: "ins/status-qualified",
  title: {
    fr: "Qualifiée avec l'appel INSi et la pièce, jamais avec un seul des deux",
    en: "Qualified with both the INSi call and the document, never with one of them alone",
  },
  reads: ["ins.search"],
  scenarios: ["ins-qualify", "ins-validate-then-search"],
  messages: {
    "not-qualified": {
      weight: "breach",
      source: RNIV,
      mark: "verified",
      witness: "none",
      fr: "Identité {before} qui a désormais l'appel INSi et la pièce : statut {found}, attendu QUAL.",
      en: "Identity {before} that now has both the INSi call and the document: status {found}, expected QUAL.",
    },
    "qualified-too-soon": {
      weight: "breach",
      source: RNIV,
      mark: "verified",
      witness: "none",
      fr: "Identité provisoire passée QUAL par un seul événement ({event}) ; il faut l'appel INSi et la pièce.",
      en: "Provisional identity made QUAL by a single event ({event}); it takes the INSi call and the document.",
    },
  },
  evaluate(seen, report) {
    const all = seen.runs.flatMap(transitions);
    const both = all.filter(({ event, before }) => before === (event === "found" ? "VALI" : "RECUP"));
    for (const { before, after, at } of both) {
      report.observed(at);
      if (after !== "QUAL") report.finding("not-qualified", at, { found: after, before });
    }
    for (const { name, before, after, at } of all) {
      // That an identity is not qualified by one event says nothing of software that never qualifies any.
      if (before !== "PROV" || (after !== "QUAL" && both.length === 0)) continue;
      report.observed(at);
      if (after === "QUAL") report.finding("qualified-too-soon", at, { event: name });
    }
  },
});
