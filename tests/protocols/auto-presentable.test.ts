import { expect } from "chai";
import { innerDocument } from "../../protocols/auto-presentable.js";
import { attr, child, XmlError } from "../../protocols/xml.js";

const XSL = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"';

describe("a self-presenting document", () => {
  const wrap = (inside: string, more = ""): Buffer =>
    Buffer.from(`<?xml version="1.0"?>\n<xsl:stylesheet ${XSL}${more} version="1.0">\n${inside}\n</xsl:stylesheet>`);
  const inner = (bytes: Buffer): string => Buffer.from(innerDocument(bytes).bytes).toString();

  it("gives a bare CDA as it is", () => {
    const bytes = Buffer.from('<ClinicalDocument xmlns="urn:hl7-org:v3"/>');
    const found = innerDocument(bytes);
    expect(found).to.include({ bytes, unwrapped: false });
    expect(found.root?.name).to.equal("ClinicalDocument");
  });

  it("cuts the CDA out, byte for byte but for the prefixes declared around it, on its own lines", () => {
    const cda =
      '<ClinicalDocument xmlns="urn:hl7-org:v3"\r\n classCode="é&amp;">\r\n<a/><!-- > --><![CDATA[</ClinicalDocument>]]></ClinicalDocument>';
    const bytes = wrap(`<p>é</p>${cda}<q/>`, ' xmlns:l="urn:lab"');
    expect(inner(bytes)).to.equal(
      `\n\n${cda.replace("<ClinicalDocument", `<ClinicalDocument ${XSL} xmlns:l="urn:lab"`)}`,
    );
    const found = innerDocument(bytes);
    expect(found.unwrapped).to.equal(true);
    expect(found.root?.line).to.equal(3);
    expect(attr(found.root, "classCode")).to.equal("é&");
  });

  it("keeps a nearer declaration over a farther one", () => {
    const bytes = wrap(
      '<b xmlns:l="urn:near"><c:ClinicalDocument xmlns:c="urn:hl7-org:v3"><l:x/></c:ClinicalDocument></b>',
      ' xmlns:l="urn:far"',
    );
    expect(child(innerDocument(bytes).root, "x")?.ns).to.equal("urn:near");
  });

  it("takes the first of several, and none of another namespace", () => {
    const two = wrap(
      '<ClinicalDocument/><x xmlns="urn:hl7-org:v3"><ClinicalDocument><a/></ClinicalDocument><ClinicalDocument/></x>',
    );
    expect(inner(two)).to.match(/<ClinicalDocument [^>]*xmlns="urn:hl7-org:v3"[^>]*><a\/><\/ClinicalDocument>$/);
    expect(innerDocument(wrap("<ClinicalDocument/>"))).to.include({ root: null, unwrapped: false });
    expect(innerDocument(Buffer.from("<html/>")).root).to.equal(null);
  });

  it("cuts out an empty element too", () => {
    expect(inner(wrap('<ClinicalDocument xmlns="urn:hl7-org:v3"/>'))).to.match(/<ClinicalDocument [^>]*\/>$/);
  });

  it("throws XmlError and nothing else on what is no XML", () => {
    for (const text of ["", "<a", `<xsl:stylesheet ${XSL}><ClinicalDocument>`, "<!DOCTYPE a><a/>"]) {
      expect(() => innerDocument(Buffer.from(text)), text).to.throw(XmlError);
    }
  });
});
