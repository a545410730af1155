/** The official CDA examples written otherwise: every check of ours says of each what it says of the original. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { cdaChecks } from "../../checks/cda/index.js";
import { decodeXml } from "../../protocols/xml.js";
import { fileView, judge } from "../checks/cda/support.js";
import { REWRITINGS } from "../support/xml-rewrite.js";

const folder = path.join(process.env.SEGUR_CORPUS ?? "", "cda");

function verdicts(bytes: Uint8Array): string[] {
  const view = fileView(bytes);
  return cdaChecks.map((check) => {
    const { outcome, findings } = judge(check, view);
    const said = findings.map(({ weight, message, slots }) => `${weight} ${message} ${JSON.stringify(slots)}`);
    return `${check.id} ${outcome} ${said.join("; ")}`;
  });
}

describe("corpus/metamorphic", () => {
  for (const name of readdirSync(folder).filter((file) => file.toLowerCase().endsWith(".xml"))) {
    const bytes = readFileSync(path.join(folder, name));
    const xml = decodeXml(bytes);
    // The XPath expressions of a style sheet name its prefixes.
    const styled = /<xsl:(?:stylesheet|transform)\b/.test(xml);
    const forms = REWRITINGS.filter(([form]) => !styled || !form.includes("prefix"));
    it(`${name}: ${forms.length} written forms`, () => {
      const expected = verdicts(bytes);
      for (const [form, write] of forms) expect(verdicts(Buffer.from(write(xml))), form).to.deep.equal(expected);
    });
  }
});
