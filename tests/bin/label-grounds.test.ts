/** What `segur label issue` rests on: attempts played again, traces of the challenge, and the lines an agency reads first. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { groundOf } from "../../bin/commands/label-issue.js";
import { labelGroundsText } from "../../bin/label-grounds-text.js";
import { setAsideReason } from "../../bin/set-aside.js";
import type { Verification } from "../../bin/verification.js";
import { generateKeyPem } from "../../core/seal/keys.js";
import { NO_REVIEWS } from "../../core/seal/review.js";
import { CANDIDATE, copyOfRun, keyPair, seal, theSuite, verified } from "../support/bundle.js";
import type { CliResult } from "../support/cli.js";
import { segurInProcess } from "../support/in-process.js";

describe("label: what it rests on", function () {
  const vendor = keyPair();
  const agency = generateKeyPem("ecdsa-p256");
  let folder: string;
  let good: Uint8Array;
  let twice: Uint8Array;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-grounds-"));
    writeFileSync(path.join(folder, "vendor.pub"), vendor.pem);
    writeFileSync(path.join(folder, "agency.pub"), agency.publicPem);
    writeFileSync(path.join(folder, "agency.key"), agency.privatePem, { mode: 0o600 });
    writeFileSync(
      path.join(folder, "keys.yaml"),
      `format: segur-trust/1
candidates: [{ vendor: "${CANDIDATE.vendor}", keyFile: vendor.pub }]
agencies: [{ name: Agence fictive, keyFile: agency.pub, roles: [label] }]
`,
    );
    good = await seal({ key: vendor });
    twice = await playedAgain();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The good run with a second attempt of one scenario, which ended at once. */
  async function playedAgain(): Promise<Uint8Array> {
    const run = await copyOfRun();
    const file = path.join(run.recording, "events.jsonl");
    const text = readFileSync(file, "utf8");
    const lines = text.trimEnd().split("\n");
    const opening = lines.find((line) => line.includes('"scenario.open"') && line.includes("mss-two-mails#1"));
    const { facts } = (JSON.parse(opening ?? "{}") as { data: { facts: object } }).data;
    const { id, at } = JSON.parse(lines.at(-1) ?? "{}") as { id: string; at: string };
    const event = { id: `e${Number(id.slice(1)) + 1000}`, at, kind: "scenario.open", exchange: null };
    const data = { facts: { ...facts, attempt: 2 } };
    writeFileSync(file, `${text}${JSON.stringify({ ...event, scenario: "mss-two-mails#2", data })}\n`);
    return seal({ key: vendor, folder: run });
  }

  function issue(bundle: Uint8Array, ...more: readonly string[]): Promise<CliResult> {
    const file = path.join(folder, "b.segur.zip");
    writeFileSync(file, bundle);
    const [key, trust] = [path.join(folder, "agency.key"), path.join(folder, "keys.yaml")];
    const asked = ["--perimeter", "mdv-lgc-wave-1", "--key", key, "--trust", trust, "--until", "2099-12-31"];
    return segurInProcess(["label", "issue", file, ...asked, ...more]);
  }

  const obstacles = async (bundle: Uint8Array, ...more: readonly string[]) => {
    const { code, stdout } = await issue(bundle, "--json", ...more);
    expect(code).to.equal(1);
    return (JSON.parse(stdout) as { obstacles: { reason: string; detail: string[] }[] }).obstacles;
  };

  it("a scenario played again stands in the way by its name, until a person says to have looked", async () => {
    const found = await obstacles(twice);
    expect(found.find((one) => one.reason === "repeated")?.detail).to.deep.equal(["mss-two-mails"]);
    const lifted = await obstacles(twice, "--repeated-examined");
    expect(lifted).to.deep.equal(found.filter((one) => one.reason !== "repeated"));
    expect((await obstacles(good)).map((one) => one.reason)).to.not.include("repeated");
    expect((await issue(twice)).stdout).to.match(/--repeated-examined le dit : mss-two-mails \[repeated\]/);
    expect((await issue(twice, "--lang", "en")).stdout).to.match(/--repeated-examined says so: mss-two-mails/);
  });

  it("tells on stderr what it rests on, before it refuses, in both languages", async () => {
    const { setAside } = (await verified(good)).recomputed ?? { setAside: [] };
    const rows = setAside.reduce((sum, one) => sum + one.rows, 0);
    const inWords = (lang: "fr" | "en", colon: string): string =>
      setAside.map((one) => `${setAsideReason(one.reason, lang)}${colon}${one.rows}`).join(", ");
    expect(rows).to.be.greaterThan(0);
    expect(inWords("fr", " : ")).to.match(/^profil non déclaré : \d+$/);
    const english = (await issue(twice, "--lang", "en")).stderr;
    expect(english)
      .to.contain(`bundle: ${rows} (${inWords("en", ": ")})\n`)
      .and.to.contain("mss-two-mails (2 attempts, the last alone is judged)\n")
      .and.to.contain("none: no agency says that it hosted the session\n")
      .and.to.match(/^ {2}challenge +none$/m)
      .and.to.contain("none: the rules of the suite alone\n");
    const french = (await issue(twice)).stderr;
    expect(french)
      .to.contain(`paquet : ${rows} (${inWords("fr", " : ")})\n`)
      .and.to.contain("mss-two-mails (2 tentatives, seule la dernière est jugée)\n")
      .and.to.contain("aucun : aucune agence ne dit avoir hébergé la session\n")
      .and.to.match(/^ {2}défi +aucun$/m)
      .and.to.contain("aucune : les règles de la suite seules\n");
    expect((await issue(good, "--lang", "en")).stderr).to.match(/^ {2}repeated scenarios +none$/m);
  });

  it("names agencies and rule pack, shows foreign text without obeying it, and calls nothing absent that it did not see", async () => {
    const verification = await verified(twice);
    const rules = { name: "essai\u001b[2J", version: "3", digest: "d".repeat(64) };
    const challenge = { id: "c1", issuer: "Agence A", expected: 1, traced: 1, untraced: [] };
    const told = { ...verification, challenge, countersignature: { issuer: "Agence B" } };
    const text = labelGroundsText(told, rules, "en");
    expect(text)
      .to.match(/^ {2}challenge +Agence A, c1$/m)
      .and.to.match(/^ {2}countersignature +Agence B$/m)
      .and.to.contain(`essai[ESC][2J 3 (${"d".repeat(64)})`)
      .and.not.to.contain("\u001b");
    const unsigned = { ...told, challenge: { ...challenge, issuer: null }, countersignature: { issuer: null } };
    expect(labelGroundsText(unsigned, null, "en").match(/not of a trusted agency/g)).to.have.length(2);
    const { stderr } = await issue(good.subarray(0, 1000), "--lang", "en");
    expect(stderr)
      .to.match(/^What a label would rest on is not known/)
      .and.not.to.contain("none");
  });

  it("the traces are found only when something was due, nothing is missing and all of it counts", async () => {
    const verification = await verified(good);
    const found = (challenge: Verification["challenge"]): boolean | null =>
      groundOf(
        { verification: { ...verification, challenge }, bundle: null, meta: null, result: null },
        theSuite(),
        NO_REVIEWS,
      ).verify.tracesFound;
    const challenge = { id: "c1", issuer: null, expected: 2, traced: 2, untraced: [] };
    expect(found(challenge)).to.equal(true);
    expect(found({ ...challenge, expected: 0, traced: 0 }), "nothing was due").to.equal(false);
    expect(found({ ...challenge, traced: 1 }), "one of two").to.equal(false);
    expect(found({ ...challenge, untraced: ["x0001"] }), "an exchange without").to.equal(false);
    expect(found(null)).to.equal(null);
  });
});
