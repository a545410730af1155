import { expect } from "chai";
import type { Connection, EventRecord, Exchange, RecordingView } from "../../core/model/index.js";
import { evidenceOf, locate, readable } from "../../reports/evidence.js";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

function view(request: Uint8Array, response: Uint8Array | null): RecordingView {
  const exchange = {
    id: "e0001",
    operation: "dmp.submit",
    startedAt: "2026-11-21T18:25:00.000Z",
    endedAt: "2026-11-21T18:25:01.000Z",
    requestBytes: request,
    responseBytes: response,
  } as unknown as Exchange;
  const connection = {
    id: "c0001",
    service: "dmp",
    listener: "dmp",
    openedAt: "2026-11-21T18:24:59.000Z",
    alert: { from: "client", code: "unknown_ca" },
    peerCertificates: ["AAAA"],
  } as unknown as Connection;
  const event = {
    id: "v0001",
    at: "2026-11-21T18:24:58.000Z",
    kind: "fault.injected",
    scenario: "dmp-submit#1",
    exchange: null,
    data: { kind: "timeout" },
  } as EventRecord;
  return {
    meta: { format: "segur-recording/1", id: "r", startedAt: "2026-11-21T18:24:57.000Z" },
    connections: [connection],
    exchanges: [exchange],
    events: [event],
    runs: [],
  };
}

describe("reports/evidence", () => {
  it("reads UTF-8 and shows every other byte as a dot", () => {
    expect(readable(Buffer.from([0x41, 0xc3, 0xa9, 0xc3, 0x41, 0x00, 0x1b, 0xff, 0x0d, 0x0a]))).to.equal(
      "AéÃA···\r\n".replace("Ã", "·"),
    );
    expect(readable(Buffer.from("🏥", "utf8"))).to.equal("🏥");
    expect(readable(Buffer.from([0xf0, 0x90, 0x80, 0x41]))).to.equal("···A");
  });

  it("finds the last name of a path as an element, a header or a member before any other place", () => {
    const soap = "X-Note: patientRole first\r\n\r\n<ClinicalDocument><recordTarget><cda:patientRole id='1'/>";
    expect(locate(bytes(soap), "/ClinicalDocument/recordTarget/patientRole")).to.equal(
      soap.indexOf("<cda:patientRole"),
    );
    const mail = "Received: about X-MSS-INS\r\nX-MSS-INS: oui\r\n";
    expect(locate(bytes(mail), "header X-MSS-INS")).to.equal(mail.indexOf("X-MSS-INS: oui"));
    const form = "POST /token\r\n\r\ngrant_type=a&scope=openid";
    expect(locate(bytes(form), "form/scope")).to.equal(form.indexOf("&scope="));
    expect(locate(bytes("nothing here"), "//absentName")).to.equal(null);
  });

  it("does not search for ever when the place itself is hostile", () => {
    const where = "word ".repeat(200_000);
    const began = process.hrtime.bigint();
    expect(locate(Buffer.alloc(2 * 1024 * 1024, "<a:"), where)).to.equal(null);
    expect(Number(process.hrtime.bigint() - began) / 1e9).to.be.lessThan(5);
  });

  it("gives a bounded excerpt around the place, with its offsets", () => {
    const request = bytes(`${"x".repeat(5000)}\n<rim:Value>wanted</rim:Value>\n${"y".repeat(5000)}`);
    const excerpt = evidenceOf(view(request, null))({ exchange: "e0001", side: "request", where: "Slot/Value" });
    expect(excerpt?.text.startsWith("<rim:Value>wanted")).to.equal(true);
    expect(excerpt?.text.length).to.be.lessThan(1001);
    expect(excerpt?.bytes).to.deep.equal({ start: 5001, end: 5961, total: request.length });
    expect(excerpt?.operation).to.equal("dmp.submit");
  });

  it("takes the side asked for, and its time", () => {
    const read = evidenceOf(view(bytes("question"), bytes("answer")));
    expect(read({ exchange: "e0001", side: "response" })).to.include({
      text: "answer",
      at: "2026-11-21T18:25:01.000Z",
    });
    expect(read({ exchange: "e0001" })).to.include({ text: "question", at: "2026-11-21T18:25:00.000Z" });
  });

  it("tells connections and events as JSON, and nothing for what is not there", () => {
    const read = evidenceOf(view(bytes("q"), null));
    expect(read({ connection: "c0001" })?.text).to.contain('"code": "unknown_ca"');
    expect(read({ event: "v0001" })?.text).to.contain('"timeout"');
    expect(read({ exchange: "e0001", side: "response" })).to.equal(null);
    expect(read({ exchange: "e9999" })).to.equal(null);
    expect(read({})).to.equal(null);
  });
});
