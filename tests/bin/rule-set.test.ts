import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { computeRuleSet, effectiveDigest, loadRuleSet, type RuleSet } from "../../bin/rule-set.js";
import { openSuite } from "../../bin/suite.js";
import { packageRoot } from "../../core/model/index.js";

/** What a change of it must change: one file of each part, and the part. */
const COVERED: readonly (readonly [string, "engine" | "specs"])[] = [
  ["bin/agency-decision.ts", "engine"],
  ["bin/judgement.ts", "engine"],
  ["bin/rule-pack.ts", "engine"],
  ["bin/suite.ts", "engine"],
  ["checks/index.ts", "engine"],
  ["core/evaluate/evaluate.ts", "engine"],
  ["core/model/applicability.ts", "engine"],
  ["core/plan/plan.ts", "engine"],
  ["core/record/reader.ts", "engine"],
  ["core/score/reviews.ts", "engine"],
  ["package-lock.json", "engine"],
  ["protocols/xml.ts", "engine"],
  ["specs/perimeters/mdv-lgc-wave-1.yaml", "specs"],
];
const OUTSIDE = [
  "checks/dmp/soap-action.md",
  "checks/dmp/soap-action.broken.ts",
  "services/host.ts",
  "bin/verification.ts",
];

describe("the rule set's digest", () => {
  let root: string;
  let base: RuleSet;
  before(() => {
    root = mkdtempSync(path.join(tmpdir(), "segur-rule-set-"));
    for (const file of [...COVERED.map(([name]) => name), ...OUTSIDE]) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      cpSync(path.join(packageRoot(), file), path.join(root, file));
    }
    base = computeRuleSet(root);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  /** The rule set while a file has other bytes. */
  function changed(file: string, edit: (text: string) => string): RuleSet {
    const full = path.join(root, file);
    const text = readFileSync(full, "utf8");
    writeFileSync(full, edit(text));
    try {
      return computeRuleSet(root);
    } finally {
      writeFileSync(full, text);
    }
  }

  it("counts the files it covers", () => expect(base.files).to.equal(COVERED.length));

  for (const [file, part] of COVERED) {
    it(`follows ${file}`, () => {
      const now = changed(file, (text) => `${text} `);
      expect(now.digest).not.to.equal(base.digest);
      expect(now[part]).not.to.equal(base[part]);
      const other = part === "engine" ? "specs" : "engine";
      expect(now[other]).to.equal(base[other]);
    });
  }

  it("does not follow prose, broken cases, services or the opening of bundles", () => {
    for (const file of OUTSIDE)
      expect(
        changed(file, (text) => `${text} `),
        file,
      ).to.deep.equal(base);
  });

  it("is the same with the line ends of another system, and follows no link", () => {
    expect(changed("core/plan/plan.ts", (text) => text.replaceAll("\n", "\r\n"))).to.deep.equal(base);
    symlinkSync(path.join(root, "package-lock.json"), path.join(root, "checks", "link.ts"));
    expect(computeRuleSet(root)).to.deep.equal(base);
    rmSync(path.join(root, "checks", "link.ts"));
  });

  it("is another one with a rule pack, by the pack's digest and by the engine", () => {
    const pack = "ab".repeat(32);
    expect(effectiveDigest(base, null)).to.equal(base.digest);
    const digests = [
      base.digest,
      effectiveDigest(base, pack),
      effectiveDigest(base, "cd".repeat(32)),
      effectiveDigest(
        changed("checks/index.ts", (text) => `${text} `),
        pack,
      ),
      effectiveDigest(
        changed("specs/perimeters/mdv-lgc-wave-1.yaml", (text) => `${text} `),
        pack,
      ),
    ];
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it("is taken from the build, and computed where the build has none or an older one", () => {
    const build = path.join(root, "dist", "rule-set.json");
    expect(loadRuleSet(root)).to.deep.equal(base);
    mkdirSync(path.dirname(build));
    writeFileSync(build, JSON.stringify({ format: "segur-rule-set/1", digest: "old", files: 1 }));
    expect(loadRuleSet(root)).to.deep.equal(base);
    writeFileSync(build, JSON.stringify({ ...base, digest: "shipped" }));
    expect(loadRuleSet(root).digest).to.equal("shipped");
  });

  it("is in every suite that is opened", () => {
    const suite = openSuite();
    expect(suite.ruleSet).to.equal(loadRuleSet(packageRoot()).digest);
    expect(suite.rules).to.equal(null);
  });
});
