/** Readers of ITI-18, ITI-43 and ITI-57 messages, as several stacks write them; hostile ones end as a named error. */
import { expect } from "chai";
import {
  fullTime,
  matchesLike,
  parseQueryCode,
  readQueryResponse,
  readQueryValue,
  readRetrieveRequest,
  readRetrieveResponse,
  readStoredQuery,
  readUpdateRequest,
  STORED_QUERIES,
  XdsQueryError,
} from "../../protocols/xds-query.js";
import { parseXml } from "../../protocols/xml.js";

const RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0";
const QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0";

const query = (inner: string, id: string = STORED_QUERIES.FindDocuments) =>
  parseXml(
    `<q:AdhocQueryRequest xmlns:q="${QUERY}" xmlns="${RIM}"><q:ResponseOption returnComposedObjects="true" returnType="LeafClass"/><AdhocQuery id="${id}" home="urn:oid:1.2">${inner}</AdhocQuery></q:AdhocQueryRequest>`,
  );
const slot = (name: string, ...values: string[]): string =>
  `<Slot name="${name}"><ValueList>${values.map((v) => `<Value>${v}</Value>`).join("")}</ValueList></Slot>`;

function thrown(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof XdsQueryError ? error.code : `not ours: ${String(error)}`;
  }
}

describe("protocols/xds-query", () => {
  describe("values", () => {
    const texts = (raw: string) => readQueryValue(raw).values.map((v) => v.text);
    const cases: readonly (readonly [string, readonly string[], boolean, boolean])[] = [
      ["'a'", ["a"], false, true],
      ["('a')", ["a"], true, true],
      ["('a','b')", ["a", "b"], true, true],
      [" ( 'a' ,\n 'b' ) ", ["a", "b"], true, true],
      ["20041225", ["20041225"], false, true],
      ["(1,2.5,-3)", ["1", "2.5", "-3"], true, true],
      ["'l''autre'", ["l'autre"], false, true],
      ["''", [""], false, true],
      ["('a,b','c)')", ["a,b", "c)"], true, true],
      ["urn:x:Approved", ["urn:x:Approved"], false, false],
      ["123^^^&1.2&ISO", ["123^^^&1.2&ISO"], false, false],
      ["('a'", ["('a'"], false, false],
      ["'a", ["'a"], false, false],
      ["('a' 'b')", ["('a' 'b')"], false, false],
      ["('a',)", ["('a',)"], false, false],
      ["'a','b'", ["'a','b'"], false, false],
      ["()", ["()"], false, false],
      ["", [], false, false],
    ];
    for (const [raw, expected, list, wellFormed] of cases) {
      it(JSON.stringify(raw), () => {
        expect(texts(raw)).to.deep.equal(expected);
        const read = readQueryValue(raw);
        expect([read.list, read.wellFormed]).to.deep.equal([list, wellFormed]);
      });
    }
    it("tells strings from numbers and bare text", () => {
      expect(readQueryValue("('1',2)").values.map((v) => v.quoted)).to.deep.equal([true, false]);
      expect(readQueryValue("abc").values[0]?.quoted).to.equal(false);
    });
    it("stays linear on long text of quotes", () => {
      expect(readQueryValue("'".repeat(400_001)).wellFormed).to.equal(false);
      expect(readQueryValue(`('${"''".repeat(200_000)}')`).values[0]?.text).to.have.length(200_000);
    });
  });

  describe("stored queries", () => {
    it("reads id, options and parameters, whatever the prefixes", () => {
      const read = readStoredQuery(
        query(
          slot("$XDSDocumentEntryPatientId", "'1^^^&amp;2&amp;ISO'") +
            slot("$XDSDocumentEntryStatus", "('a')", "('b','c')"),
        ),
      );
      expect([read.name, read.returnType, read.returnComposedObjects, read.home]).to.deep.equal([
        "FindDocuments",
        "LeafClass",
        "true",
        "urn:oid:1.2",
      ]);
      expect(read.parameters.get("$XDSDocumentEntryPatientId")?.[0]?.values[0]?.text).to.equal("1^^^&2&ISO");
      const status = read.parameters.get("$XDSDocumentEntryStatus");
      expect(status).to.have.length(1);
      expect(status?.[0]?.values.map((v) => v.text)).to.deep.equal(["a", "b", "c"]);
      expect(status?.[0]?.list).to.equal(true);
    });
    it("keeps repeated Slots apart", () => {
      const name = "$XDSDocumentEntryEventCodeList";
      const read = readStoredQuery(query(slot(name, "('a','b')") + slot(name, "('c')")));
      expect(read.parameters.get(name)?.map((s) => s.values.length)).to.deep.equal([2, 1]);
    });
    it("knows every query by its id, in any case, and no other", () => {
      for (const [name, id] of Object.entries(STORED_QUERIES)) {
        expect(readStoredQuery(query("", id.toUpperCase().replace("URN:UUID", "urn:uuid"))).name).to.equal(name);
      }
      expect(readStoredQuery(query("", "urn:uuid:0")).name).to.equal(null);
      expect(new Set(Object.values(STORED_QUERIES)).size).to.equal(Object.keys(STORED_QUERIES).length);
    });
    it("reads an empty request as one that says nothing", () => {
      const read = readStoredQuery(parseXml(`<AdhocQueryRequest xmlns="${QUERY}"/>`));
      expect([read.id, read.name, read.returnType, read.parameters.size]).to.deep.equal([null, null, null, 0]);
    });
    it("names what it refuses", () => {
      expect(thrown(() => readStoredQuery(parseXml("<AdhocQueryRequest/>")))).to.equal("not_query");
      expect(thrown(() => readStoredQuery(query(slot("$a", "1").repeat(201))))).to.equal("too_many");
      const values = slot("$a", `(${"1,".repeat(5000)}1)`);
      expect(thrown(() => readStoredQuery(query(values)))).to.equal("too_many");
      expect(
        thrown(() => readStoredQuery(query(slot("$a", "(1,2)") + slot("$b", "(3,4)")), { maxValues: 3 })),
      ).to.equal("too_many");
    });
    it("does not confuse a parameter with a member of Object", () => {
      const read = readStoredQuery(query(slot("__proto__", "'a'") + slot("constructor", "'b'")));
      expect([...read.parameters.keys()]).to.deep.equal(["__proto__", "constructor"]);
    });
  });

  it("reads codes with and without scheme", () => {
    expect(parseQueryCode("a^^1.2")).to.deep.equal({ code: "a", scheme: "1.2" });
    expect(parseQueryCode("a")).to.deep.equal({ code: "a", scheme: null });
    expect(parseQueryCode("a^^")).to.deep.equal({ code: "a", scheme: null });
  });

  it("matches as SQL LIKE does, in bounded time", () => {
    const yes: readonly (readonly [string, string])[] = [
      ["abc", "abc"],
      ["abc", "%"],
      ["abc", "a%"],
      ["abc", "%c"],
      ["abc", "a_c"],
      ["", ""],
      ["", "%%"],
      ["a.c", "a.c"],
      ["abcabd", "%ab_"],
      ["a%c", "a%c"],
    ];
    const no: readonly (readonly [string, string])[] = [
      ["abc", "ab"],
      ["abc", "ABC"],
      ["abc", "_"],
      ["", "_"],
      ["abc", "a.c"],
      ["abc", "%d%"],
      ["ab", "a_b"],
    ];
    for (const [value, pattern] of yes) expect(matchesLike(value, pattern), `${value} ${pattern}`).to.equal(true);
    for (const [value, pattern] of no) expect(matchesLike(value, pattern), `${value} ${pattern}`).to.equal(false);
    expect(matchesLike("a".repeat(2000), `${"%a".repeat(500)}b`)).to.equal(false);
  });

  it("fills times of any precision", () => {
    expect(fullTime("2026")).to.equal("20260101000000");
    expect(fullTime("202603")).to.equal("20260301000000");
    expect(fullTime("2026031012")).to.equal("20260310120000");
    expect(fullTime("20260310120102")).to.equal("20260310120102");
    for (const wrong of [null, "", "202", "20260310120102.5", "2026-03-10", "20260310+0100"]) {
      expect(fullTime(wrong)).to.equal(null);
    }
  });

  describe("retrieval", () => {
    const request = (inner: string) =>
      parseXml(`<RetrieveDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007">${inner}</RetrieveDocumentSetRequest>`);
    it("reads each document asked for", () => {
      const one =
        "<DocumentRequest><HomeCommunityId>h</HomeCommunityId><RepositoryUniqueId> 1.2 </RepositoryUniqueId><DocumentUniqueId>3</DocumentUniqueId></DocumentRequest>";
      const read = readRetrieveRequest(request(`${one}<DocumentRequest><RepositoryUniqueId/></DocumentRequest>`));
      expect(read.map((r) => [r.homeCommunityId, r.repositoryUniqueId, r.documentUniqueId])).to.deep.equal([
        ["h", "1.2", "3"],
        [null, null, null],
      ]);
    });
    it("names what it refuses", () => {
      expect(thrown(() => readRetrieveRequest(parseXml("<x/>")))).to.equal("not_retrieve");
      expect(thrown(() => readRetrieveRequest(request("<DocumentRequest/>".repeat(5001))))).to.equal("too_many");
    });
    it("reads answers, and gives null where there is none", () => {
      const answer = parseXml(
        '<RetrieveDocumentSetResponse xmlns="urn:ihe:iti:xds-b:2007"><DocumentResponse><DocumentUniqueId>3</DocumentUniqueId><Document>YQ==</Document></DocumentResponse></RetrieveDocumentSetResponse>',
      );
      expect(readRetrieveResponse(answer)?.[0]).to.include({ documentUniqueId: "3", mimeType: null });
      expect(readRetrieveResponse(parseXml("<x/>"))).to.equal(null);
      const found = parseXml(
        `<AdhocQueryResponse xmlns="${QUERY}" status="s"><RegistryObjectList xmlns="${RIM}"><ObjectRef id="a"/></RegistryObjectList></AdhocQueryResponse>`,
      );
      expect(readQueryResponse(found)?.objects.map((o) => o.name)).to.deep.equal(["ObjectRef"]);
      expect(readQueryResponse(null)).to.equal(null);
    });
  });

  describe("updates", () => {
    const SET_NODE = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd";
    const MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember";
    const update = (inner: string) =>
      parseXml(
        `<SubmitObjectsRequest xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><RegistryObjectList xmlns="${RIM}"><RegistryPackage id="s"><Classification classifiedObject="s" classificationNode="${SET_NODE}"/></RegistryPackage>${inner}</RegistryObjectList></SubmitObjectsRequest>`,
      );
    const link = (type: string, source: string, target: string, slots = ""): string =>
      `<Association id="a" associationType="${type}" sourceObject="${source}" targetObject="${target}">${slots}</Association>`;

    it("tells new metadata, changes of status, and everything else", () => {
      const read = readUpdateRequest(
        update(
          `<ExtrinsicObject id="d" lid="urn:uuid:1"/>` +
            link(MEMBER, "s", "d", slot("PreviousVersion", "3") + slot("AssociationPropagation", "no")) +
            link(
              "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus",
              "s",
              "urn:uuid:2",
              slot("OriginalStatus", "o") + slot("NewStatus", "n"),
            ) +
            link(MEMBER, "s", "urn:uuid:9") +
            link("urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus", "other", "urn:uuid:2"),
        ),
      );
      expect(read.submissionSets).to.have.length(1);
      expect(read.operations.map((o) => o.kind)).to.deep.equal(["metadata", "status", "other", "other"]);
      const [metadata, status] = read.operations;
      expect(metadata).to.include({ previousVersion: "3", propagation: false });
      expect(status).to.include({ target: "urn:uuid:2", originalStatus: "o", newStatus: "n" });
    });
    it("leaves absent Slots null, propagation true", () => {
      const read = readUpdateRequest(update(`<ExtrinsicObject id="d"/>${link(MEMBER, "s", "d")}`));
      expect(read.operations[0]).to.include({ previousVersion: null, propagation: true });
    });
    it("names what it refuses", () => {
      expect(thrown(() => readUpdateRequest(parseXml("<x/>")))).to.equal("not_update");
      const noList = '<SubmitObjectsRequest xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"/>';
      expect(thrown(() => readUpdateRequest(parseXml(noList)))).to.equal("not_update");
      const many = update('<ExtrinsicObject id="d"/>'.repeat(20));
      expect(thrown(() => readUpdateRequest(many, { maxValues: 19 }))).to.equal("too_many");
    });
  });
});
