/** Two different VIHF never bear the same ID. The same VIHF may be used again: clients keep one for some time. */
import { defineCheck } from "../../core/model/index.js";
import type { Vihf } from "../../protocols/saml.js";
import { descendants, trimmed } from "../../protocols/xml.js";
import { DS_NS } from "../../protocols/xmldsig.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";

export default defineCheck({
  id: "dmp/vihf-identifier",
  title: {
    fr: "Deux VIHF différents n'ont pas le même identifiant",
    en: "Two different VIHF do not have the same identifier",
  },
  reads: VIHF_CALLS,
  messages: {
    repeated: {
      weight: "breach",
      source: "SAML 2.0 core §1.3.4, identifiers are unique (dmp.md §3)",
      mark: "standard",
      witness: "none",
      fr: "L'ID « {id} » a déjà servi à un autre VIHF (échange {first}).",
      en: "The ID “{id}” was already used for another VIHF (exchange {first}).",
    },
  },
  evaluate(seen, report) {
    const known = new Map<string, { readonly content: string; readonly exchange: string }>();
    forEachVihf(seen, report, (vihf, at, _call, exchange) => {
      if (!vihf.id) return;
      const content = contentOf(vihf);
      const first = known.get(vihf.id);
      if (first && first.content !== content)
        report.finding("repeated", at("@ID"), { id: vihf.id, first: first.exchange });
      if (!first) known.set(vihf.id, { content, exchange: exchange.id });
    });
  },
});

/** What tells two assertions apart: the digest that was signed, else what the assertion says. */
function contentOf(vihf: Vihf): string {
  const digest = trimmed(descendants(vihf.node, "DigestValue", DS_NS)[0]);
  return digest ?? `${vihf.issueInstant} ${vihf.nameId} ${vihf.resourceId}`;
}
