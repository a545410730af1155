/** TD3.2 names each document with the repository the registry gave for it. */
import { defineCheck, type Pointer } from "../../../core/model/index.js";
import { CONSULTATION, entriesOf, retrievalOf } from "../helpers/consultation.js";
import { LIFE, WITNESS } from "../helpers/sources.js";

export default defineCheck({
  id: "dmp/retrieve-request",
  title: {
    fr: "La lecture (TD3.2) nomme chaque document et l'entrepôt que le registre a donné",
    en: "The retrieval (TD3.2) names each document and the repository the registry gave",
  },
  reads: CONSULTATION,
  scenarios: ["dmp-retrieve"],
  messages: {
    unreadable: {
      weight: "breach",
      source: `${LIFE.retrieve}: RetrieveDocumentSetRequest in the SOAP body`,
      mark: "standard",
      witness: WITNESS.kitSearch,
      fr: "L'appel de lecture ne porte pas de RetrieveDocumentSetRequest lisible avec au moins un DocumentRequest.",
      en: "The retrieval call carries no readable RetrieveDocumentSetRequest with at least one DocumentRequest.",
    },
    incomplete: {
      weight: "breach",
      source: `${LIFE.retrieve}: RepositoryUniqueId and DocumentUniqueId required`,
      mark: "standard",
      witness: WITNESS.kitSearch,
      fr: "Un DocumentRequest n'a pas de {name}.",
      en: "A DocumentRequest has no {name}.",
    },
    repository: {
      weight: "breach",
      source: `${LIFE.retrieve}: RepositoryUniqueId is that of the document entry`,
      mark: "standard",
      witness: WITNESS.kitSearch,
      fr: "Le registre a donné l'entrepôt « {expected} » pour le document « {document} » ; la lecture demande « {observed} ».",
      en: "The registry gave the repository “{expected}” for the document “{document}”; the retrieval asks “{observed}”.",
    },
  },
  evaluate(seen, report) {
    const repositories = new Map<string, string>();
    for (const exchange of seen.exchanges) {
      for (const { uniqueId, repositoryUniqueId } of entriesOf(exchange)) {
        if (uniqueId !== null && repositoryUniqueId !== null) repositories.set(uniqueId, repositoryUniqueId);
      }
      if (exchange.operation !== "dmp.retrieve") continue;
      const at: Pointer = { exchange: exchange.id, side: "request", where: "RetrieveDocumentSetRequest" };
      report.observed(at);
      const requests = retrievalOf(exchange);
      if (!requests || requests.length === 0) {
        report.finding("unreadable", at);
        continue;
      }
      for (const { repositoryUniqueId: observed, documentUniqueId: document } of requests) {
        if (document === null) report.finding("incomplete", at, { name: "DocumentUniqueId" });
        if (observed === null) report.finding("incomplete", at, { name: "RepositoryUniqueId" });
        // Without an answer about the document, what the software knows of it is its own affair.
        const expected = document === null ? undefined : repositories.get(document);
        if (observed !== null && expected !== undefined && observed !== expected) {
          report.finding("repository", at, { document, expected, observed });
        }
      }
    }
  },
});
