import { defineCheck } from "../../core/model/index.js";
import { asked, inRequest, named } from "./helpers/calls.js";

const WALLET = "/.well-known/wallet-openid-configuration";

export default defineCheck({
  id: "psc/discovery-document",
  title: { fr: "Document de découverte du portefeuille", en: "The wallet's discovery document" },
  reads: ["psc.discovery", "psc.authorize"],
  messages: {
    native: {
      weight: "remark",
      source: "PSC endpoints and proof-of-concept configurations (psc.md §2, S3 S5; S12 for the native document)",
      mark: "restated",
      witness: "none",
      fr: "Seul le document natif a été lu ({path}) ; PSC publie wallet-openid-configuration pour ses clients.",
      en: "The native document alone was read ({path}); PSC publishes wallet-openid-configuration for its clients.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const read = named(run.exchanges, "psc.discovery");
      const native = read.find((exchange) => asked(exchange) !== null);
      // Addresses may as well stand in the configuration of the software; then there is nothing to judge.
      const request = named(run.exchanges, "psc.authorize")[0];
      if (!native) {
        if (request) report.inapplicable(inRequest(request), "no_discovery_read");
        continue;
      }
      report.observed(inRequest(native));
      if (read.some((exchange) => asked(exchange)?.path.endsWith(WALLET))) continue;
      report.finding("native", inRequest(native), { path: asked(native)?.path ?? "" });
    }
  },
});
