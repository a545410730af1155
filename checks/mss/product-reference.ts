import type { CandidateFacts, Seen } from "../../core/model/index.js";
import { defineCheck } from "../../core/model/index.js";
import { mailHeaders } from "../../protocols/mime.js";
import { at, sentMails } from "./helpers/mails.js";

const RULE = "REF2 v1.0 ECO.2.4.3 (§3.8.3) / SC.MSS/CONF.16 (mssante.md §2.1, V2)";
const NAME = "X-MSS-NIL";

/** X-MSS-NIL is the product reference that the candidate declares. Nothing is judged when it declares none. */
export default defineCheck({
  id: "mss/product-reference",
  title: {
    fr: "X-MSS-NIL : la référence déclarée du produit",
    en: "X-MSS-NIL: the declared reference of the product",
  },
  reads: ["mss.submit"],
  scenarios: ["mss-send-professional", "mss-no-document"],
  messages: {
    differs: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "X-MSS-NIL vaut « {observed} » ; la référence déclarée pour ce produit est « {expected} ».",
      en: "X-MSS-NIL is “{observed}”; the reference declared for this product is “{expected}”.",
    },
  },
  evaluate(seen, report) {
    const expected = declared(seen);
    if (expected === null) return;
    for (const mail of sentMails(seen)) {
      // An absent or empty header is told by mss/product-identifier.
      for (const { value } of mailHeaders(mail.mail, NAME)) {
        if (value === "") continue;
        report.observed(at(mail, NAME));
        if (value !== expected) report.finding("differs", at(mail, NAME), { observed: value, expected });
      }
    }
  },
});

/** The reference written in the candidate's own declaration; null when there is none, or when it changed on the way. */
function declared(seen: Seen): string | null {
  const references = seen.events.flatMap((event) => {
    if (event.kind !== "recording.open") return [];
    return [(event.data.candidate as Partial<CandidateFacts> | undefined)?.nil ?? null];
  });
  const [first] = references;
  return first && references.every((other) => other === first) ? first : null;
}
