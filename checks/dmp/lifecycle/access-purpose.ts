/** The purpose of use in the VIHF is the kind of access the user asked for. */
import { defineCheck } from "../../../core/model/index.js";
import { callOf } from "../helpers/call.js";
import { CONSULTATION, consults } from "../helpers/consultation.js";
import { SOURCE, WITNESS } from "../helpers/sources.js";
import { askedIn, member, textOf } from "../helpers/steps.js";

export default defineCheck({
  id: "dmp/access-purpose",
  title: {
    fr: "Le mode d'accès du VIHF est celui que l'utilisateur a demandé",
    en: "The purpose of use of the VIHF is the one the user asked for",
  },
  reads: CONSULTATION,
  scenarios: ["dmp-search", "dmp-break-glass", "dmp-regulation", "dmp-emergency-refused"],
  messages: {
    differs: {
      weight: "breach",
      source: `${SOURCE.vihf}: purposeofuse, TRE_R248 (normal, bris_de_glace, centre_15)`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Accès demandé : {expected} ; les appels de consultation portent le mode : {observed}.",
      en: "Access asked: {expected}; the consulting calls bear the purpose: {observed}.",
    },
  },
  evaluate(seen, report) {
    for (const { step, calls } of askedIn(seen.runs, CONSULTATION)) {
      const expected = textOf(member(step.input, "purpose")) ?? "normal";
      // A call without a VIHF, and a VIHF without a purpose, have checks of their own.
      const found = calls.flatMap((exchange) => {
        const code = consults(exchange) ? callOf(exchange)?.vihf?.purposeOfUse?.code : null;
        return code ? [{ exchange, code }] : [];
      });
      const [first] = found;
      if (!first) continue;
      const at = {
        exchange: first.exchange.id,
        side: "request",
        where: "wsse:Security/Assertion/AttributeStatement/Attribute[purposeofuse]",
      } as const;
      report.observed(at);
      // Software may look at other things meanwhile: one access as asked is enough.
      if (found.some(({ code }) => code === expected)) continue;
      report.finding("differs", at, { expected, observed: found.map(({ code }) => code).join(", ") });
    }
  },
});
