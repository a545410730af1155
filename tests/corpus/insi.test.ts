import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { type InsAnswer, readInsAnswer } from "../../protocols/ins.js";
import { insService } from "../../services/ins/index.js";
import { callIns, type TraitSearch, traitSearch } from "../services/ins/client.js";
import { testContext } from "../support/context.js";

/** Published answers of the test environment (SOURCES.md of the corpus), and the search that gets each from our mock. */
const SAMPLES: Readonly<Record<string, TraitSearch>> = {
  "REP_CR01.xml": { name: "HOUILLES", firstNames: ["PIERRE"], sex: "M", date: "1993-01-27" },
  "TEST_2.04_cas2.xml": { name: "ECETINSI", firstNames: ["PIERRE-ALAIN"], sex: "M", date: "2009-07-14" },
  "TEST_2.05.xml": { name: "PROVISOIRE", firstNames: ["MATRICULE"], sex: "M", date: "2009-07-01" },
  "TEST_2.08_cas1.xml": { name: "CORSE", firstNames: ["ANTHONY"], sex: "M", date: "1980-03-02" },
  "TEST_2.08_cas2.xml": { name: "HERMANN", firstNames: ["GATIEN"], sex: "M", date: "1981-03-24" },
};

/** What an application reads of an answer. */
function substance({ code, label, active, history, traits }: InsAnswer) {
  return { code, label, active, history: history.map(({ number, key, oid }) => ({ number, key, oid })), traits };
}

describe("published INSi answers", () => {
  const folder = path.join(process.env.SEGUR_CORPUS ?? "", "insi");

  for (const [file, search] of Object.entries(SAMPLES)) {
    it(`${file}: read, and the same in substance from the mock`, async function () {
      const published = substance(readInsAnswer(readFileSync(path.join(folder, file)), "text/xml"));
      const context = await testContext();
      const service = await insService.start(context);
      try {
        const answer = await callIns(context.pki, service.listeners[0]?.port ?? 0, traitSearch(search));
        const ours = substance(readInsAnswer(Buffer.from(answer.body), "application/soap+xml"));
        // One published answer leaves Prenom out; the others have it.
        const traits =
          published.traits && ours.traits ? { ...published.traits, firstName: ours.traits.firstName } : null;
        expect(ours).to.deep.equal({ ...published, traits });
        if (published.traits?.firstName) expect(ours.traits?.firstName).to.equal(published.traits.firstName);
      } finally {
        await service.stop();
        context.dispose();
      }
    });
  }
});
