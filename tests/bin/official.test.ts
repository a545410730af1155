import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { besides, pathAt } from "../../bin/official/beside.js";
import { generateKeyPem } from "../../core/seal/keys.js";
import { readOfficial } from "../../bin/official/run.js";
import {
  canonicalJson,
  type OfficialReport,
  type OfficialRun,
  packageRoot,
  type RunResult,
} from "../../core/model/index.js";
import { copyOfRun, theSchemas, unpack } from "../support/bundle.js";
import { segurInProcess } from "../support/in-process.js";
import { HEADER, J07, tinyCda, tinyTree, VOLET, writeTree } from "../support/official-tree.js";

/** A tree that has a volet for the reference vendor's documents, which are level 1, or none at all. */
function treeFor(more: readonly (readonly [string, string])[] = []): Map<string, string> {
  const tree = tinyTree();
  const codes = ["11502-2", "11488-4", "34133-9", "57833-6", "60591-5", "11490-0", "18748-4"];
  const concepts = codes.map((code) => `<Concept code="${code}" codeSystem="x" displayName="x"/>`).join("");
  tree.set(J07, (tree.get(J07) ?? "").replace(/<Concept .*?\/>/, concepts));
  for (const [name, text] of more) tree.set(name, text);
  return tree;
}

describe("official rules on the command line", function () {
  let folder: string;
  let tree: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-official-"));
    tree = writeTree(path.join(folder, "tree"), tinyTree());
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (name: string, bytes: Uint8Array): string => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };

  describe("segur check --official", () => {
    it("sets our findings and the official layers side by side, disagreement named", async () => {
      const file = put("doc.xml", tinyCda());
      const { code, stdout, stderr } = await segurInProcess(["check", "--lang", "en", "--official", tree, file]);
      expect(stderr).to.equal("");
      // Our own rules ask more of a CDA than these tiny ones.
      expect(code).to.equal(1);
      expect(stdout).to.match(/^Digest of the official rules \(SHA-256\): [0-9a-f]{64}$/m);
      expect(stdout).to.contain("official rules: accepted");
      expect(stdout).to.contain("disagreement: our checks see a breach, the official rules accept it");
      expect(stdout).to.match(/volet: passed ; CI-SIS_LDL-SES_2022.01.sch, by template and version/);
      expect(stdout).to.contain("rebuilt from its value sets: JDV_J07");
      expect(stdout).to.match(/terminology missing in the checkout: 2\.16\.840\.1\.113883\.6\.1 \(LOINC\)/);
      expect(stdout).to.match(/our checks alone:\n {6}cda\//);
    });

    it("speaks French by default", async () => {
      const { stdout } = await segurInProcess([
        "check",
        "--lang",
        "fr",
        "--official",
        tree,
        put("d.xml", tinyCda({ realm: "DE" })),
      ]);
      expect(stdout).to.contain("règles officielles : rejeté");
      expect(stdout).to.match(/structuration minimale \(en-tête\) : échoué/);
      expect(stdout).to.match(/- the realm is not FR\n {8}\/ClinicalDocument, ligne 1/);
    });

    it("writes JSON of its schema, with layers and both sides", async () => {
      const file = put("doc.xml", tinyCda({ code: "0-0" }));
      const { code, stdout } = await segurInProcess(["check", "--json", "--official", tree, file]);
      expect(code).to.equal(1);
      const json = JSON.parse(stdout) as {
        official: unknown;
        files: { official: (OfficialReport & { beside: { shared: number; officialOnly: unknown[] } })[] }[];
      };
      const validate = theSchemas().validator("check");
      expect(validate(json), JSON.stringify(validate.errors)).to.equal(true);
      const [official] = json.files[0]?.official ?? [];
      expect(official?.layers.map(({ id }) => id)).to.have.length(7);
      expect(JSON.stringify(json.official)).to.not.contain(folder);
      expect(JSON.stringify(official)).to.not.contain(folder);
    });

    it("writes SARIF with the official rules as a tool of their own", async () => {
      const file = put("doc.xml", tinyCda({ realm: "DE", title: "" }));
      const { stdout } = await segurInProcess(["check", "--format", "sarif", "--official", tree, file]);
      const log = JSON.parse(stdout) as {
        runs: {
          tool: { driver: { name: string; version: string } };
          invocations: { executionSuccessful: boolean }[];
          results: {
            ruleId: string;
            level: string;
            locations: { physicalLocation: { region?: { startLine: number } } }[];
          }[];
        }[];
      };
      expect(log.runs.map((run) => run.tool.driver.name)).to.deep.equal(["segur", "cda-official"]);
      const run = log.runs[1];
      expect(run?.tool.driver.version).to.match(/^[0-9a-f]{64}$/);
      expect(run?.invocations[0]?.executionSuccessful).to.equal(true);
      expect(run?.results.map(({ ruleId, level }) => `${level} ${ruleId}`)).to.deep.equal([
        "error header/realm/1/1",
        "warning header/title/1/1",
      ]);
      expect(run?.results[0]?.locations[0]?.physicalLocation.region?.startLine).to.equal(1);
    });

    it("without it, output is as ever", async () => {
      const { stdout } = await segurInProcess(["check", "--json", put("doc.xml", tinyCda())]);
      expect(stdout).to.not.contain('"official"');
    });

    it("ends with 2 when a layer that applies could not be run, and says the reason", async () => {
      rmSync(path.join(tree, J07));
      const { code, stdout } = await segurInProcess([
        "check",
        "--lang",
        "en",
        "--official",
        tree,
        put("d.xml", tinyCda()),
      ]);
      expect(code).to.equal(2);
      expect(stdout).to.match(/header\): not run ; a vocabulary or a terminology is missing in the checkout/);
    });

    it("refuses what is no tree, an unknown volet, a volet without a tree", async () => {
      const file = put("doc.xml", tinyCda());
      const none = await segurInProcess(["check", "--lang", "fr", "--official", folder, file]);
      expect([none.code, none.stdout]).to.deep.equal([2, ""]);
      expect(none.stderr).to.match(/ce n'est pas une copie des règles de l'agence.*\[ERR_OFFICIAL\]/);
      const volet = await segurInProcess(["check", "--lang", "en", "--official", tree, "--volet", "X_2020.01", file]);
      expect(volet.code).to.equal(2);
      expect(volet.stderr).to.match(/no volet X_2020.01.*ERR_OFFICIAL/);
      expect(volet.stderr).to.contain("CI-SIS_LDL-SES_2022.01.sch");
      const alone = await segurInProcess(["check", "--lang", "fr", "--volet", "X", file]);
      expect(alone.stderr).to.match(/--volet est donné sans --official \[ERR_USAGE\]/);
    });

    it("leaves a file without CDA to our own rules", async () => {
      const file = put("note.eml", Buffer.from("From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nhello\r\n"));
      const { stdout } = await segurInProcess(["check", "--lang", "en", "--official", tree, file]);
      expect(stdout).to.contain("official rules: this file holds no CDA document");
    });

    it("never lets a document or a rule command the terminal", async () => {
      const said = `<pattern id="own"><rule context="cda:ClinicalDocument"><assert test="false()">bad <value-of select="cda:title"/></assert></rule></pattern>`;
      const file = path.join(tree, VOLET("2022.01"));
      writeFileSync(file, readFileSync(file, "utf8").replace("</schema>", `${said}</schema>`));
      const document = put("d.xml", tinyCda({ title: "a\u202eb\u0085c" }));
      const { stdout } = await segurInProcess(["check", "--lang", "en", "--official", tree, document]);
      expect(stdout).to.contain("bad a[U+202E]b");
      expect(stdout).to.not.match(/[\u202e\u0085]/);
    });
  });

  describe("side by side", () => {
    const report = (path: string | null, state: OfficialReport["state"] = "rejected", text = "t"): OfficialReport => ({
      state,
      problem: null,
      sha256: "",
      size: 0,
      unwrapped: false,
      volet: null,
      layers: [
        {
          id: "header",
          entry: HEADER,
          state: "failed",
          reason: null,
          applies: true,
          rebuilt: [],
          caseFixes: 0,
          unchecked: [],
          failed: 1,
          warned: 0,
          failures: state === "accepted" ? [] : [{ key: "k", role: null, path, line: 1, text }],
          warnings: [],
        },
      ],
    });
    const own = (path: string | null, weight: "breach" | "remark" = "breach") => ({
      check: "cda/x",
      message: "m",
      weight,
      path,
    });

    it("pairs what points to one place or next to it", () => {
      const failed = report("/ClinicalDocument/recordTarget/patientRole");
      for (const near of [
        "/ClinicalDocument/recordTarget/patientRole",
        "/ClinicalDocument/recordTarget[1]/patientRole/patient/name",
        "/ClinicalDocument/recordTarget",
      ]) {
        expect(besides(failed, [own(near)]), near).to.deep.equal({
          disagreement: null,
          ownOnly: [],
          officialOnly: [],
          shared: 1,
        });
      }
    });

    it("tells apart what only one of the two says", () => {
      const beside = besides(report("/ClinicalDocument/custodian"), [own("/ClinicalDocument/author/time")]);
      expect(beside.ownOnly).to.deep.equal([{ check: "cda/x", message: "m", path: "/ClinicalDocument/author/time" }]);
      expect(beside.officialOnly).to.deep.equal([{ layer: "header", key: "k", path: "/ClinicalDocument/custodian" }]);
      // A rule over the whole document that names what we point to speaks of it.
      const whole = report("/ClinicalDocument", "rejected", "element hl7:custodian is required");
      expect(besides(whole, [own("/ClinicalDocument/custodian")]).shared).to.equal(1);
      expect(besides(whole, [own("/ClinicalDocument/author")]).shared).to.equal(0);
      // Everything lies under the root: it is a neighbour of nothing.
      expect(besides(report("/ClinicalDocument"), [own("/ClinicalDocument/custodian")]).shared).to.equal(0);
      expect(besides(report("/ClinicalDocument"), [own("/ClinicalDocument")]).shared).to.equal(1);
    });

    it("names the disagreement: ours alone, theirs alone; a remark is no breach, and no silence", () => {
      expect(besides(report(null, "accepted"), [own("/ClinicalDocument/id")]).disagreement).to.equal("own_only");
      const softer = besides(report("/ClinicalDocument/id"), [own("/ClinicalDocument/id", "remark")]);
      expect(softer).to.include({ disagreement: "official_only", shared: 1 });
      expect(besides(report("/ClinicalDocument/id"), []).disagreement).to.equal("official_only");
      expect(besides(report(null, "accepted"), []).disagreement).to.equal(null);
      expect(besides(report("/ClinicalDocument/id", "incomplete"), []).disagreement).to.equal(null);
    });

    it("reads our locations in a file and in an archive", () => {
      expect(pathAt("/ClinicalDocument/id[2]", null)).to.deep.equal({ path: "/ClinicalDocument/id[2]" });
      expect(pathAt("/ClinicalDocument/id/@root", null)).to.deep.equal({ path: "/ClinicalDocument/id" });
      expect(pathAt("IHE_XDM/A/DOC.XML /ClinicalDocument/id", "IHE_XDM/A/DOC.XML")).to.deep.equal({
        path: "/ClinicalDocument/id",
      });
      expect(pathAt("IHE_XDM/B/DOC.XML /ClinicalDocument/id", "IHE_XDM/A/DOC.XML")).to.equal(null);
      expect(pathAt(null, null)).to.deep.equal({ path: null });
    });
  });

  describe("segur judge --official", () => {
    const officialOf = (run: string): OfficialRun =>
      JSON.parse(readFileSync(path.join(run, "official.json"), "utf8")) as OfficialRun;

    it("judges every distinct CDA of the recording, beside a result that stays the same", async () => {
      writeTree(tree, treeFor());
      const { path: run } = await copyOfRun();
      const plain = await segurInProcess(["judge", run, "--json"]);
      const beside = await segurInProcess(["judge", run, "--json", "--lang", "en", "--official", tree]);
      expect(beside.stdout).to.equal(plain.stdout);
      expect(beside.code).to.equal(plain.code);
      expect(beside.stderr).to.contain("official.json");
      const official = officialOf(run);
      const validate = theSchemas().validator("official");
      expect(validate(official), JSON.stringify(validate.errors)).to.equal(true);
      const operations = new Set(official.documents.flatMap(({ places }) => places.map(({ operation }) => operation)));
      expect([...operations].sort()).to.deep.equal(["dmp.submit", "mss.submit"]);
      expect(new Set(official.documents.map(({ sha256 }) => sha256)).size).to.equal(official.documents.length);
      for (const document of official.documents) {
        expect(document.layers.find(({ id }) => id === "xsd")?.state).to.equal("passed");
        expect(document.ownBreaches).to.equal(0);
      }
    });

    it("writes canonical bytes: the same twice, no time, no path of the machine", async () => {
      const { path: run } = await copyOfRun();
      await segurInProcess(["judge", run, "--official", tree]);
      const first = readFileSync(path.join(run, "official.json"), "utf8");
      const elsewhere = writeTree(path.join(folder, "other"), tinyTree());
      await segurInProcess(["judge", run, "--official", elsewhere]);
      expect(readFileSync(path.join(run, "official.json"), "utf8")).to.equal(first);
      expect(canonicalJson(JSON.parse(first))).to.equal(first);
      expect(first).to.not.contain(folder);
    });

    it("is shown on the page, in the terminal and in the summary, in both languages", async () => {
      writeFileSync(path.join(tree, VOLET("2022.01")), "<x/>");
      const { path: run } = await copyOfRun();
      const { stdout } = await segurInProcess(["judge", run, "--lang", "fr", "--official", tree]);
      expect(stdout).to.contain("Règles officielles");
      expect(stdout).to.match(/Empreinte des règles officielles \(SHA-256\) : [0-9a-f]{64}/);
      const page = readFileSync(path.join(run, "report.html"), "utf8");
      expect(page).to.contain('<section id="official">');
      expect(page).to.contain('<a href="#official">Règles officielles');
      expect(page).to.contain(officialOf(run).tree.digest);
      expect(readFileSync(path.join(run, "summary.md"), "utf8")).to.contain("## Règles officielles");
      const english = await segurInProcess(["report", run, "--lang", "en", "--format", "text"]);
      expect(english.stdout).to.match(/XML schema \(XSD\): passed \d/);
    });

    it("is not shown when it speaks of another recording, or is no official.json", async () => {
      const run = await copyOfRun();
      await segurInProcess(["judge", run.path, "--official", tree]);
      const result = JSON.parse(readFileSync(run.file("result.json"), "utf8")) as RunResult;
      const file = run.file("official.json");
      const good = officialOf(run.path);
      const root = packageRoot(import.meta.url);
      expect(readOfficial(run, result, root)).to.deep.equal(good);
      const others = [
        { ...good, recording: { ...good.recording, sha256: "0".repeat(64) } },
        { ...good, ruleSet: "another" },
        { ...good, documents: "none" },
        { ...good, documents: [null] },
        [],
      ];
      for (const text of [...others.map((other) => JSON.stringify(other)), "", "{", "[".repeat(100_000), "null"]) {
        writeFileSync(file, text);
        expect(readOfficial(run, result, root), text.slice(0, 80)).to.equal(null);
      }
      rmSync(file);
      expect(readOfficial(run, result, root)).to.equal(null);
    });

    it("hides what a masked report must hide", async () => {
      const said = `<pattern id="own"><rule context="cda:ClinicalDocument"><assert test="false()">id <value-of select="string-join(cda:recordTarget/cda:patientRole/cda:id/@extension, ' ')"/></assert></rule></pattern>`;
      const header = path.join(tree, HEADER);
      writeFileSync(header, readFileSync(header, "utf8").replace("</schema>", `${said}</schema>`));
      const { path: run } = await copyOfRun();
      await segurInProcess(["judge", run, "--official", tree]);
      const number = /"id [^"]*\b(\d{15})\b/.exec(JSON.stringify(officialOf(run).documents))?.[1];
      expect(number).to.be.a("string");
      const open = await segurInProcess(["report", run, "--format", "html", "-o", path.join(folder, "open.html")]);
      const masked = await segurInProcess([
        "report",
        run,
        "--mask",
        "--format",
        "html",
        "-o",
        path.join(folder, "m.html"),
      ]);
      expect([open.code, masked.code]).to.deep.equal([0, 0]);
      const section = (name: string): string =>
        /<section id="official">[\s\S]*?<\/section>/.exec(readFileSync(path.join(folder, name), "utf8"))?.[0] ?? "";
      expect(section("open.html")).to.contain(number);
      expect(section("m.html")).to.match(/▮/);
      expect(section("m.html")).to.not.contain(number);
    });

    it("is not sealed into a bundle: the bundle is the same with and without it", async () => {
      const { path: run } = await copyOfRun();
      await segurInProcess(["judge", run, "--official", tree]);
      expect(existsSync(path.join(run, "official.json"))).to.equal(true);
      const bundle = path.join(folder, "b.zip");
      const pem = path.join(folder, "k.pem");
      writeFileSync(pem, generateKeyPem("ed25519").privatePem, { mode: 0o600 });
      const sealed = await segurInProcess(["seal", run, "--key", pem, "-o", bundle]);
      expect(sealed.code, sealed.stderr).to.equal(0);
      expect(
        [...(await unpack(readFileSync(bundle))).keys()].filter((name) => name.includes("official")),
      ).to.deep.equal([]);
      const verified = await segurInProcess(["verify", bundle, "--lang", "en"]);
      expect(verified.code, verified.stdout).to.equal(0);
    });
  });

  describe("validators of segur.yaml", () => {
    it("are checked by doctor: digest, volets, what cannot be used", async () => {
      rmSync(path.join(tree, "schematrons/profils/IHE.sch"));
      const config = put(
        "segur.yaml",
        Buffer.from(`candidate: { vendor: V, product: P, version: "1" }
perimeters: [mdv-lgc-wave-2]
subProfiles: []
drivers: { kind: manual }
validators: [{ kind: cda-official, path: tree, volet: LDL-SES_2023.01 }]
`),
      );
      const { stdout } = await segurInProcess(["doctor", "--config", config, "--lang", "en"]);
      expect(stdout).to.match(/ ok {3}official rules [0-9a-f]{12}: 3 volets/);
      expect(stdout).to.match(/ warn {2}official rules, schematrons\/profils\/IHE.sch: not in the checkout/);
    });

    it("a tree that is none fails at once", async () => {
      const text = `candidate: { vendor: V, product: P, version: "1" }
perimeters: [mdv-lgc-wave-2]
subProfiles: []
drivers: { kind: manual }
validators: [{ kind: cda-official, path: . }]
`;
      const config = put("segur.yaml", Buffer.from(text));
      const run = await segurInProcess(["run", "--config", config, "--lang", "fr"]);
      expect(run.code).to.equal(2);
      expect(run.stderr).to.contain("ERR_OFFICIAL");
      // Before anything was driven.
      expect(existsSync(path.join(folder, "runs"))).to.equal(false);
      const told = await segurInProcess(["doctor", "--config", config, "--lang", "fr"]);
      expect(told.code).to.equal(2);
      expect(told.stdout).to.match(/FAIL {2}ce n'est pas une copie des règles de l'agence/);
    });

    it("are told by place and mend when they are written wrong", async () => {
      const head = `candidate: { vendor: V, product: P, version: "1" }
perimeters: [mdv-lgc-wave-2]
subProfiles: []
drivers: { kind: manual }
`;
      for (const [written, wrong] of [
        ["[{ kind: cda-official, path: absent }]", /there is no folder "absent"/],
        ["[{ kind: other, path: tree }]", /is not allowed/],
        ["[{ kind: cda-official }]", /the key "path" is missing/],
        ["[{ kind: cda-official, path: tree, secret: 1 }]", /unknown key "secret"/],
      ] as const) {
        const config = put("segur.yaml", Buffer.from(`${head}validators: ${written}\n`));
        const { code, stderr } = await segurInProcess(["doctor", "--config", config, "--lang", "en"]);
        expect(code, written).to.equal(2);
        expect(stderr, written).to.match(wrong);
      }
    });
  });
});
