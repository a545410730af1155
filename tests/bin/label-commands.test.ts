/** `segur keys` and `segur label show|check|revoke|page` as a user calls them: answers, exit codes, languages, files. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { exitOf, instantAsked } from "../../bin/commands/label.js";
import { loadTrust } from "../../bin/trust.js";
import { packageRoot, SuiteError } from "../../core/model/index.js";
import { openSchemas, type SchemaName } from "../../core/plan/index.js";
import { readSigningKey, type SigningKey } from "../../core/seal/keys.js";
import type { Label } from "../../core/seal/label.js";
import { checkLabel, type LabelState } from "../../core/seal/label-check.js";
import { AGENCY, LABEL, labelCases, LIST, sealed, stateOf } from "../core/seal/label-cases.js";
import { segur, type CliResult } from "../support/cli.js";

const schemas = openSchemas(join(packageRoot(import.meta.url), "specs", "schemas"));

/** The JSON printed, once it has the shape its schema promises. */
function json(result: CliResult, schema: SchemaName, definition: string): Record<string, unknown> {
  const value = JSON.parse(result.stdout) as Record<string, unknown>;
  const validate = schemas.validator(schema, definition);
  expect(validate(value), JSON.stringify(validate.errors)).to.equal(true);
  return value;
}

const soon = (hours: number): string =>
  new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d{3}Z$/, "Z");

describe("label commands", function () {
  let cwd: string;
  let key: SigningKey;
  let other: SigningKey;
  /** In force now, whenever this runs. */
  const label: Label = { ...LABEL, issuedAt: soon(-48), validUntil: soon(48) };
  const run = (...args: readonly string[]): Promise<CliResult> => segur(args, { cwd });
  const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text);

  before(async () => {
    cwd = mkdtempSync(join(tmpdir(), "segur-label-"));
    await run("keys", "--out", ".", "--for", "agency");
    await run("keys", "--out", ".", "--for", "agency", "--name", "next");
    key = readSigningKey(readFileSync(join(cwd, "agency.key"), "utf8"), "test");
    other = readSigningKey(readFileSync(join(cwd, "next.key"), "utf8"), "test");
    write(
      "keys.yaml",
      `format: segur-trust/1
agencies:
  - { name: "${AGENCY}", keyFile: agency.pub, roles: [label] }
  - { name: "${AGENCY}", keyFile: next.pub, roles: [label], from: 2026-01-01 }
`,
    );
    write("x.label.json", sealed("label", label, key));
  });

  after(() => rmSync(cwd, { recursive: true, force: true }));

  describe("keys", () => {
    it("writes a private key for its owner only, and a block that keys.yaml takes as it stands", async () => {
      for (const [who, algorithm] of [
        ["vendor", "ed25519"],
        ["agency", "ecdsa-p256"],
      ] as const) {
        const made = await run("keys", "--out", `made/${who}`, "--for", who);
        expect(made.code).to.equal(0);
        const files = join(cwd, "made", who, who);
        expect(statSync(`${files}.key`).mode & 0o777).to.equal(0o600);
        const { keyid } = readSigningKey(readFileSync(`${files}.key`, "utf8"), "test");
        expect(made.stdout).to.contain(keyid).and.to.contain(algorithm);
        write("pasted.yaml", made.stdout.slice(made.stdout.indexOf("format:")));
        const trust = loadTrust(join(cwd, "pasted.yaml"), schemas);
        const found = who === "vendor" ? trust.candidates[0]?.key : trust.agencies[0]?.key;
        expect(found?.keyid).to.equal(keyid);
      }
    });

    it("never replaces a key, and takes no name that leaves the folder", async () => {
      const before = readFileSync(join(cwd, "agency.key"), "utf8");
      const again = await run("keys", "--out", ".", "--for", "agency");
      expect(again.code).to.equal(2);
      expect(again.stderr).to.contain("ERR_USAGE").and.to.contain("agency.key");
      expect(readFileSync(join(cwd, "agency.key"), "utf8")).to.equal(before);
      const away = await run("keys", "--out", ".", "--name", "../away");
      expect(away.code).to.equal(2);
      expect(existsSync(join(cwd, "..", "away.key"))).to.equal(false);
    });

    it("prints JSON", async () => {
      const made = await run("keys", "--out", "json", "--algorithm", "ecdsa-p256", "--name", "k", "--json");
      expect(json(made, "label", "keys").algorithm).to.equal("ecdsa-p256");
    });
  });

  it("every answer has its exit code", () => {
    const codes: Readonly<Record<LabelState, number>> = {
      valid: 0,
      revoked: 1,
      expired: 1,
      not_yet_valid: 1,
      forged: 1,
      cannot_tell: 2,
    };
    const seen = new Set<string>();
    for (const one of labelCases()) {
      const answer = checkLabel({
        label: Buffer.from(one.label),
        list: one.list === null ? null : Buffer.from(one.list),
        keys: one.keys,
        at: `${one.at}T23:59:59Z`,
      });
      seen.add(answer.state);
      expect(exitOf(answer)).to.equal(codes[stateOf(one.expected)], one.name);
      const printed = { code: 0, stderr: "", stdout: JSON.stringify({ format: "segur-label-check/1", ...answer }) };
      json(printed, "label", "check");
    }
    expect(seen.size).to.equal(6);
  });

  it("show says what the label says, and that it verifies nothing", async () => {
    write("stranger.label.json", sealed("label", label, other).replace(/"sig":"..../, '"sig":"AAAA'));
    for (const [lang, said] of [
      ["fr", "RIEN N'EST VÉRIFIÉ"],
      ["en", "NOTHING IS VERIFIED"],
    ] as const) {
      const shown = await run("label", "show", "stranger.label.json", "--lang", lang);
      expect(shown.code).to.equal(0);
      expect(shown.stdout).to.contain(said).and.to.contain(label.candidate.product);
    }
    const shown = await run("label", "show", "stranger.label.json", "--json");
    expect(json(shown, "label", "show").label).to.deep.equal(label);
    const none = await run("label", "show", "keys.yaml");
    expect(none.code).to.equal(2);
    expect(none.stderr).to.contain("ERR_FILE");
  });

  it("check answers by the files, in both languages, and as JSON", async () => {
    write("list.json", sealed("revocations", { ...LIST, thisUpdate: soon(-1), nextUpdate: soon(24) }, other));
    const args = ["label", "check", "x.label.json", "--trust", "keys.yaml"];
    const good = await run(...args, "--revocations", "list.json");
    expect(good.code).to.equal(0);
    expect(good.stdout)
      .to.match(/^Label authentique, valide au 20/)
      .and.to.contain("Liste de révocation n° 7");
    const alone = await run(...args, "--lang", "en");
    expect(alone.code).to.equal(2);
    expect(alone.stdout)
      .to.match(/^Cannot tell/)
      .and.to.contain("revocation list is missing");
    const late = await run(...args, "--revocations", "list.json", "--at", "2099-01-01", "--json");
    expect(late.code).to.equal(1);
    expect(json(late, "label", "check").state).to.equal("expired");
    write("broken.label.json", "…");
    const broken = await run("label", "check", "broken.label.json", "--trust", "keys.yaml");
    expect(broken.code).to.equal(1);
    expect(broken.stdout).to.match(/^Label contrefait ou altéré/);
    for (const wrong of [
      ["label", "check", "nowhere", "--trust", "keys.yaml"],
      ["label", "check", ".", "--trust", "keys.yaml"],
      [...args, "--at", "2026-02-30"],
      ["label", "check", "x.label.json"],
      ["label", "check", "x.label.json", "--trust", "x.label.json"],
    ]) {
      const refused = await run(...wrong);
      expect(refused.code, wrong.join(" ")).to.equal(2);
      expect(refused.stdout).to.equal("");
      expect(refused.stderr).to.not.contain("    at ");
    }
  });

  it("a day that is over means its end, today means now", () => {
    const clock = Date.parse("2026-11-21T20:56:18.400Z");
    expect(instantAsked("now", clock)).to.equal("2026-11-21T20:56:18Z");
    expect(instantAsked("2026-11-21", clock)).to.equal("2026-11-21T20:56:18Z");
    expect(instantAsked("2026-11-20", clock)).to.equal("2026-11-20T23:59:59Z");
    expect(instantAsked("2026-11-20T08:00:00Z", clock)).to.equal("2026-11-20T08:00:00Z");
    for (const wrong of ["tomorrow", "2026-11-31", "2026-11-20T08:00:00", ""]) {
      expect(() => instantAsked(wrong, clock)).to.throw(SuiteError);
    }
  });

  it("revoke begins a list, goes on with it, refuses one that is not its own, and forgets nothing", async () => {
    const file = join(cwd, "revoked.json");
    const base = ["label", "revoke", "--list", "revoked.json", "--key", "agency.key"];
    const begun = await run(...base, "x.label.json", "--reason", "Version retirée", "--first", "--json");
    expect(begun.code, begun.stderr).to.equal(0);
    expect(json(begun, "revocations", "revoke").labelRead).to.equal(true);
    const checked = await run(
      "label",
      "check",
      "x.label.json",
      "--trust",
      "keys.yaml",
      "--revocations",
      "revoked.json",
    );
    expect(checked.code).to.equal(1);
    expect(checked.stdout).to.contain("révoqué le").and.to.contain("Version retirée");

    const second = "ab".repeat(16);
    // The next key, in the trust file under the same agency.
    const rotated = ["label", "revoke", "--list", "revoked.json", "--key", "next.key"];
    const alone = await run(...rotated, second, "--reason", "r");
    expect(alone.code).to.equal(2);
    expect(alone.stderr).to.contain("ERR_SEAL");
    const named = await run(...rotated, second, "--reason", "r", "--trust", "keys.yaml", "--json");
    const { list, labelRead } = json(named, "revocations", "revoke") as unknown as {
      list: typeof LIST;
      labelRead: boolean;
    };
    expect(labelRead, "an id alone is held against no label").to.equal(false);
    expect(list.number).to.equal(2);
    expect(list.entries.map((one) => one.id)).to.deep.equal([label.id, second]);

    const refreshed = await run(...rotated, "--refresh", "--next", "1", "--lang", "en");
    expect(refreshed.code).to.equal(0);
    expect(refreshed.stdout).to.contain("no. 3").and.to.contain("without a new revocation");

    const before = readFileSync(file, "utf8");
    for (const [wrong, code] of [
      [[...rotated, second, "--reason", "again"], "ERR_USAGE"],
      [[...rotated, second], "ERR_USAGE"],
      [[...rotated], "ERR_USAGE"],
      [[...rotated, second, "--refresh"], "ERR_USAGE"],
      [[...rotated, "--refresh", "--next", "0"], "ERR_USAGE"],
      [[...rotated, "keys.yaml", "--reason", "r"], "ERR_FILE"],
      [[...base, "--refresh"], "ERR_SEAL"],
      [["label", "revoke", "--list", "new.json", "--key", "agency.key", "--refresh", "--first"], "ERR_USAGE"],
    ] as const) {
      const refused = await run(...wrong);
      expect(refused.code, wrong.join(" ")).to.equal(2);
      expect(refused.stderr, wrong.join(" ")).to.contain(code);
    }
    expect(readFileSync(file, "utf8")).to.equal(before);
    expect(existsSync(join(cwd, "new.json"))).to.equal(false);
  });

  it("a list is created by --first only: a mistyped name never becomes a fresh list that forgets", async () => {
    const base = ["label", "revoke", "--key", "agency.key", "--trust", "keys.yaml"];
    const begun = await run(...base, "x.label.json", "--reason", "r", "--list", "kept.json", "--first");
    expect(begun.code, begun.stderr).to.equal(0);
    const kept = readFileSync(join(cwd, "kept.json"), "utf8");
    symlinkSync("lost.json", join(cwd, "link.json"));
    for (const [lang, missing, remedy, there] of [
      ["fr", "la liste à prolonger n'est pas là", "ajoutez --first", "ce fichier existe déjà"],
      ["en", "the list to extend is not there", "add --first", "this file is already there"],
    ] as const) {
      for (const what of [["--refresh"], ["x.label.json", "--reason", "r"]]) {
        const typo = await run(...base, ...what, "--list", "kebt.json", "--lang", lang);
        expect(typo.code, what.join(" ")).to.equal(2);
        expect(typo.stdout).to.equal("");
        expect(typo.stderr).to.contain("ERR_FILE").and.to.contain(missing).and.to.contain(remedy);
        expect(typo.stderr).to.contain("kebt.json");
        const twice = await run(...base, ...what, "--list", "kept.json", "--first", "--lang", lang);
        expect(twice.code, what.join(" ")).to.equal(2);
        expect(twice.stderr).to.contain("ERR_FILE").and.to.contain(there);
        const lost = await run(...base, ...what, "--list", "link.json", "--first", "--lang", lang);
        expect(lost.code, "a link that leads nowhere is a list that was lost").to.equal(2);
        expect(lost.stderr).to.contain(there);
      }
    }
    expect(readFileSync(join(cwd, "kept.json"), "utf8")).to.equal(kept);
    for (const name of ["kebt.json", "kebt.json.lock", "lost.json"])
      expect(existsSync(join(cwd, name)), name).to.equal(false);
    const fresh = await run(...base, "--refresh", "--list", "fresh.json", "--first", "--json");
    const { list, labelRead } = json(fresh, "revocations", "revoke") as unknown as {
      list: typeof LIST;
      labelRead: null;
    };
    expect([list.number, list.entries, labelRead]).to.deep.equal([1, [], null]);
  });

  it("an id that no label was held against is revoked with a warning, a label without one", async () => {
    const base = ["label", "revoke", "--key", "agency.key", "--trust", "keys.yaml", "--list", "ids.json"];
    const read = await run(...base, "x.label.json", "--reason", "r", "--first");
    expect(read.stdout).to.contain(label.id).and.not.to.contain("ATTENTION");
    for (const [lang, warning, id] of [
      ["fr", "cet identifiant n'a été comparé à aucun label", "d".repeat(32)],
      ["en", "this id was not checked against a label", "e".repeat(32)],
    ] as const) {
      const unread = await run(...base, id, "--reason", "r", "--lang", lang);
      expect(unread.code, unread.stderr).to.equal(0);
      expect(unread.stdout).to.contain(id).and.to.contain(warning);
      expect(read.stdout).to.not.contain(warning);
    }
  });

  it("revocations made at once lose none: each is in the list, or told that it is not", async () => {
    const first = ["--refresh", "--first", "--list", "many.json", "--key", "agency.key", "--trust", "keys.yaml"];
    expect((await run("label", "revoke", ...first)).code).to.equal(0);
    const ids = Array.from({ length: 6 }, (_, index) => String(index).repeat(32));
    const results = await Promise.all(
      ids.map((id) =>
        run(
          "label",
          "revoke",
          id,
          "--list",
          "many.json",
          "--key",
          "agency.key",
          "--trust",
          "keys.yaml",
          "--reason",
          "r",
        ),
      ),
    );
    const envelope = JSON.parse(readFileSync(join(cwd, "many.json"), "utf8")) as { payload: string };
    const list = JSON.parse(Buffer.from(envelope.payload, "base64").toString()) as typeof LIST;
    const done = ids.filter((_, index) => results[index]?.code === 0);
    expect(done.length).to.be.greaterThan(0);
    expect(list.entries.map((one) => one.id).sort()).to.deep.equal(done);
    expect(list.number).to.equal(done.length + 1);
    for (const result of results.filter(({ code }) => code !== 0)) expect(result.stderr).to.contain("ERR_FILE");
    expect(existsSync(join(cwd, "many.json.lock"))).to.equal(false);
  });

  it("page writes the page with the agency's keys, or the keys alone", async () => {
    const page = await run("label", "page", "--trust", "keys.yaml", "-o", "check.html");
    expect(page.code, page.stderr).to.equal(0);
    const html = readFileSync(join(cwd, "check.html"), "utf8");
    expect(html).to.contain(AGENCY).and.to.contain("<!doctype html>");
    const again = await run("label", "page", "--trust", "keys.yaml", "-o", "check.html");
    expect(again.code, "a file there is not replaced unasked").to.equal(2);
    const keys = await run("label", "page", "--trust", "keys.yaml", "--json");
    const { agencies } = json(keys, "label", "exportedKeys") as unknown as { agencies: readonly unknown[] };
    expect(agencies.length).to.equal(2);
    expect(html).to.not.contain(readFileSync(join(cwd, "agency.key"), "utf8").split("\n")[1]);
    write("none.yaml", "format: segur-trust/1\n");
    const none = await run("label", "page", "--trust", "none.yaml");
    expect(none.code).to.equal(2);
    expect(none.stderr).to.contain("ERR_CONFIG");
  });
});
