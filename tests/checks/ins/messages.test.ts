import { expect } from "chai";
import addressing from "../../../checks/ins/addressing.js";
import contextHeaders from "../../../checks/ins/context-headers.js";
import firstSearch from "../../../checks/ins/first-search.js";
import nameWriting from "../../../checks/ins/name-writing.js";
import traitValues from "../../../checks/ins/trait-values.js";
import transport from "../../../checks/ins/transport.js";
import type { Connection } from "../../../core/model/index.js";
import { cardSearch, traitSearch } from "../../services/ins/client.js";
import { at, exchange, judge, run, said, searched } from "./fabricate.js";

const search = traitSearch({ name: "ADRTEST", firstNames: ["ANNE"], sex: "F", date: "1980-01-02" });

describe("checks/ins: what a call holds", () => {
  describe("addressing", () => {
    it("takes the same bytes twice for one message, and other bytes under the same id for a second one", () => {
      const twice = searched([
        { envelope: search, answer: "01" },
        { envelope: search, answer: "01" },
      ]);
      expect(said(judge(addressing, [twice]))).to.equal("met");
      const other = searched([
        { envelope: search, answer: "01" },
        { envelope: search.replace("ANNE", "BEA"), answer: "01" },
      ]);
      expect(said(judge(addressing, [other]))).to.equal("breached: message-id-repeated");
    });

    it("takes the same search with new headers for a retransmission, in one scenario only", () => {
      const later = search.replaceAll("2026-11-21T10:00:00Z", "2026-11-21T10:00:05Z");
      const again = [
        { envelope: search, answer: "cut" },
        { envelope: later, answer: "01" },
      ];
      expect(said(judge(addressing, [searched(again)]))).to.equal("met");
      const [first, second] = again.map((call, i) => searched([call], { id: `play${i}` }));
      if (!first || !second) throw new Error("two runs are needed");
      expect(said(judge(addressing, [first, second]))).to.equal("breached: message-id-repeated");
    });

    it("only remarks on another form of identifier", () => {
      const urn = search.replace("uuid:7f4a", "urn:uuid:7f4a");
      expect(said(judge(addressing, [searched([{ envelope: urn, answer: "01" }])]))).to.equal("met: message-id-form");
    });

    it("expects the card action on a card search", () => {
      expect(
        said(judge(addressing, [searched([{ envelope: cardSearch("2800163999012", "46"), answer: "01" }])])),
      ).to.equal("met");
    });

    it("sees nothing in bytes that are no envelope, and does not throw", () => {
      for (const envelope of ["", "<a/>", "\u0000"]) {
        expect(said(judge(addressing, [searched([{ envelope, answer: "cut" }])]))).to.equal("unobserved");
      }
    });
  });

  describe("context headers", () => {
    const judged = (change: (xml: string) => string): string =>
      said(judge(contextHeaders, [searched([{ envelope: change(search), answer: "01" }])]));
    const now = (xml: string): string => xml.replaceAll("2026-11-21T10:00:00Z", at(0));

    it("accept an empty COUVERTURE, an optional Emetteur and DateRef, fractions and zones in Temps", () => {
      expect(judged(now)).to.equal("met");
      expect(
        judged((xml) => now(xml).replace("<c:COUVERTURE/>", "<c:Emetteur>1</c:Emetteur><c:DateRef/><c:COUVERTURE/>")),
      ).to.equal("met");
      expect(judged((xml) => xml.replaceAll("2026-11-21T10:00:00Z", "2026-01-01T11:00:00.123+01:00"))).to.equal("met");
    });

    it("says nothing of the clock when the time has no zone", () => {
      expect(judged((xml) => xml.replaceAll("2026-11-21T10:00:00Z", "2001-01-01T00:00:00"))).to.equal("met");
      expect(judged((xml) => xml)).to.equal("met: time-far");
    });

    it("only remark on another version, which the schema does not fix", () => {
      expect(judged((xml) => now(xml).replace('Version="01_02"', 'Version="01_03"'))).to.equal("met: context-version");
      expect(judged((xml) => now(xml).replace(' Version="01_02"', ""))).to.equal("breached: version-absent");
    });

    it("fail on a missing or repeated element", () => {
      expect(judged((xml) => now(xml).replace("<c:Id>0f0e</c:Id>", ""))).to.equal("breached: element-absent");
      expect(judged((xml) => now(xml).replace("<c:Id>0f0e</c:Id>", "<c:Id>1</c:Id><c:Id>2</c:Id>"))).to.equal(
        "breached: element-order",
      );
      expect(judged((xml) => now(xml).replace("urn:siram:bam:ctxbam", "urn:other"))).to.equal(
        "breached: context-absent",
      );
    });
  });

  describe("trait values", () => {
    const judged = (traits: object): string => said(judge(traitValues, [searched([{ traits, answer: "01" }])]));

    it("accept several Prenom elements, unknown parts of a date, Corsica, and traits left out", () => {
      expect(judged({ firstNames: ["ANNE", "BEA"], date: "1980-00-00", place: "2A999" })).to.equal("met");
      expect(judged({ firstNames: [], sex: undefined, date: undefined, name: undefined })).to.equal("met");
    });

    it("take an empty element, which the schema admits, for one left out; not a blank one", () => {
      expect(judged({ sex: "", date: "", place: "" })).to.equal("met");
      expect(judged({ sex: " " })).to.equal("breached: sex");
      expect(judged({ date: " " })).to.equal("breached: date");
      expect(judged({ place: " " })).to.equal("breached: place");
    });

    it("know the elements of a card search", () => {
      const card = cardSearch("2800163999012", "46");
      expect(said(judge(traitValues, [searched([{ envelope: card, answer: "01" }])]))).to.equal("met");
      const odd = card.replace(/RangNaissance/g, "Rang");
      expect(said(judge(traitValues, [searched([{ envelope: odd, answer: "01" }])]))).to.equal("breached: order");
    });
  });

  describe("names", () => {
    it("may be written otherwise in later searches, not in the first", () => {
      const patient = { firstNames: ["ANNE"] };
      const spaced = { name: "ADR-TEST", firstNames: ["ANNE"] };
      expect(
        said(
          judge(nameWriting, [
            searched([
              { traits: patient, answer: "01" },
              { traits: spaced, answer: "01" },
            ]),
          ]),
        ),
      ).to.equal("met");
      expect(said(judge(nameWriting, [searched([{ traits: spaced, answer: "01" }])]))).to.equal("met: separator-lost");
    });

    it("are all there at once only when the whole list is", () => {
      const two = searched([{ traits: { firstNames: ["ANNE BEA"] }, answer: "01" }]);
      expect(said(judge(firstSearch, [two]))).to.equal("met");
      const all = searched([{ traits: { firstNames: ["ANNE", "BEA", "CLEA"] }, answer: "01" }]);
      expect(said(judge(firstSearch, [all]))).to.equal("met: all-first-names");
      expect(said(judge(firstSearch, [searched([{ traits: { firstNames: [] }, answer: "01" }])]))).to.equal(
        "met: minimum-absent",
      );
    });
  });

  describe("transport", () => {
    const connection = (change: Partial<Connection>): Connection => ({
      id: "c0001",
      listener: "ins",
      scenario: "play#1",
      service: "ins",
      direction: "in",
      openedAt: at(0),
      closedAt: null,
      remote: { address: "127.0.0.1", port: 1 },
      local: { address: "127.0.0.1", port: 2 },
      clientHello: null,
      tls: null,
      peerCertificates: [],
      alert: null,
      clientHelloBytes: null,
      segments: [],
      ...change,
    });
    const tls = {
      startedAt: at(0),
      protocol: "TLSv1.3",
      cipher: "TLS_AES_256_GCM_SHA384",
      serverName: null,
      alpn: null,
    };

    it("admits another media type, and bodies that no published contract knows", () => {
      const typed = (envelope: string, type: string): string =>
        said(judge(transport, [searched([{ envelope, type, answer: "01" }])]));
      expect(typed(search, "text/xml; charset=utf-8")).to.equal("met: media-type");
      const verification = search.replaceAll("RECSANSVITALE", "VERIFICATION");
      expect(typed(verification, "application/soap+xml")).to.equal("met");
      const elsewhere = search.replaceAll("http://www.cnamts.fr/INSiRecSans", "http://www.cnamts.fr/INSi");
      expect(typed(elsewhere, "application/soap+xml")).to.equal("breached: body-namespace");
      expect(typed("not an envelope", "application/soap+xml")).to.equal("breached: not-soap");
    });

    it("does not blame a version for a connection of which nothing is known", () => {
      expect(said(judge(transport, [run({})], [connection({ alert: { from: "server", code: "not_tls" } })]))).to.equal(
        "unobserved",
      );
      expect(said(judge(transport, [run({})], [connection({ tls })]))).to.equal("met");
      expect(said(judge(transport, [run({})], [connection({ tls: { ...tls, protocol: "TLSv1" } })]))).to.equal(
        "breached: tls-version",
      );
    });

    it("sees a refused hello that offers TLS 1.1 at most", () => {
      const random = Buffer.alloc(32, 7);
      const body = Buffer.concat([Buffer.from([3, 2]), random, Buffer.from([0, 0, 2, 0, 0x2f, 1, 0])]);
      const head = Buffer.from([0x16, 3, 1, 0, body.length + 4, 1, 0, 0, body.length]);
      const clientHelloBytes = Buffer.concat([head, body]);
      expect(said(judge(transport, [run({})], [connection({ clientHelloBytes })]))).to.equal("breached: tls-version");
    });

    it("remarks on another type than application/soap+xml on SOAP 1.2, parameters and case aside", () => {
      const judged = (type: string): string =>
        said(judge(transport, [run({ exchanges: [exchange({ envelope: search, type, answer: "01", ms: 1 })] })]));
      expect(judged('Application/SOAP+xml; charset=utf-8; action="x"')).to.equal("met");
      expect(judged("text/xml")).to.equal("met: media-type");
      expect(judged("application/soap+xmlish")).to.equal("met: media-type");
    });
  });
});
