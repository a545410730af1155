import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { judgeFile } from "../../bin/commands/check.js";
import { openSuite } from "../../bin/suite.js";
import { recogniseFile } from "../../protocols/kind.js";
import { readXdm } from "../../protocols/xdm.js";

const corpus = process.env.SEGUR_CORPUS ?? "";

/** Archives and messages of other countries and other profiles: read without harm, never judged by mistake. */
describe("foreign archives and messages", () => {
  for (const name of readdirSync(path.join(corpus, "xdm"))) {
    it(`reads the archive ${name} of another stack`, () => {
      const file = path.join(corpus, "xdm", name);
      const read = readXdm(readFileSync(file));
      expect(read.ok, read.ok ? "" : read.reason).to.equal(true);
      if (!read.ok) return;
      const judged = judgeFile(file, openSuite(), "en");
      expect(judged.reason).to.equal(null);
      // One of the public samples holds the root files only: then the missing metadata are what must be said.
      const told = judged.findings.some((finding) => finding.message === "metadata-absent");
      expect(told).to.equal(read.xdm.subsets.length === 0);
      for (const subset of read.xdm.subsets) expect(subset.metadata?.entry.data?.length ?? 0).to.be.greaterThan(0);
    });
  }

  for (const name of readdirSync(path.join(corpus, "hl7v2"))) {
    it(`recognises ${name} as HL7 v2, and says that no check bears on it yet`, () => {
      const file = path.join(corpus, "hl7v2", name);
      expect(recogniseFile(readFileSync(file), name)).to.equal("hl7v2");
      expect(judgeFile(file, openSuite(), "en")).to.include({ state: "not_judged", reason: "no_check_for_kind" });
    });
  }
});
