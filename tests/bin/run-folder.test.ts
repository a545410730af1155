import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { findRun, readRunMeta, RUN_FORMAT, runFolderAt } from "../../bin/run-folder.js";

describe("run.json", () => {
  const folder = runFolderAt(mkdtempSync(path.join(tmpdir(), "segur-run-json-")));
  after(() => rmSync(folder.path, { recursive: true, force: true }));
  const read = (run: Record<string, unknown>) => {
    writeFileSync(folder.file("run.json"), JSON.stringify({ format: RUN_FORMAT, ...run }));
    return readRunMeta(folder);
  };

  it("of a run older than modes and challenges is one of a sandbox", () => {
    expect(read({ id: "x" })).to.include({ id: "x", mode: "sandbox", challenge: null, rules: null });
  });

  it("keeps mode and challenge", () => {
    const challenge = { id: "c", seed: "0f".repeat(32) };
    expect(read({ mode: "homologation", challenge })).to.deep.include({ mode: "homologation", challenge });
    expect(read({ mode: "rehearsal", challenge: null })).to.include({ mode: "rehearsal", challenge: null });
  });

  it("is refused with a mode or a challenge that is none", () => {
    const seed = "0f".repeat(32);
    for (const wrong of [
      { mode: "play" },
      { mode: 1 },
      { challenge: "c" },
      { challenge: { id: "c" } },
      { challenge: { id: "c", seed: seed.slice(2) } },
      { challenge: { id: "c", seed: seed.toUpperCase() } },
      { challenge: { id: 1, seed } },
    ]) {
      expect(() => read(wrong), JSON.stringify(wrong)).to.throw("run.json names a mode or a challenge that is none");
    }
  });
});

describe("`last`", () => {
  it("is the newest run, not the bundle sealed beside it, its reviews, or a run that never began", () => {
    const runs = mkdtempSync(path.join(tmpdir(), "segur-runs-"));
    after(() => rmSync(runs, { recursive: true, force: true }));
    const name = "20261122T002652Z-4783e4";
    for (const folder of ["20261121T002652Z-aaaaaa", name, "20261122T010000Z-bbbbbb"])
      mkdirSync(path.join(runs, folder));
    for (const folder of ["20261121T002652Z-aaaaaa", name]) writeFileSync(path.join(runs, folder, "run.json"), "{}");
    writeFileSync(path.join(runs, `${name}.segur.zip`), "");
    writeFileSync(path.join(runs, `${name}.segur.zip.reviews.jsonl`), "");
    expect(findRun("last", runs).name).to.equal(name);
  });
});
