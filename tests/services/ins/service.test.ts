import { expect } from "chai";
import type { FaultSpec, RunningService } from "../../../core/model/index.js";
import { type InsAnswer, readInsAnswer } from "../../../protocols/ins.js";
import { insService } from "../../../services/ins/index.js";
import { type TestContext, testContext } from "../../support/context.js";
import { type Answer, callIns, cardSearch, type TraitSearch, traitSearch } from "./client.js";

const ADRENRICHI = { name: "ADRENRICHI", firstNames: ["CAMILLE"], sex: "F", date: "1985-04-12" };
const ADRLIEU = { name: "ADRLIEU", firstNames: ["ANDREA"], sex: "F", date: "1990-09-09" };

describe("services/ins", () => {
  let context: TestContext;
  let service: RunningService;
  let port = 0;

  before(async function () {
    context = await testContext();
    service = await insService.start(context);
    port = service.listeners[0]?.port ?? 0;
  });
  after(async () => {
    await service.stop();
    context.dispose();
  });

  const call = (body: string, options = {}): Promise<Answer> => callIns(context.pki, port, body, options);
  const read = (answer: Answer): InsAnswer =>
    readInsAnswer(Buffer.from(answer.body), String(answer.headers["content-type"]));
  const search = async (traits: TraitSearch): Promise<InsAnswer> => read(await call(traitSearch(traits)));
  const code = async (traits: TraitSearch): Promise<string | null> => (await search(traits)).code;
  const withFault = async <T>(fault: Omit<FaultSpec, "service">, act: () => Promise<T>): Promise<T> => {
    const close = context.scenario("fault", ["ins"], [{ service: "ins", ...fault }]);
    try {
      return await act();
    } finally {
      close();
    }
  };

  it("finds a published identity by its traits, with its number, OID and traits, as HTTP 200", async () => {
    const answer = await call(traitSearch());
    const result = read(answer);
    expect(answer.status).to.equal(200);
    expect(answer.headers["content-type"]).to.match(/^application\/soap\+xml/);
    expect(result.code).to.equal("00");
    expect(result.label).to.equal("OK");
    expect(result.active).to.include({ number: "2751263220749", key: "74", oid: "1.2.250.1.213.1.4.8" });
    expect(result.traits).to.deep.equal({
      birthName: "ADRUN",
      firstName: "ZOE",
      birthFirstNames: "ZOE",
      sex: "F",
      birthDate: "1975-12-31",
      birthPlace: "63220",
    });
    expect(result.soap.addressing.relatesTo).to.equal("uuid:7f4a0d2e-6f0e-4d0f-9d51-0d2c5f5f0001");
    expect(result.soap.addressing.action).to.equal(
      "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentiteResponse",
    );
  });

  it("answers 01 for OLA and 00 for CATARINA TCHITCHI", async () => {
    const traits = { name: "TCHITCHI", sex: "F", date: "1936-06-21" };
    expect(await code({ ...traits, firstNames: ["OLA"] })).to.equal("01");
    const found = await search({ ...traits, firstNames: ["CATARINA"] });
    expect(found.code).to.equal("00");
    expect(found.active?.number).to.equal("2360663220836");
    expect(found.traits?.birthFirstNames).to.equal("CATARINA BELLA");
  });

  it("answers 01 for HOUILLES whatever the first name, without an individual", async () => {
    for (const firstName of ["PIERRE", "PAUL", "JACQUES", "PIERRE PAUL JACQUES"]) {
      const result = await search({ name: "HOUILLES", firstNames: [firstName], sex: "M", date: "1993-01-27" });
      expect([result.code, result.active, result.traits]).to.deep.equal(["01", null, null]);
    }
  });

  it("answers 02 for DE VINCI LEONARDO and a fault for RUTH", async () => {
    expect(await code({ name: "DE VINCI", firstNames: ["LEONARDO"], sex: "M", date: "2014-02-01" })).to.equal("02");
    const answer = await call(traitSearch({ name: "DE VINCI", firstNames: ["RUTH"], sex: "F", date: "1950-01-01" }));
    expect(answer.status).to.equal(500);
    expect(read(answer).fault).to.deep.equal({
      side: "Receiver",
      subcode: "siram_40",
      code: "insi_102",
      severity: "fatal",
      messageId: "uuid:7f4a0d2e-6f0e-4d0f-9d51-0d2c5f5f0001",
    });
  });

  it("lists several first names written one per element or all in one", async () => {
    expect(await code(ADRENRICHI)).to.equal("02");
    expect(await code({ ...ADRENRICHI, firstNames: ["CAMILLE", "JEANNE"] })).to.equal("00");
    expect(await code({ ...ADRENRICHI, firstNames: ["CAMILLE JEANNE"] })).to.equal("00");
    expect(await code({ ...ADRENRICHI, firstNames: ["CAMILLE", "CLAIRE"] })).to.equal("01");
  });

  it("tells homonyms apart by the place only when it is sent", async () => {
    expect(await code({ ...ADRLIEU, firstNames: ["ANDREA", "PAULE"] })).to.equal("02");
    const corsica = await search({ ...ADRLIEU, place: "2A999" });
    expect(corsica.active?.number).to.equal("290092A999104");
  });

  it("finds a compound name with apostrophes and escapes it", async () => {
    const result = await search({
      name: "D&apos;ARTAGNAN DE L'HERAULT",
      firstNames: ["PIERRE-ALAIN"],
      sex: "M",
      date: "2001-06-17",
    });
    expect(result.traits?.birthName).to.equal("D'ARTAGNAN DE L'HERAULT");
  });

  it("gives the history and the NIA with its own OID", async () => {
    const past = await search({ name: "ECETINSI", firstNames: ["PIERRE-ALAIN"], sex: "M", date: "2009-07-14" });
    expect(past.history.map((h) => `${h.number}${h.key}`)).to.deep.equal(["209076322083439", "209066322012355"]);
    const nia = await search({ name: "PROVISOIRE", firstNames: ["MATRICULE"], sex: "M", date: "2009-07-01" });
    expect(nia.active?.oid).to.equal("1.2.250.1.213.1.4.9");
  });

  it("finds by the number of a card, and nobody for an unknown one", async () => {
    expect(read(await call(cardSearch("297022A020778", "78"))).traits?.firstName).to.equal("DOMINIQUE");
    expect(read(await call(cardSearch("1999999999999", "00"))).code).to.equal("01");
  });

  it("finds nobody without the minimum of traits", async () => {
    expect(await code({ name: "ADRUN", firstNames: [], sex: "F", date: "1975-12-31" })).to.equal("01");
    expect(await code({ firstNames: ["ZOE"], sex: "F", date: "1975-12-31" })).to.equal("01");
    expect(await code({ name: "ADRUN", firstNames: ["ZOE"], date: "1975-12-31" })).to.equal("01");
    expect(await code({ name: "ADRUN", firstNames: ["ZOE"], sex: "F", date: "31/12/1975" })).to.equal("01");
  });

  it("refuses a certificate whose CN is not one INSi admits, by the fault desir_560", async () => {
    const answer = await call(traitSearch(), { role: "auth" });
    expect(answer.status).to.equal(500);
    expect(read(answer).fault).to.include({ side: "Sender", code: "desir_560" });
  });

  it("refuses the handshake without a client certificate, and records it", async () => {
    const error = await call(traitSearch(), { role: null }).catch((e: Error) => e);
    expect(error).to.be.instanceOf(Error);
    const refused = context.view().connections.filter((c) => c.alert?.code === "no_client_certificate");
    expect(refused).to.have.length.greaterThan(0);
  });

  it("answers SOAP 1.1 with a version mismatch, an unknown body with a Sender fault, garbage with 400", async () => {
    const old = traitSearch().replaceAll(
      "http://www.w3.org/2003/05/soap-envelope",
      "http://schemas.xmlsoap.org/soap/envelope/",
    );
    const mismatch = await call(old, { contentType: "text/xml" });
    expect([mismatch.status, read(mismatch).soap.fault?.code]).to.deep.equal([500, "VersionMismatch"]);
    const unknown = await call(traitSearch().replaceAll("RECSANSVITALE", "AUTRE"));
    expect([unknown.status, read(unknown).soap.fault?.code]).to.deep.equal([500, "Sender"]);
    expect((await call("no xml at all")).status).to.equal(400);
    const operations = context.view().exchanges.map((x) => x.operation);
    expect(operations[operations.length - 1]).to.equal("ins.malformed");
  });

  it("serves no other path or method", async () => {
    expect((await call("", { path: "/other" })).status).to.equal(404);
    expect((await call("", { method: "GET" })).status).to.equal(405);
    const last = context
      .view()
      .exchanges.slice(-2)
      .map((x) => x.operation);
    expect(last).to.deep.equal(["ins.unexpected", "ins.unexpected"]);
  });

  describe("scripted faults", () => {
    for (const kind of ["insi_102", "insi_101", "desir_550", "desir_560"]) {
      it(`answers the fault ${kind} once, and records that it struck`, async () => {
        await withFault({ at: "answer", kind }, async () => {
          const first = await call(traitSearch());
          expect([first.status, read(first).fault?.code]).to.deep.equal([500, kind]);
          expect(read(await call(traitSearch())).code).to.equal("00");
        });
        const struck = context.view().events.filter((e) => e.kind === "fault.injected");
        expect(struck.at(-1)?.data).to.have.nested.property("fault.kind", kind);
      });
    }

    it("keeps a lasting fault for the whole scenario, and no longer", async () => {
      const lasting = { at: "answer", kind: "insi_102", args: { lasts: true } };
      await withFault(lasting, async () => {
        for (let again = 0; again < 3; again += 1) expect((await call(traitSearch())).status).to.equal(500);
      });
      expect(
        context
          .view()
          .exchanges.slice(-3)
          .map((x) => x.faults.length),
      ).to.deep.equal([1, 1, 1]);
      expect((await call(traitSearch())).status).to.equal(200);
      await withFault(lasting, async () => {
        await call(traitSearch());
        await service.control("reset");
        expect((await call(traitSearch())).status).to.equal(200);
      });
      expect(await service.control("other").catch((e: Error) => e)).to.be.instanceOf(Error);
    });

    it("answers any code, known or not", async () => {
      expect(await withFault({ at: "answer", kind: "code", args: { code: "02" } }, () => code({}))).to.equal("02");
      expect(await withFault({ at: "answer", kind: "unknown-code" }, () => code({}))).to.equal("99");
    });

    it("changes one trait of an identity", async () => {
      const result = await withFault(
        { at: "answer", kind: "one-trait-differs", args: { trait: "birthDate", value: "1975-00-00" } },
        async () => read(await call(traitSearch())),
      );
      expect(result.traits).to.include({ birthDate: "1975-00-00", birthName: "ADRUN" });
    });

    it("writes the variants seen in published answers", async () => {
      const args = { prefix: "env", datesFirst: true, without: ["Prenom", "Cle"] };
      const answer = await withFault({ at: "answer", kind: "style", args }, () => call(traitSearch()));
      expect(answer.body).to.contain("<env:Body");
      expect(read(answer).traits).to.include({ firstName: null, birthFirstNames: "ZOE" });
      expect(read(answer).active?.key).to.equal(null);
    });

    it("answers 503, cut, cut before a byte, half an envelope", async () => {
      const status = await withFault(
        { at: "answer", kind: "http-503" },
        async () => (await call(traitSearch())).status,
      );
      expect(status).to.equal(503);
      const half = await withFault({ at: "answer", kind: "malformed-xml" }, () => call(traitSearch()));
      expect(() => read(half)).to.throw();
      for (const at of ["answer", "connection"]) {
        const error = await withFault({ at, kind: "cut" }, () => call(traitSearch()).catch((e: Error) => e));
        expect(error, at).to.be.instanceOf(Error);
        const last = context.view().exchanges.at(-1);
        expect(last?.complete, at).to.equal(false);
        expect(last?.faults, at).to.have.length(1);
      }
    });

    it("leaves a call without an answer until the caller gives up, or answers late", async () => {
      const gaveUp = await withFault({ at: "connection", kind: "timeout" }, () =>
        call(traitSearch(), { timeout: 50 }).catch((e: Error) => e.message),
      );
      expect(gaveUp).to.equal("client timeout");
      const began = performance.now();
      const late = await withFault({ at: "answer", kind: "slow", args: { ms: 60 } }, () => call(traitSearch()));
      expect(late.status).to.equal(200);
      expect(performance.now() - began).to.be.greaterThan(55);
    });
  });
});
