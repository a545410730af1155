import { defineCheck } from "../../core/model/index.js";
import { authorizations, inRequest } from "./helpers/calls.js";

export default defineCheck({
  id: "psc/authorization-endpoint",
  title: {
    fr: "Page de connexion : point d'entrée du portefeuille",
    en: "Login page: the wallet's entry point",
  },
  reads: ["psc.authorize", "psc.token"],
  messages: {
    native: {
      weight: "remark",
      source:
        "PSC endpoints; several public clients: the native endpoint works, the wallet is recommended (psc.md §2, S12)",
      mark: "restated",
      witness: "none",
      fr: "Le navigateur est envoyé au point d'entrée natif du royaume, sans la page de choix du portefeuille.",
      en: "The browser is sent to the realm's native endpoint, past the wallet's choice page.",
    },
  },
  evaluate(seen, report) {
    for (const { exchange } of authorizations(seen)) {
      const at = inRequest(exchange);
      report.observed(at);
      if (exchange.conn?.listener !== "psc-wallet") report.finding("native", at);
    }
  },
});
