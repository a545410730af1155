/**
 * From an agency's rules and challenge to a label that openssl verifies, by the command line alone: a homologation session of
 * the reference vendor on a small perimeter, sealed, reviewed, labelled, checked, revoked. And no label one step too early.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { packageRoot } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { freePort } from "../../drivers/vendor-process.js";
import { type CliResult, segur } from "../support/cli.js";

const VENDOR = "Projet de démonstration";
const AGENCY = "Agence de démonstration";

/** One row proved by what was witnessed, one that also demands a proof. */
const PERIMETER = `id: trial
couloir: MDV/LGC
wave: "2"
title: { fr: Essai, en: Trial }
frozen: "2026-11-21"
basis: trial
basisNote: { fr: Deux exigences, en: Two rows }
knownGap: { fr: Tout le reste, en: All the rest }
subProfiles: []
groups:
  - id: trial
    title: { fr: Essai, en: Trial }
    rows: [MSS/CONF.27, MSS/CONF.16]
`;

describe("label journey", function () {
  let cwd: string;
  const root = packageRoot(import.meta.url);
  const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
  const run = (...args: readonly string[]): Promise<CliResult> => segur([...args, "--lang", "en"], { cwd });

  async function done(...args: readonly string[]): Promise<CliResult> {
    const result = await run(...args);
    expect(result.code, `${args.join(" ")}\n${result.stderr}${result.stdout}`).to.equal(0);
    return result;
  }

  const issue = (...more: readonly string[]): Promise<CliResult> =>
    run(
      "label",
      "issue",
      "b.segur.zip",
      "--perimeter",
      "trial",
      "--key",
      "agency.key",
      "--trust",
      "keys.yaml",
      "--specs",
      "pack",
      "--until",
      "2099-12-31",
      ...more,
    );

  /** What --json printed, once it has the shape its schema promises. */
  function outcome(result: CliResult): unknown {
    const value: unknown = JSON.parse(result.stdout);
    const validate = openSchemas(join(root, "specs", "schemas")).validator("label", "issue");
    expect(validate(value), JSON.stringify(validate.errors)).to.equal(true);
    return value;
  }

  const obstacles = async (...more: readonly string[]): Promise<string[]> => {
    const result = await issue("--json", ...more);
    expect(result.code).to.be.greaterThan(0);
    const found = outcome(result) as { file: null; obstacles: { reason: string }[] };
    expect(found.file).to.equal(null);
    return found.obstacles.map((one) => one.reason);
  };

  before(() => {
    cwd = mkdtempSync(join(tmpdir(), "segur-journey-"));
  });

  after(() => rmSync(cwd, { recursive: true, force: true }));

  it("agency and vendor get ready, and the vendor plays a homologation session", async () => {
    await done("keys", "--out", ".", "--for", "agency");
    await done("keys", "--out", ".", "--for", "vendor");
    mkdirSync(join(cwd, "pack", "perimeters"), { recursive: true });
    write("pack/perimeters/trial.yaml", PERIMETER);
    write("pack/rules.yaml", 'format: segur-rules/1\nname: trial\nversion: "1"\nbasisNote: { fr: Essai, en: Trial }\n');
    write(
      "keys.yaml",
      `format: segur-trust/1
candidates:
  - { vendor: "${VENDOR}", keyFile: vendor.pub }
agencies:
  - { name: "${AGENCY}", keyFile: agency.pub, roles: [challenge, review, label, rules, countersign] }
`,
    );
    await done("rules", "sign", "pack", "--key", "agency.key");
    const candidate = ["--vendor", VENDOR, "--product", "Logiciel de référence", "--candidate-version", "1.0"];
    await done("challenge", "issue", "--key", "agency.key", "--issuer", AGENCY, ...candidate, "-o", "challenge.json");
    write("proof.txt", "a fictitious proof\n");
    const port = String(await freePort());
    const template = readFileSync(join(root, "fixtures", "vendors", "reference", "segur.yaml"), "utf8");
    const config = template
      .replaceAll("{port}", port)
      .replaceAll("{root}", root.replaceAll("\\", "/"))
      .replaceAll("{node}", process.execPath)
      .replace(/^perimeters:.*$/m, "perimeters: [trial]");
    write("segur.yaml", `${config}proofs:\n  MSS/CONF.16.01.01: { files: [proof.txt] }\n`);
    const session = [
      "--mode",
      "homologation",
      "--challenge",
      "challenge.json",
      "--specs",
      "pack",
      "--trust",
      "keys.yaml",
    ];
    await done("run", ...session);
    const [name] = readdirSync(join(cwd, "runs"));
    await done("seal", join("runs", name ?? ""), "--key", "vendor.key", "--specs", "pack", "-o", "b.segur.zip");
  });

  it("the bundle verifies equal under the agency's rules, and is refused when nobody trusted signed them", async () => {
    await done("verify", "b.segur.zip", "--specs", "pack", "--trust", "keys.yaml");
    write("strangers.yaml", readFileSync(join(cwd, "keys.yaml"), "utf8").replace("rules, ", ""));
    const refused = await run("verify", "b.segur.zip", "--specs", "pack", "--trust", "strangers.yaml", "--json");
    expect(refused.code).to.equal(1);
    expect((JSON.parse(refused.stdout) as { refusal: { reason: string } }).refusal.reason).to.equal("rules_agency");
  });

  it("no label before the review, by a vendor's key, for another perimeter, of other rules or of a damaged bundle", async () => {
    expect(await obstacles()).to.deep.equal(["to_review", "not_referencable"]);
    expect(await obstacles("--key", "vendor.key")).to.include("key_algorithm");
    expect(await obstacles("--perimeter", "mdv-lgc-wave-1")).to.deep.equal(["perimeter_unknown"]);
    const plain = [
      "label",
      "issue",
      "b.segur.zip",
      "--perimeter",
      "trial",
      "--key",
      "agency.key",
      "--trust",
      "keys.yaml",
    ];
    const other = await run(...plain, "--until", "2099-12-31");
    expect(other.code).to.equal(2);
    expect(other.stdout).to.contain("verify_not_equal").and.to.contain("cannot_recompute");
    const bundle = readFileSync(join(cwd, "b.segur.zip"));
    write("bad.segur.zip", "");
    writeFileSync(join(cwd, "bad.segur.zip"), bundle.subarray(0, bundle.length - 30));
    const bad = await run(
      ...plain.map((word) => (word === "b.segur.zip" ? "bad.segur.zip" : word)),
      "--until",
      "2099-12-31",
    );
    expect(bad.code).to.equal(1);
    expect(bad.stdout).to.contain("verify_not_equal").and.to.contain("archive_");
    expect(readdirSync(cwd).filter((name) => name.endsWith(".label.json"))).to.deep.equal([]);
  });

  it("a complement asked for forbids it, an accepted proof allows it", async () => {
    const review = ["review", "b.segur.zip", "--trust", "keys.yaml", "--specs", "pack", "--key", "agency.key"];
    await done(...review, "--complement", "MSS/CONF.16", "--reviewer", "Ana Exemple", "--reason", "page 2 is missing");
    expect(await obstacles()).to.include("complement_asked");
    await done(...review, "--accept", "MSS/CONF.16", "--reviewer", "Ana Exemple", "--reason", "seen");
    const issued = await issue("--json");
    expect(issued.code, issued.stderr + issued.stdout).to.equal(0);
    // What it rests on is told before it is signed.
    expect(issued.stderr)
      .to.match(/^ {2}repeated scenarios +none$/m)
      .and.to.match(/^ {2}countersignature +none: no agency/m)
      .and.to.match(new RegExp(`^ {2}challenge +${AGENCY}, `, "m"))
      .and.to.match(/^ {2}rule pack +trial 1 \([0-9a-f]{64}\)$/m);
    const { file, label } = outcome(issued) as { file: string; label: Record<string, unknown> };
    expect(file).to.equal("b.label.json");
    expect(label.candidate).to.deep.equal({ vendor: VENDOR, product: "Logiciel de référence", version: "1.0" });
    expect(label.reviews).to.match(/^[0-9a-f]{64}$/);
    expect((await issue()).code, "never replaced unasked").to.equal(2);
  });

  it("is checked by the command, verified by openssl, and revoked", async () => {
    const recipe = /```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, "docs", "label.md"), "utf8"))?.[1] ?? "exit 99";
    write("candidate.label.json", readFileSync(join(cwd, "b.label.json"), "utf8"));
    expect(execFileSync("bash", ["-c", recipe], { cwd, encoding: "utf8" })).to.contain("Verified OK");
    const refresh = ["label", "revoke", "--refresh", "--key", "agency.key", "--trust", "keys.yaml", "--list"];
    expect((await run(...refresh, "list.json")).code, "no list is made unasked").to.equal(2);
    await done(...refresh, "list.json", "--first");
    const check = ["label", "check", "b.label.json", "--trust", "keys.yaml", "--revocations", "list.json"];
    expect((await done(...check)).stdout).to.match(/^Genuine label, valid as of/);
    await done(
      "label",
      "revoke",
      "b.label.json",
      "--list",
      "list.json",
      "--key",
      "agency.key",
      "--reason",
      "withdrawn",
    );
    // A mistyped name never becomes a list in which the revocation is forgotten.
    expect((await run(...refresh, "lsit.json")).code).to.equal(2);
    expect(readdirSync(cwd)).to.not.include("lsit.json");
    const revoked = await run(...check);
    expect(revoked.code).to.equal(1);
    expect(revoked.stdout)
      .to.match(/^Genuine label, but revoked on/)
      .and.to.contain("withdrawn");
  });
});
