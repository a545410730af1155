/** The official CDA examples of the corpus: each is read, and no check of ours blocks any of them. The remarks are printed. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { cdaChecks } from "../../checks/cda/index.js";
import { readCda } from "../../protocols/cda.js";
import { expectedEntry } from "../../protocols/cda-xds.js";
import { recogniseFile } from "../../protocols/kind.js";
import { fileView, judge } from "../checks/cda/support.js";

const folder = path.join(process.env.SEGUR_CORPUS ?? "", "cda");
const XSL = '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"/>';

describe("corpus/cda", () => {
  const names = readdirSync(folder).sort();
  const remarks = new Map<string, string[]>();

  it("holds the official examples", () => {
    expect(names).to.have.length(36);
  });

  for (const name of names) {
    it(`blocks nothing in ${name}`, () => {
      const bytes = readFileSync(path.join(folder, name));
      expect(recogniseFile(bytes, name)).to.equal("cda");
      const entry = expectedEntry(readCda(bytes));
      // The official examples bear types of the tables, and every fact the mapping needs.
      expect(entry.classCode, "classCode").to.not.equal(null);
      expect(entry.creationTime, "creationTime").to.match(/^\d{12,14}$/);
      expect(entry.legalAuthenticator, "legalAuthenticator").to.not.equal(null);
      for (const check of cdaChecks) {
        const result = judge(check, fileView(bytes));
        const blocking = result.findings.filter((finding) => finding.weight === "breach");
        expect(blocking, check.id).to.deep.equal([]);
        expect(result.outcome, check.id).to.be.oneOf(["met", "inapplicable"]);
        for (const { message, slots } of result.findings) {
          const key = `${check.id} ${message} ${JSON.stringify(slots)}`;
          remarks.set(key, [...(remarks.get(key) ?? []), name]);
        }
      }
    });
  }

  it("reads an example wrapped in a style sheet as the same document", () => {
    const name = names[0] ?? "";
    const bare = readFileSync(path.join(folder, name), "utf8");
    const inner = bare.slice(bare.search(/<ClinicalDocument\b/));
    const wrapped = Buffer.from(`${XSL}${inner}</xsl:stylesheet>`, "utf8");
    expect(recogniseFile(wrapped, name)).to.equal("cda");
    const [one, two] = [expectedEntry(readCda(Buffer.from(bare))), expectedEntry(readCda(wrapped))];
    expect(two).to.deep.equal({ ...one, mimeType: "application/xslt+xml" });
    for (const check of cdaChecks)
      expect(judge(check, fileView(wrapped)).outcome, check.id).to.be.oneOf(["met", "inapplicable"]);
  });

  after(() => {
    for (const [key, files] of [...remarks].sort()) console.log(`      remark  ${key}  (${files.length}: ${files[0]})`);
  });
});
