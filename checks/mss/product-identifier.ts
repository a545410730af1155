import { defineCheck } from "../../core/model/index.js";
import { mailHeaders } from "../../protocols/mime.js";
import { at, MAIL_OPERATIONS, sentMails } from "./helpers/mails.js";

const RULE = "REF2 v1.0 ECO.2.4.3 (§3.8.3) / SC.MSS/CONF.16 (mssante.md §2.1, V2)";
const NAME = "X-MSS-NIL";

/** X-MSS-NIL on every mail. Whether the value is the product's own is for `mss/product-reference`. */
export default defineCheck({
  id: "mss/product-identifier",
  title: { fr: "X-MSS-NIL présent dans tout message", en: "X-MSS-NIL present on every mail" },
  reads: MAIL_OPERATIONS,
  messages: {
    absent: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "Devbox connector documentation",
      fr: "Le message n'a pas d'en-tête X-MSS-NIL.",
      en: "The mail has no X-MSS-NIL header.",
    },
    empty: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "L'en-tête X-MSS-NIL est vide.",
      en: "The X-MSS-NIL header is empty.",
    },
    differs: {
      weight: "remark",
      source: RULE,
      mark: "inferred",
      witness: "none",
      fr: "X-MSS-NIL vaut « {observed} » ici et « {first} » dans un autre message du même produit.",
      en: "X-MSS-NIL is “{observed}” here and “{first}” in another mail of the same product.",
    },
  },
  evaluate(seen, report) {
    let first: string | null = null;
    for (const mail of sentMails(seen)) {
      report.observed(at(mail, NAME));
      const values = mailHeaders(mail.mail, NAME).map((header) => header.value);
      if (values.length === 0) report.finding("absent", at(mail, NAME));
      else if (values.some((value) => value === "")) report.finding("empty", at(mail, NAME));
      for (const value of values.filter((one) => one !== "")) {
        first ??= value;
        if (value !== first) report.finding("differs", at(mail, NAME), { observed: value, first });
      }
    }
  },
});
