import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { allChecks } from "../../../checks/index.js";
import { packageRoot } from "../../../core/model/index.js";
import { keyOfSpecs, loadSpecs, readPrepared, writePrepared } from "../../../core/plan/index.js";

describe("specs prepared at build", () => {
  const root = packageRoot(import.meta.url);
  let copy: string;
  before(() => {
    copy = mkdtempSync(path.join(os.tmpdir(), "segur-prepared-"));
    for (const part of ["specs", "fixtures/identities"]) {
      cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
    }
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  it("are those that are read from the files", () => {
    const file = path.join(copy, "specs.json");
    const specs = loadSpecs(root, { checks: allChecks });
    writeFileSync(file, writePrepared("k", specs));
    expect(readPrepared(file, "k")).to.deep.equal(specs);
  });

  it("do not serve under another key, nor when absent or unreadable", () => {
    const file = path.join(copy, "other.json");
    writeFileSync(file, writePrepared("k", loadSpecs(root, { checks: allChecks })));
    expect(readPrepared(file, "another")).to.equal(null);
    expect(readPrepared(path.join(copy, "nowhere.json"), "k")).to.equal(null);
    for (const text of ["", "null", "{", '{"format":"segur-prepared-specs/2","key":"k","specs":{}}']) {
      writeFileSync(file, text);
      expect(readPrepared(file, "k"), text).to.equal(null);
    }
  });

  it("have a key that changes with each thing they are made from", () => {
    const key = keyOfSpecs(copy, allChecks);
    expect(keyOfSpecs(root, allChecks)).to.equal(key);
    const keys = new Set([key, keyOfSpecs(copy, allChecks.slice(1))]);
    for (const name of [
      "specs/requirements/dmp.yaml",
      "specs/scenarios/dmp-submit.yaml",
      "specs/schemas/scenario.schema.json",
      "fixtures/identities/patients.yaml",
    ]) {
      appendFileSync(path.join(copy, name), "\n");
      keys.add(keyOfSpecs(copy, allChecks));
    }
    writeFileSync(path.join(copy, "specs", "scenarios", "another.yaml"), "");
    keys.add(keyOfSpecs(copy, allChecks));
    expect(keys.size).to.equal(7);
  });
});
