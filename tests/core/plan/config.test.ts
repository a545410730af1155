import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { packageRoot, SuiteError } from "../../../core/model/index.js";
import { loadConfig, loadSpecs, openSchemas, parseConfig } from "../../../core/plan/index.js";
import { mistakes } from "./support.js";

const root = packageRoot();
const schemas = openSchemas(path.join(root, "specs", "schemas"));
const specs = loadSpecs(root);

const MINIMAL = `candidate: { vendor: V, product: P, version: "1" }
perimeters: [mdv-lgc-wave-2]
subProfiles: []
drivers: { kind: manual }
`;

describe("segur.yaml", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-config-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function load(text: string) {
    const file = path.join(folder, "segur.yaml");
    writeFileSync(file, text);
    return loadConfig(file, { schemas, specs });
  }
  /** Mistakes, with the name of the file shortened. */
  function wrong(text: string): string[] {
    return mistakes(() => load(text)).map(
      (one) => `${one.where.replace(`${folder}/`, "")} | ${one.what} | ${one.mend}`,
    );
  }

  it("gets its defaults", () => {
    const { config, warnings } = load(MINIMAL);
    expect(warnings).to.deep.equal([]);
    expect(config.services.dmp).to.deep.equal({ bind: "127.0.0.1", port: 0, names: [], trust: [] });
    expect(config.lifetimes).to.deep.equal({ accessToken: 120, refreshToken: 1800, session: 14400, code: 60 });
    expect(config.drivers).to.deep.equal({ kind: "manual", can: null, timeout: 30, concurrent: false });
    expect(config.stateFolder).to.equal(path.join(folder, ".segur"));
    expect(config.runsFolder).to.equal(path.join(folder, "runs"));
    expect(config.file).to.equal(path.join(folder, "segur.yaml"));
  });

  it("keeps what is written, with paths made absolute from its folder and certificates read", () => {
    writeFileSync(path.join(folder, "ca.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    writeFileSync(path.join(folder, "proof.pdf"), "%PDF");
    const { config } = load(`${MINIMAL.replace("{ kind: manual }", "")}
  kind: http
  can: [login]
  http: { baseUrl: "http://127.0.0.1:9", trust: [ca.pem] }
  start: { command: [node, app.js] }
services:
  mss: { bind: "127.0.0.2", port: 2525, publicUrl: "https://lps.mssante.fr", names: [lps.mssante.fr], trust: [ca.pem] }
lifetimes: { session: 30 }
conditions: { hosting-or-saas: { applies: false, justification: on site only } }
alternatives: { PSC.01: PSC.01.04 }
proofs:
  PSC.01.02.01: { files: [proof.pdf], review: { state: accepted, by: A, on: 2026-11-21 } }
`);
    expect(config.services.mss.trust[0]).to.include("BEGIN CERTIFICATE");
    expect(config.services.mss.publicUrl).to.equal("https://lps.mssante.fr");
    expect(config.drivers.http?.trust[0]).to.include("BEGIN CERTIFICATE");
    expect(config.drivers.start).to.deep.equal({
      command: ["node", "app.js"],
      cwd: folder,
      env: {},
      port: 0,
      timeout: 30,
    });
    expect(config.lifetimes.session).to.equal(30);
    expect(config.lifetimes.accessToken).to.equal(120);
    expect(config.proofs["PSC.01.02.01"]?.files).to.deep.equal([path.join(folder, "proof.pdf")]);
    expect(config.alternatives).to.deep.equal({ "PSC.01": "PSC.01.04" });
  });

  it("tells every mistake in one go, with line, column, path and mend", () => {
    expect(
      wrong(`candidate: { vendr: V, product: 3, version: "1" }
perimeters: []
subProfiles: []
lifetimes:
  acessToken: 10
services: { dpm: {} }
drivers:
  kind: htttp
`),
    ).to.deep.equal([
      'segur.yaml:1:14 (candidate.vendr) | unknown key "vendr" | Write "vendor", or remove it.',
      "segur.yaml:1:33 (candidate.product) | 3 stands where a text is expected | Write a text.",
      "segur.yaml:2:13 (perimeters) | the list is empty | Give at least 1.",
      'segur.yaml:5:3 (lifetimes.acessToken) | unknown key "acessToken" | Write "accessToken", or remove it.',
      'segur.yaml:6:13 (services.dpm) | unknown key "dpm" | Write "dmp", or remove it.',
      'segur.yaml:8:9 (drivers.kind) | "htttp" is not one of the known values | Write one of: http, exec, manual. Did you mean "http"?',
    ]);
  });

  it("shows several mistakes to a printer that only knows the message", () => {
    try {
      load("candidate: 1\nperimeters: 2\n");
      expect.fail("accepted");
    } catch (error) {
      expect(error).to.be.instanceOf(SuiteError);
      expect((error as SuiteError).code).to.equal("ERR_CONFIG");
      expect((error as SuiteError).message).to.match(/^4 mistakes\n {2}.*segur\.yaml:1:1.*"subProfiles" is missing/);
    }
  });

  it("names the missing key where its block begins", () => {
    expect(wrong(MINIMAL.replace("subProfiles: []\n", ""))).to.deep.equal([
      'segur.yaml:1:1 | the key "subProfiles" is missing | Add "subProfiles". It is the sub-profiles the product claims; [] when it claims none.',
    ]);
  });

  it("tells syntax errors in its own words, duplicate keys among them", () => {
    expect(wrong("candidate: {\nperimeters: []\n")[0]).to.match(/^segur\.yaml:\d+:\d+ \| /);
    expect(wrong("runs: a\nruns: b\n")).to.deep.equal([
      "segur.yaml:2:1 | the same key stands twice | Keep one of the two.",
    ]);
    expect(wrong("")).to.have.lengthOf(1);
  });

  it("refuses what the specs do not know, with the nearest word", () => {
    const text = `${MINIMAL.replace("subProfiles: []", "subProfiles: [Médecin traitan]")}
conditions: { hosting-or-sas: { applies: true } }
alternatives: { PSC.01: PSC.01.09 }
proofs: { PSC.01.02.09: { files: [segur.yaml] } }
`;
    const found = wrong(text);
    expect(found[0]).to.match(/^segur\.yaml:3:15 \(subProfiles\[0\]\) .*Did you mean "Médecin traitant"\?/);
    expect(found[1]).to.match(/there is no condition "hosting-or-sas" \| Did you mean "hosting-or-saas"\?/);
    expect(found[2]).to.match(/alternatives\["PSC\.01"\]\) \| there is no scenario of PSC\.01 "PSC\.01\.09"/);
    expect(found[3]).to.match(/proofs\["PSC\.01\.02\.09"\]\) \| there is no proof .*Did you mean "PSC\.01\.02\.01"\?/);
    expect(found).to.have.lengthOf(4);
    expect(wrong(MINIMAL.replace("wave-2", "wave-3"))).to.have.lengthOf(1);
  });

  it("wants a justification for every no", () => {
    const no = (answer: string) => `${MINIMAL}conditions: { hosting-or-saas: ${answer} }\n`;
    expect(wrong(no("{ applies: false }"))).to.have.lengthOf(1);
    expect(wrong(no('{ applies: false, justification: " " }'))).to.have.lengthOf(1);
    expect(load(no("{ applies: true }")).config.conditions).to.deep.equal({ "hosting-or-saas": { applies: true } });
  });

  for (const url of [
    "https://wallet.esw.esante.gouv.fr",
    "https://ESANTE.GOUV.FR./x",
    "https://user@services-ps.ameli.fr:443/lps",
    "https://lps2.dmp.gouv.fr",
    "https://mssante.fr",
  ]) {
    it(`refuses ${url} as something to call`, () => {
      const http = (settings: string) => MINIMAL.replace("{ kind: manual }", `{ kind: http, http: ${settings} }`);
      expect(wrong(http(`{ baseUrl: "${url}" }`))[0]).to.match(/belongs to a real national service/);
      expect(wrong(http(`{ baseUrl: "http://localhost:1", proxy: "${url}" }`))[0]).to.match(/real national service/);
      const client = `psc: { clients: [{ id: a, method: client_secret_basic, secret: s, redirectUris: ["${url}"] }] }\n`;
      expect(wrong(MINIMAL + client)[0]).to.match(/redirectUris\[0\]\) .*real national service/);
    });
  }

  it("does not take a look-alike for a national host", () => {
    const { config } = load(
      MINIMAL.replace("{ kind: manual }", '{ kind: http, http: { baseUrl: "https://notameli.fr.example:1" } }'),
    );
    expect(config.drivers.http?.baseUrl).to.equal("https://notameli.fr.example:1");
  });

  it("warns about a listener that other machines can reach, and only about that", () => {
    const { warnings } = load(`${MINIMAL}services: { ins: { bind: 0.0.0.0 }, dmp: { bind: "::1" } }\n`);
    expect(warnings.map((one) => one.where.replace(`${folder}/`, ""))).to.deep.equal([
      "segur.yaml:5:26 (services.ins.bind)",
    ]);
  });

  it("tells files that are missing, are no PEM, or are addresses", () => {
    writeFileSync(path.join(folder, "der.cer"), Buffer.from([0x30, 0x82]));
    const found = wrong(`${MINIMAL}services:
  ins: { trust: [gone.pem, der.cer, "https://www.esante.gouv.fr/ca.pem"] }
  dmp: { tls: { key: gone.key, cert: der.cer } }
`);
    expect(found.map((line) => line.split(" | ")[1])).to.deep.equal([
      'the file "gone.pem" cannot be read',
      'the file "der.cer" holds no PEM block "CERTIFICATE"',
      "an address stands where a file is expected",
      'the file "gone.key" cannot be read',
      'the file "der.cer" holds no PEM block "CERTIFICATE"',
    ]);
    expect(wrong(`${MINIMAL}proofs: { PSC.01.02.01: { files: [gone.pdf] } }\n`)).to.have.lengthOf(1);
  });

  it("wants the settings of the driver it names, and the secret a client method needs", () => {
    expect(wrong(MINIMAL.replace("manual", "exec"))[0]).to.match(/the driver "exec" has no settings/);
    const client = (method: string) =>
      `psc: { clients: [{ id: a, method: ${method}, redirectUris: ["http://localhost/"] }] }\n`;
    expect(wrong(MINIMAL + client("client_secret_post"))[0]).to.match(/has no "secret"/);
    expect(wrong(MINIMAL + client("tls_client_auth"))[0]).to.match(/has no "subjectDn"/);
  });

  it("tells a file that is not there", () => {
    expect(() => loadConfig(path.join(folder, "none.yaml"), { schemas })).to.throw(SuiteError, /cannot be read/);
  });

  it("hashes the bytes written, and resolves bundled text from the folder given", () => {
    const a = parseConfig(MINIMAL, { schemas, file: "<bundled>", folder });
    const b = parseConfig(`${MINIMAL}# other\n`, { schemas, file: "<bundled>", folder });
    expect(a.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(a.sha256).to.not.equal(b.sha256);
    expect(a.config.runsFolder).to.equal(path.join(folder, "runs"));
    expect(a.config.file).to.equal("<bundled>");
  });
});
