/** The same document in other legal written forms gets the same findings; what cannot be read ends by name. */
import { expect } from "chai";
import bodyContent from "../../../checks/cda/body-content.js";
import identification from "../../../checks/cda/identification.js";
import { cdaChecks } from "../../../checks/cda/index.js";
import structure from "../../../checks/cda/structure.js";
import { document } from "../dmp-document/sample.js";
import { fileView, judge, said } from "./support.js";

/** Findings of all checks, by check and message, without places: prefixes change none of them. */
function findings(bytes: Uint8Array): string[] {
  const view = fileView(bytes);
  return cdaChecks.flatMap((check) => {
    const result = judge(check, view);
    expect(result.outcome, check.id).to.not.equal("error");
    return result.findings.map((finding) => `${finding.check} ${finding.message}`);
  });
}

describe("checks/cda on other written forms", () => {
  let good: string;
  let expected: string[];
  before(async () => {
    good = (await document()).cda.toString("utf8");
    expected = findings(Buffer.from(good));
  });

  const forms: readonly (readonly [string, (xml: string) => Uint8Array])[] = [
    [
      "a foreign prefix on every element",
      (xml) =>
        Buffer.from(
          xml.replace(/<(\/?)(?=[A-Za-z])/g, "<$1h:").replace('xmlns="urn:hl7-org:v3"', 'xmlns:h="urn:hl7-org:v3"'),
        ),
    ],
    ["a byte order mark", (xml) => Buffer.from(`\ufeff${xml}`)],
    ["UTF-16", (xml) => Buffer.from(`\ufeff${xml.replace('encoding="UTF-8"', 'encoding="UTF-16"')}`, "utf16le")],
    [
      "comments and CDATA inside texts",
      (xml) =>
        Buffer.from(
          xml
            .replace(/<title>([^<]*)<\/title>/, "<title><!-- a --><![CDATA[$1]]><!-- b --></title>")
            .replace(/<suffix>DR<\/suffix>/, "<suffix>D<!-- c --><![CDATA[R]]></suffix>"),
        ),
    ],
    [
      "character references in attributes",
      (xml) => Buffer.from(xml.replaceAll('value="tel:0100000000"', 'value="tel&#58;010&#x30;000000"')),
    ],
    [
      "a namespace declared again on each part",
      (xml) => Buffer.from(xml.replace(/<(author|custodian)>/g, '<$1 xmlns="urn:hl7-org:v3">')),
    ],
  ];
  for (const [name, write] of forms) {
    it(`says the same with ${name}`, () => {
      const bytes = write(good);
      expect(Buffer.from(bytes).equals(Buffer.from(good)), "the form differs").to.equal(false);
      expect(findings(bytes)).to.deep.equal(expected);
    });
  }

  it("reads a body of more than ten million characters", () => {
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(9_000_000, 7)]);
    const huge = good.replace(
      /<text mediaType="application\/pdf"([^>]*)>[^<]*/,
      `<text mediaType="image/jpeg"$1>${jpeg.toString("base64")}`,
    );
    expect(huge.length).to.be.greaterThan(12_000_000);
    expect(findings(Buffer.from(huge))).to.deep.equal([]);
    expect(judge(bodyContent, fileView(Buffer.from(huge))).outcome).to.equal("met");
  });

  it("does not judge a document with a DOCTYPE, and says why", () => {
    const doctype = good.replace("<ClinicalDocument ", '<!DOCTYPE x [<!ENTITY a "b">]><ClinicalDocument ');
    const result = judge(identification, fileView(Buffer.from(doctype)));
    expect(said(result)).to.deep.equal(["not_read@"]);
    expect(result.outcome).to.equal("unobserved");
    expect(result.findings[0]?.slots.code).to.equal("dtd");
  });

  it("does not call a run met in which one document of two could not be judged", () => {
    const doctype = good.replace("<ClinicalDocument ", '<!DOCTYPE x [<!ENTITY a "b">]><ClinicalDocument ');
    const [one, other] = [fileView(Buffer.from(good)), fileView(Buffer.from(doctype))];
    const exchanges = [...one.exchanges, ...other.exchanges.map((x) => ({ ...x, id: "x0002" }))];
    const result = judge(identification, { ...one, exchanges });
    expect([said(result), result.observed.count]).to.deep.equal([["not_read@"], 1]);
    expect(result.outcome).to.equal("unobserved");
  });

  it("names what is wrong in each of many faulty elements without slowing down", () => {
    const many = good.replace(
      "<custodian>",
      `${"<informant><assignedEntity><id/></assignedEntity></informant>".repeat(20_000)}<custodian>`,
    );
    const result = judge(structure, fileView(Buffer.from(many)));
    expect(result.outcome).to.equal("breached");
    expect(new Set(result.findings.map(({ message }) => message))).to.deep.equal(new Set(["no_value"]));
  });
});
