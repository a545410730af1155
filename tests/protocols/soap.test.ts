import { expect } from "chai";
import { headerBlocks, readSoapEnvelope, SoapError, WSSE_NS } from "../../protocols/soap.js";

const SOAP12 = "http://www.w3.org/2003/05/soap-envelope";
const SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/";
const WSA = "http://www.w3.org/2005/08/addressing";

function code(bytes: string, type?: string): string {
  try {
    readSoapEnvelope(Buffer.from(bytes), type);
    return "read";
  } catch (error) {
    return error instanceof SoapError ? `${error.code}/${error.detail}` : "other";
  }
}

describe("protocols/soap", () => {
  it("reads version, addressing, headers and payload", () => {
    const xml = `<s:Envelope xmlns:s="${SOAP12}" xmlns:a="${WSA}"><s:Header><a:Action s:mustUnderstand="1"> urn:x </a:Action><a:MessageID>urn:uuid:1</a:MessageID><a:ReplyTo><a:Address>anon</a:Address></a:ReplyTo><w:Security xmlns:w="${WSSE_NS}"/><To xmlns="urn:other">no</To></s:Header><s:Body> <p xmlns="urn:p"/><q/></s:Body></s:Envelope>`;
    const read = readSoapEnvelope(Buffer.from(xml));
    expect(read.version).to.equal("1.2");
    expect(read.addressing).to.deep.equal({
      action: "urn:x",
      messageId: "urn:uuid:1",
      to: null,
      replyTo: "anon",
      relatesTo: null,
    });
    expect(read.payload?.ns).to.equal("urn:p");
    expect(read.fault).to.equal(null);
    expect(headerBlocks(read, "Security", WSSE_NS)).to.have.length(1);
    expect(Buffer.from(read.bytes).toString()).to.equal(xml);
  });

  it("reads an empty body and a message without header", () => {
    const read = readSoapEnvelope(Buffer.from(`<s:Envelope xmlns:s="${SOAP11}"><s:Body/></s:Envelope>`));
    expect([read.version, read.header, read.payload]).to.deep.equal(["1.1", null, null]);
  });

  it("reads a SOAP 1.2 fault with nested subcodes and a SOAP 1.1 fault", () => {
    const fault12 = `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>x:A</s:Value><s:Subcode><s:Value>B</s:Value></s:Subcode></s:Subcode></s:Code><s:Reason><s:Text xml:lang="fr"> non </s:Text></s:Reason><s:Detail><d/></s:Detail></s:Fault>`;
    const read12 = readSoapEnvelope(
      Buffer.from(`<s:Envelope xmlns:s="${SOAP12}"><s:Body>${fault12}</s:Body></s:Envelope>`),
    );
    expect([read12.fault?.code, read12.fault?.subcodes, read12.fault?.reason]).to.deep.equal([
      "Sender",
      ["A", "B"],
      "non",
    ]);
    const fault11 = "<s:Fault><faultcode>s:Client</faultcode><faultstring>bad</faultstring></s:Fault>";
    const read11 = readSoapEnvelope(
      Buffer.from(`<s:Envelope xmlns:s="${SOAP11}"><s:Body>${fault11}</s:Body></s:Envelope>`),
    );
    expect([read11.fault?.code, read11.fault?.reason, read11.fault?.detail]).to.deep.equal(["Client", "bad", null]);
  });

  it("takes the root part of a multipart as the envelope, base64 undone", () => {
    const xml = `<s:Envelope xmlns:s="${SOAP12}"><s:Body/></s:Envelope>`;
    const encoded = Buffer.from(xml).toString("base64");
    const message = `--b\r\n\r\nfirst\r\n--b\r\nContent-ID: <r>\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n--b--\r\n`;
    const read = readSoapEnvelope(Buffer.from(message), 'multipart/related; boundary=b; start="<r>"');
    expect(read.multipart?.parts).to.have.length(2);
    expect(Buffer.from(read.bytes).toString()).to.equal(xml);
  });

  it("refuses with a code of its own", () => {
    expect(code("")).to.equal("xml/not_xml");
    expect(code("<!DOCTYPE a><a/>")).to.equal("xml/dtd");
    expect(code("<a/>")).to.equal("not_envelope/null");
    expect(code(`<Envelope xmlns="urn:other"><Body/></Envelope>`)).to.equal("not_envelope/null");
    expect(code(`<s:Envelope xmlns:s="${SOAP12}"/>`)).to.equal("no_body/null");
    expect(code("x", "multipart/related; boundary=b")).to.equal("multipart/no_part");
  });
});
