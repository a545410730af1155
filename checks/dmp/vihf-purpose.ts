/** The purpose of use of the VIHF: one of three codes. */
import { defineCheck } from "../../core/model/index.js";
import { VIHF_ATTRIBUTE } from "../../protocols/saml.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";

const CODES = ["normal", "bris_de_glace", "centre_15"];
const SYSTEM = "1.2.250.1.213.1.1.4.248";

export default defineCheck({
  id: "dmp/vihf-purpose",
  title: { fr: "Le VIHF dit le mode d'accès par un code connu", en: "The VIHF tells the access mode by a known code" },
  reads: VIHF_CALLS,
  messages: {
    absent: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "L'attribut purposeofuse doit porter un élément PurposeOfUse avec un code ; il est absent.",
      en: "The attribute purposeofuse must carry a PurposeOfUse element with a code; it is absent.",
    },
    code: {
      weight: "breach",
      source: "TRE_R248 of the ANS, three codes (dmp.md §3, S2 S3)",
      mark: "verified",
      witness: "official terminology TRE_R248",
      fr: "Mode d'accès attendu : normal, bris_de_glace ou centre_15 ; observé : « {observed} ».",
      en: "Access mode expected: normal, bris_de_glace or centre_15; observed: “{observed}”.",
    },
    system: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "PurposeOfUse/@codeSystem attendu : 1.2.250.1.213.1.1.4.248 ; observé : « {observed} ».",
      en: "PurposeOfUse/@codeSystem expected: 1.2.250.1.213.1.1.4.248; observed: “{observed}”.",
    },
    reason_absent: {
      weight: "remark",
      source: "motif de l'accès en bris de glace, Mode_Acces_Raison (dmp.md §3)",
      mark: "inferred",
      witness: "userinfo claim of Pro Santé Connect of that name",
      fr: "En bris de glace, le motif de l'accès (Mode_Acces_Raison) est attendu ; il est absent ou vide.",
      en: "When the glass is broken, the reason of the access (Mode_Acces_Raison) is expected; it is absent or empty.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, ({ purposeOfUse, attributes }, at) => {
      const where = at("AttributeStatement/Attribute[purposeofuse]");
      if (!purposeOfUse?.code) return report.finding("absent", where);
      if (!CODES.includes(purposeOfUse.code)) report.finding("code", where, { observed: purposeOfUse.code });
      const reasons = attributes.get(VIHF_ATTRIBUTE.accessReason) ?? [];
      if (purposeOfUse.code === "bris_de_glace" && !reasons.some((reason) => reason !== "")) {
        report.finding("reason_absent", at("AttributeStatement/Attribute[Mode_Acces_Raison]"));
      }
      if (purposeOfUse.codeSystem !== SYSTEM) report.finding("system", where, { observed: purposeOfUse.codeSystem });
    });
  },
});
