/** TD3.2: the MTOM answer read by a MIME library that is not ours, each error, the answer cut in the middle. */
import { createHash } from "node:crypto";
import { expect } from "chai";
import { type ParsedMail, simpleParser } from "mailparser";
import { readSoapEnvelope } from "../../../protocols/soap.js";
import { readRegistryResponse } from "../../../protocols/xds.js";
import { readRetrieveResponse } from "../../../protocols/xds-query.js";
import { xopIncludes } from "../../../protocols/mtom.js";
import type { HttpAnswer } from "./client.js";
import { type Bench, DOMINIQUE, openBench, ZOE } from "./registry-bench.js";
import { APPROVED, DELETED, assertion, retrieveRequest, statusChange, updateRequest } from "./registry-client.js";
import { patientIdOf } from "./client.js";

describe("services/dmp: TD3.2", () => {
  let bench: Bench;

  before(async () => {
    bench = await openBench();
  });
  after(() => bench.close());

  const read = (answer: HttpAnswer) => {
    const soap = readSoapEnvelope(answer.body, String(answer.headers["content-type"]));
    const response = readRegistryResponse(soap.body);
    const documents = (readRetrieveResponse(soap.body) ?? []).map((d) => ({
      ...d,
      bytes: d.document ? (xopIncludes(d.document, soap.multipart)[0]?.part?.body ?? null) : null,
    }));
    return {
      status: response?.status?.split(":").pop() ?? null,
      codes: response?.errors.map((e) => e.code) ?? [],
      documents,
      soap,
    };
  };
  const stored = async (uniqueId: string) => {
    const all = (await bench.service.control("documents")) as { uniqueId: string; hash: string; size: number }[];
    return all.find((d) => d.uniqueId === uniqueId);
  };
  const sha1 = (bytes: Uint8Array | null): string =>
    createHash("sha1")
      .update(bytes ?? new Uint8Array())
      .digest("hex");

  it("gives several documents in MTOM, whole, to a request that was not", async () => {
    const one = await bench.deposit("Un");
    const two = await bench.deposit("Deux", {}, { text: "--boundary\r\n\r\n".repeat(2000) });
    const answer = await bench.retrieve([one.uniqueId, two.uniqueId]);
    expect(answer.status).to.equal(200);
    const { status, documents, soap } = read(answer);
    expect(status).to.equal("Success");
    expect(soap.addressing.action).to.equal("urn:ihe:iti:2007:RetrieveDocumentSetResponse");
    expect(soap.multipart?.parts).to.have.length(3);
    expect(soap.multipart?.closed).to.equal(true);
    expect(documents.map((d) => d.documentUniqueId)).to.deep.equal([one.uniqueId, two.uniqueId]);
    expect(documents[0]?.repositoryUniqueId).to.equal("1.2.250.1.213.4.1.1.1.2");
    expect(documents[0]?.mimeType).to.equal("text/xml");
    for (const document of documents) {
      expect(sha1(document.bytes)).to.equal((await stored(document.documentUniqueId ?? ""))?.hash);
    }
  });

  it("is a multipart/related that a mail library reads the same", async () => {
    const one = await bench.deposit("Pour la bibliothèque");
    const answer = await bench.retrieve([one.uniqueId]);
    const head = `Content-Type: ${String(answer.headers["content-type"])}\r\nMIME-Version: 1.0\r\n\r\n`;
    const mail: ParsedMail = await simpleParser(Buffer.concat([Buffer.from(head), answer.body]));
    const [root, document, ...rest] = mail.attachments;
    expect(rest).to.have.length(0);
    expect(root?.contentType).to.equal("application/xop+xml");
    expect(document?.contentType).to.equal("text/xml");
    const facts = await stored(one.uniqueId);
    expect([sha1(document?.content ?? null), document?.content.length]).to.deep.equal([facts?.hash, facts?.size]);
    const href = /href="cid:([^"]+)"/.exec(root?.content.toString() ?? "")?.[1] ?? "";
    expect(`<${decodeURIComponent(href)}>`).to.equal(document?.contentId);
  });

  it("XDSDocumentUniqueIdError for an unknown document; PartialSuccess beside one that is there", async () => {
    const one = await bench.deposit("Présent", { by: "ps-exemple" });
    const gone = read(await bench.retrieve(["1.2.3.4"]));
    expect([gone.status, gone.codes, gone.documents]).to.deep.equal(["Failure", ["XDSDocumentUniqueIdError"], []]);
    const partly = read(await bench.retrieve([one.uniqueId, "1.2.3.4"]));
    expect([partly.status, partly.codes]).to.deep.equal(["PartialSuccess", ["XDSDocumentUniqueIdError"]]);
    expect(partly.documents.map((d) => d.documentUniqueId)).to.deep.equal([one.uniqueId]);
  });

  it("still gives archived and deleted documents, and those whose metadata changed", async () => {
    const deleted = await bench.deposit("Supprimé", { by: "ps-exemple" });
    const zoe = bench.patient(ZOE);
    const change = statusChange(deleted.entryUuid, APPROVED, DELETED);
    await bench.update(updateRequest(patientIdOf(zoe), change, assertion(zoe)));
    const archived = await bench.deposit("Archivé", {}, { status: "Archived" });
    await bench.deposit("Masqué puis montré");
    const changed = (await bench.service.control("hide", { patient: ZOE, codes: ["INVISIBLE_PATIENT"] })) as {
      uniqueId: string;
    };
    const all = [archived.uniqueId, deleted.uniqueId, changed.uniqueId];
    expect(read(await bench.retrieve(all)).status).to.equal("Success");
  });

  it("XDSUnknownRepositoryId for another repository", async () => {
    const one = await bench.deposit("Ailleurs");
    const answer = read(await bench.retrieve([one.uniqueId], {}, "1.2.3"));
    expect([answer.status, answer.codes]).to.deep.equal(["Failure", ["XDSUnknownRepositoryId"]]);
  });

  it("XDSResultNotSinglePatient for documents of two patients", async () => {
    const one = await bench.deposit("De Zoé");
    const other = await bench.deposit("De Dominique", { patient: DOMINIQUE });
    const answer = read(await bench.retrieve([one.uniqueId, other.uniqueId]));
    expect([answer.status, answer.codes, answer.documents]).to.deep.equal([
      "Failure",
      ["XDSResultNotSinglePatient"],
      [],
    ]);
  });

  it("XDSRepositoryError for a request that names nothing", async () => {
    const empty = read(await bench.call("repository", retrieveRequest([], "")));
    expect([empty.status, empty.codes]).to.deep.equal(["Failure", ["XDSRepositoryError"]]);
    const unnamed = read(await bench.call("repository", retrieveRequest([""], "")));
    expect([unnamed.status, unnamed.codes]).to.deep.equal(["Failure", ["XDSRepositoryError"]]);
  });

  it("plays the scripted faults", async () => {
    const one = await bench.deposit("En panne");
    const failed = await bench.withFault(
      { at: "retrieve", kind: "registry-error", args: { code: "XDSRepositoryBusy" } },
      () => bench.retrieve([one.uniqueId]),
    );
    expect([read(failed).status, read(failed).codes]).to.deep.equal(["Failure", ["XDSRepositoryBusy"]]);
    const partial = await bench.withFault({ at: "retrieve", kind: "partial-success" }, () =>
      bench.retrieve([one.uniqueId]),
    );
    expect([read(partial).status, read(partial).documents.length]).to.deep.equal(["PartialSuccess", 1]);
    const fault = await bench.withFault({ at: "retrieve", kind: "soap-fault" }, () => bench.retrieve([one.uniqueId]));
    expect(fault.status).to.equal(400);
  });

  it("cuts the answer in the middle, and records what was sent", async () => {
    const one = await bench.deposit("Coupé");
    let failure: unknown = null;
    try {
      await bench.withFault({ at: "retrieve", kind: "cut-answer" }, () => bench.retrieve([one.uniqueId]));
    } catch (error) {
      failure = error;
    }
    expect((failure as { code?: string } | null)?.code).to.equal("ECONNRESET");
    const exchanges = bench.context.view().exchanges.filter((e) => e.operation === "dmp.retrieve");
    const cut = exchanges[exchanges.length - 1];
    expect(cut?.complete).to.equal(false);
    expect(cut?.faults).to.have.length(1);
    expect(read(await bench.retrieve([one.uniqueId])).status).to.equal("Success");
  });
});
