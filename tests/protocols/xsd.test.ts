import { expect } from "chai";
import { parseXml } from "../../protocols/xml.js";
import { compileXsd, XsdError, type XsdFinding, type XsdSchema } from "../../protocols/xsd.js";

const MAIN = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:a" xmlns:b="urn:b" targetNamespace="urn:a" elementFormDefault="qualified">
<xs:import namespace="urn:b" schemaLocation="../other/b%20b.xsd"/>
<xs:element name="list"><xs:complexType><xs:sequence>
<xs:element name="item" maxOccurs="unbounded"><xs:complexType><xs:simpleContent><xs:extension base="xs:integer"><xs:attribute name="id" use="required"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
<xs:element ref="b:more" minOccurs="0" maxOccurs="unbounded"/>
<xs:element name="end"><xs:complexType/></xs:element>
</xs:sequence></xs:complexType></xs:element></xs:schema>`;
const OTHER = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:b"><xs:element name="more" type="xs:date"/></xs:schema>`;

function filesOf(entries: Readonly<Record<string, string>>) {
  const map = new Map(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)]));
  return { read: (name: string) => map.get(name) ?? null };
}

describe("XML Schema", () => {
  let schema: XsdSchema;
  before(() => {
    schema = compileXsd(filesOf({ "a/main.xsd": MAIN, "other/b b.xsd": OTHER }), "a/main.xsd");
  });
  after(() => schema.dispose());

  function findings(text: string): readonly XsdFinding[] {
    const bytes = Buffer.from(text);
    const result = schema.validate(bytes, parseXml(bytes));
    if ("problem" in result) throw new Error(result.problem);
    return result.findings;
  }
  const told = (text: string): string[] =>
    findings(text).map(({ code, subject, path, line }) => `${code} ${subject} ${path} ${line}`);
  const list = (inside: string, end = "<end/>"): string =>
    `<list xmlns="urn:a" xmlns:z="urn:b">\n${inside}\n${end}</list>`;

  it("accepts a valid document, over all its files", () => {
    expect(told(list('<item id="1">1</item>\n<z:more>2026-11-22</z:more>'))).to.deep.equal([]);
  });

  it("tells what is wrong by codes of ours, with element, place and line", () => {
    expect(told(list('<item id="1">1</item>', "<foo/><end/>"))).to.deep.equal(["unexpected_element foo /list/foo 3"]);
    expect(told(list('<item id="1">1</item>', ""))).to.deep.equal(["missing_element list /list 1"]);
    expect(told(list('<item id="1">1</item>\n<item>2</item>'))).to.deep.equal([
      "missing_attribute @id /list/item[2] 3",
    ]);
    expect(told(list('<item id="1" q="2">1</item>'))).to.deep.equal(["unexpected_attribute @q /list/item 2"]);
    expect(told(list('<item id="1">x</item>'))).to.deep.equal(["bad_value item /list/item 2"]);
    expect(told(list('<item id="1"><b/></item>'))[0]).to.match(/^bad_content item \/list\/item 2/);
    expect(told(list('text<item id="1">1</item>'))).to.deep.equal(["bad_content list /list 1"]);
    expect(told("<foo/>")).to.deep.equal(["unknown_root foo /foo 1"]);
  });

  it("finds the element whatever prefix stands before it", () => {
    const more = '<item id="1">1</item><z:more>2026-11-22</z:more>\n<z:more>never</z:more>';
    expect(told(list(more))).to.deep.equal(["bad_value more /list/more[2] 3"]);
  });

  it("quotes nothing of the engine's own sentences", () => {
    const text = JSON.stringify(findings(list('<item id="1">x</item>', "<foo/>")));
    expect(text).to.not.match(/This element|Expected is|urn:a/);
  });

  it("names the file that is missing, imported ones too", () => {
    const compile = (entries: Readonly<Record<string, string>>, entry = "a/main.xsd"): string => {
      try {
        compileXsd(filesOf(entries), entry).dispose();
        return "compiled";
      } catch (error) {
        if (error instanceof XsdError) return error.message;
        throw error;
      }
    };
    expect(compile({})).to.equal("missing_file: a/main.xsd");
    expect(compile({ "a/main.xsd": MAIN })).to.equal("missing_file: other/b b.xsd");
    expect(compile({ "a/main.xsd": MAIN, "other/b b.xsd": "<x/>" })).to.equal("not_schema: a/main.xsd");
    expect(compile({ "a/main.xsd": "not xml" })).to.equal("not_schema: a/main.xsd");
    expect(compile({ "a/main.xsd": MAIN, "other/b b.xsd": OTHER })).to.equal("compiled");
  });

  it("serves files to a schema being compiled only: a document reaches none", () => {
    const asked: string[] = [];
    const files = filesOf({ "a/main.xsd": MAIN, "other/b b.xsd": OTHER });
    const own = compileXsd(
      {
        read: (name) => {
          asked.push(name);
          return files.read(name);
        },
      },
      "a/main.xsd",
    );
    expect(asked).to.deep.equal(["a/main.xsd", "other/b b.xsd"]);
    const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    const bytes = Buffer.from(
      `<list xmlns="urn:a" ${xsi} xsi:schemaLocation="urn:a segur-rules:///a/main.xsd"><item id="1">1</item><end/></list>`,
    );
    own.validate(bytes, parseXml(bytes));
    own.dispose();
    expect(asked).to.have.length(2);
  });
});
