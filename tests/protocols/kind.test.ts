import { expect } from "chai";
import fc from "fast-check";
import { recogniseFile } from "../../protocols/kind.js";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");
const CDA = '<ClinicalDocument xmlns="urn:hl7-org:v3"/>';

describe("protocols/kind", () => {
  it("recognises a CDA, bare, prefixed, after comments, in UTF-16, in a style sheet", () => {
    expect(recogniseFile(bytes(CDA), "")).to.equal("cda");
    expect(recogniseFile(bytes('<v3:ClinicalDocument xmlns:v3="urn:hl7-org:v3"/>'), "")).to.equal("cda");
    expect(
      recogniseFile(bytes(`\ufeff<?xml version="1.0"?>\n<?xml-stylesheet href="a"?><!-- <b> -->\n${CDA}`), ""),
    ).to.equal("cda");
    expect(recogniseFile(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(CDA, "utf16le")]), "")).to.equal("cda");
    const wrapped = `<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform">${CDA}</xsl:stylesheet>`;
    expect(recogniseFile(bytes(wrapped), "")).to.equal("cda");
    expect(recogniseFile(bytes('<xsl:stylesheet xmlns:xsl="x"/>'), "a.xsl")).to.equal("unknown");
  });

  it("keeps the kind of a broken document, so that its checks can speak", () => {
    expect(recogniseFile(bytes("<!DOCTYPE a [<!ENTITY b 'c'>]><ClinicalDocument><open>"), "")).to.equal("cda");
  });

  it("recognises SOAP alone, as an HTTP message, and in a multipart", () => {
    const envelope = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>';
    expect(recogniseFile(bytes(envelope), "")).to.equal("soap");
    expect(recogniseFile(bytes(`POST /a HTTP/1.1\r\nHost: b\r\n\r\n${envelope}`), "")).to.equal("soap");
    expect(recogniseFile(bytes(`--b\r\nContent-Type: application/xop+xml\r\n\r\n${envelope}\r\n--b--`), "")).to.equal(
      "soap",
    );
    expect(recogniseFile(bytes(`POST /a HTTP/1.1\r\nHost: b\r\n\r\n{}`), "")).to.equal("unknown");
  });

  it("recognises a mail by its header, not by a colon", () => {
    const mail = "Received: from a\r\n by b\r\nFrom: a@b\r\nSubject: c\r\n\r\nbody";
    expect(recogniseFile(bytes(mail), "m.eml")).to.equal("mail");
    expect(recogniseFile(bytes(`From a@b Sat Nov 21\n${mail}`), "m.mbox")).to.equal("mail");
    expect(recogniseFile(bytes("Note: bring bread\n\nand milk"), "m.eml")).to.equal("unknown");
  });

  it("recognises an archive by its content or its name", () => {
    const zip = (name: string): Uint8Array => bytes(`PK\u0003\u0004....${name}`);
    expect(recogniseFile(zip("IHE_XDM/SUBSET01/METADATA.XML"), "")).to.equal("xdm");
    expect(recogniseFile(zip("word/document.xml"), "report.docx")).to.equal("unknown");
    expect(recogniseFile(zip("a.txt"), "documents.ZIP")).to.equal("xdm");
  });

  it("recognises HL7 v2 and the INS datamatrix", () => {
    expect(recogniseFile(bytes("\u000bMSH|^~\\&|A|B\rPID|1"), "")).to.equal("hl7v2");
    expect(recogniseFile(bytes("IS010000000000000000000000S1109076322083489S21.2.250.1.213.1.4.10"), "")).to.equal(
      "datamatrix",
    );
    expect(recogniseFile(bytes("IS01 this is a sentence"), "")).to.equal("unknown");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), (value, name) => void recogniseFile(value, name)),
    );
    fc.assert(fc.property(fc.string(), (value) => void recogniseFile(bytes(`<?${value}`), "")));
  });
});
