import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { packageRoot, type RunResult } from "../../core/model/index.js";

/** What a user installs: the tarball of `npm pack`, in an empty folder, with npm and Node only. */
describe("the package as installed", function () {
  this.timeout(300_000);
  const root = packageRoot(import.meta.url);
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-tarball-"));
    const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const tarball = packed.trim().split("\n").at(-1) ?? "";
    execFileSync("npm", ["init", "-y"], { cwd: folder, stdio: "ignore" });
    execFileSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", path.join(folder, tarball)], {
      cwd: folder,
      stdio: "ignore",
    });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("holds no test, no source and no private key", () => {
    const inside = path.join(folder, "node_modules", "segur");
    const files = readdirSync(inside, { recursive: true, encoding: "utf8" }).filter(
      (file) => !file.includes("node_modules"),
    );
    expect(files.filter((file) => /\.ts$|(^|\/)tests\/|\.broken\.|\.pem$|\.p12$|\.key$/.test(file))).to.deep.equal([]);
    expect(existsSync(path.join(inside, "dist", "rule-set.json"))).to.equal(true);
  });

  it("runs segur demo there with its example dossier: both gates passed, rule set as in the clone", () => {
    const args = ["segur", "demo", "--dossier", "--gate", "wave", "--lang", "en"];
    const run = spawnSync("npx", args, { cwd: folder, encoding: "utf8" });
    // The example's penetration test is good until that day; from then on the example shows what an old one does.
    const good = new Date().toISOString().slice(0, 10) <= "2027-10-15";
    expect(run.status, run.stderr).to.equal(good ? 0 : 1);
    const [name] = readdirSync(path.join(folder, "runs"));
    const result = JSON.parse(readFileSync(path.join(folder, "runs", name ?? "", "result.json"), "utf8")) as RunResult;
    expect(result.gate.checks).to.equal("passed");
    expect(result.perimeters.map(({ decision }) => decision)).to.deep.equal([
      "referencable",
      good ? "referencable" : "not_referencable",
    ]);
    const own = JSON.parse(readFileSync(path.join(root, "dist", "rule-set.json"), "utf8")) as { digest: string };
    expect(result.ruleSet).to.equal(own.digest);
  });

  it("explains and plans without a configuration", () => {
    for (const args of [["plan"], ["explain", "MSS/CONF.16"], ["coverage"]]) {
      const run = spawnSync("npx", ["segur", ...args], { cwd: folder, encoding: "utf8" });
      expect(run.status, `${args.join(" ")}: ${run.stderr}`).to.equal(0);
      expect(run.stdout.length).to.be.greaterThan(100);
    }
  });
});
