/** The mock takes a request however it is legally written, and keeps the same of it: prefixes, order, SOAP and MIME layouts. */
import { expect } from "chai";
import { readSoapEnvelope } from "../../../protocols/soap.js";
import { readRegistryResponse, REGISTRY_SUCCESS, type XdsDocument } from "../../../protocols/xds.js";
import { LAYOUTS, ORDERS } from "../../checks/metamorphic/forms.js";
import { REWRITINGS } from "../../support/xml-rewrite.js";
import { existsRequest, type HttpAnswer, patientIdOf, post, SOAP_TYPE, submitRequest } from "./client.js";
import { type Bench, openBench, ZOE } from "./registry-bench.js";
import { APPROVED, assertion, FIND_DOCUMENTS, queryRequest, retrieveRequest } from "./registry-client.js";

const ENVELOPE = /<(?:[\w.-]+:)?Envelope\b[\s\S]*<\/(?:[\w.-]+:)?Envelope\s*>/;
const CONTENT = Buffer.from("<ClinicalDocument xmlns='urn:hl7-org:v3'>é</ClinicalDocument>");

describe("services/dmp, requests written otherwise", () => {
  let bench: Bench;
  before(async () => {
    bench = await openBench();
  });
  after(() => bench.close());

  const send = (name: "repository" | "registry" | "patients", type: string, body: Buffer | string) =>
    post(
      String(bench.service.endpoints[name]),
      bench.context.pki.caBundlePem,
      bench.context.pki.roles.auth,
      type,
      body,
    );
  /** The envelope inside the bytes, rewritten. */
  const rewritten = (bytes: Buffer | string, write: (xml: string) => string): Buffer => {
    const text = Buffer.from(bytes).toString("latin1");
    const change = (xml: string): string =>
      Buffer.from(
        write(Buffer.from(xml, "latin1").toString("utf8")).replace(/^\ufeff?(<\?xml[^>]*\?>\s*)?/, ""),
      ).toString("latin1");
    return Buffer.from(text.replace(/<\?xml[^>]*\?>\s*/, "").replace(ENVELOPE, change), "latin1");
  };
  const statusOf = (answer: HttpAnswer): string | null => {
    const { body } = readSoapEnvelope(answer.body, String(answer.headers["content-type"]));
    return readRegistryResponse(body)?.status ?? null;
  };
  const upload = () => {
    const patient = bench.patient(ZOE);
    return submitRequest({ patientId: patientIdOf(patient), assertion: assertion(patient), content: CONTENT });
  };
  /** What the registry tells of a document, identifiers and places in the message left out. */
  const described = async (uniqueId: string): Promise<Record<string, unknown>> => {
    const found = (await bench.find()).documents.find((document) => document.uniqueId === uniqueId);
    if (!found) throw new Error(`${uniqueId} is not found`);
    return JSON.parse(
      JSON.stringify(found, (key, value: unknown) =>
        ["node", "id", "logicalId", "uniqueId"].includes(key) ? undefined : value,
      ),
    ) as Record<keyof XdsDocument, unknown>;
  };

  for (const [name, write] of [...REWRITINGS, ...ORDERS]) {
    it(`keeps and finds the same with ${name}`, async () => {
      const plain = upload();
      expect(statusOf(await send("repository", plain.contentType, plain.body))).to.equal(REGISTRY_SUCCESS);
      const other = upload();
      const answer = await send("repository", other.contentType, rewritten(other.body, write));
      expect(statusOf(answer)).to.equal(REGISTRY_SUCCESS);
      expect(await described(other.uniqueId)).to.deep.equal(await described(plain.uniqueId));

      const patient = bench.patient(ZOE);
      const parameters = {
        $XDSDocumentEntryPatientId: `'${patientIdOf(patient)}'`,
        $XDSDocumentEntryStatus: `('${APPROVED}')`,
      };
      const query = queryRequest(FIND_DOCUMENTS, parameters, assertion(patient));
      const listed = await send("registry", SOAP_TYPE, rewritten(query, write));
      expect(listed.body.includes(other.uniqueId), "listed").to.equal(true);
      const retrieval = retrieveRequest([other.uniqueId], assertion(patient));
      const served = await send("repository", SOAP_TYPE, rewritten(retrieval, write));
      expect(served.body.includes(CONTENT), "the bytes").to.equal(true);
      const { oid = "", matricule = "" } = patient.ins ?? {};
      const question = existsRequest(oid, matricule, assertion(patient));
      const told = await send("patients", SOAP_TYPE, rewritten(question, write));
      expect(told.body.toString("utf8")).to.match(/queryResponseCode code="OK"/);
    });
  }

  for (const [name, write] of LAYOUTS.filter(([layout]) => !layout.includes("chunked"))) {
    it(`keeps the same bytes with ${name}`, async () => {
      const { contentType, body, uniqueId } = upload();
      const head = `POST / HTTP/1.1\r\ncontent-type: ${contentType}\r\ncontent-length: ${body.length}\r\n\r\n`;
      const bytes = write(Buffer.concat([Buffer.from(head), body]));
      if (!bytes) throw new Error("no such layout");
      const [lines = ""] = bytes.toString("latin1").split("\r\n\r\n");
      const type = /content-type: ([^\r]*)/i.exec(lines)?.[1] ?? "";
      const answer = await send("repository", type, bytes.subarray(lines.length + 4));
      expect(statusOf(answer)).to.equal(REGISTRY_SUCCESS);
      const served = await bench.retrieve([uniqueId]);
      expect(served.body.includes(CONTENT), "the bytes").to.equal(true);
    });
  }

  it("refuses an upload whose SubmitObjectsRequest is of another namespace", async () => {
    const { contentType, body } = upload();
    const wrong = Buffer.from(
      body.toString("latin1").replace("ebxml-regrep:xsd:lcm:3.0", "ebxml-regrep:lcm:xsd:3.0"),
      "latin1",
    );
    const answer = await send("repository", contentType, wrong);
    const soap = readSoapEnvelope(answer.body, String(answer.headers["content-type"]));
    const errors = readRegistryResponse(soap.body)?.errors ?? [];
    expect(errors.map(({ code, context }) => [code, context])).to.deep.equal([
      ["XDSRepositoryMetadataError", "no SubmitObjectsRequest"],
    ]);
  });
});
