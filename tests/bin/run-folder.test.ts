import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { SuiteError } from "../../core/model/index.js";
import { findRun, readRunMeta, RUN_FORMAT, runFolderAt } from "../../bin/run-folder.js";

describe("run.json", () => {
  const folder = runFolderAt(mkdtempSync(path.join(tmpdir(), "segur-run-json-")));
  after(() => rmSync(folder.path, { recursive: true, force: true }));
  const whole = {
    format: RUN_FORMAT,
    id: "x",
    startedAt: "2026-11-21T18:25:00.000Z",
    toolVersion: "0.1.0",
    ruleSet: "0f".repeat(32),
    configHash: "0f".repeat(32),
    configFile: "segur.yaml",
    config: {
      candidate: { vendor: "V", product: "P", version: "1" },
      perimeters: [],
      subProfiles: [],
      conditions: {},
      proofs: {},
    },
    driverCan: null,
    driver: "manual",
    only: null,
    maskNames: [],
  };
  const read = (run: Record<string, unknown>) => {
    writeFileSync(folder.file("run.json"), JSON.stringify({ ...whole, ...run }));
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

  it("is refused, with the place, when somebody edited it into something else", () => {
    const { config } = whole;
    const proof = (more: object) => ({ config: { ...config, proofs: { "A.01": { files: ["/a"], ...more } } } });
    const claim = (more: object) => ({ config: { ...config, notApplicable: { A: more } } });
    const cases: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ config: null }, "/config"],
      [{ config: { ...config, proofs: [] } }, "/config/proofs"],
      [{ config: { ...config, proofs: null } }, "/config/proofs"],
      [proof({ files: "a" }), "/config/proofs/A.01/files"],
      [proof({ files: [1] }), "/config/proofs/A.01/files/0"],
      [proof({ review: { state: "accepted", by: "R", on: "2026-11-01", sha256: "x" } }), "/review/sha256"],
      [proof({ on: 5 }), "/config/proofs/A.01/on"],
      [proof({ facts: { kind: "pentest" } }), "/config/proofs/A.01/facts"],
      [claim({ justification: 5 }), "/config/notApplicable/A/justification"],
      [{ startedAt: 7 }, "/startedAt"],
      [{ only: 5 }, "/only"],
      [{ configFile: 7 }, "/configFile"],
      [{ more: 1 }, "additional properties"],
    ];
    for (const [run, place] of cases) {
      const error = (() => {
        try {
          read(run);
        } catch (caught) {
          return caught as SuiteError;
        }
        throw new Error(`${place} is let pass`);
      })();
      expect([error.code, error.message], place).to.deep.equal([
        "ERR_RUN_FOLDER",
        "run.json is not as this tool writes it",
      ]);
      expect(error.where).to.contain(place);
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
