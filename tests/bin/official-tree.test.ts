import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { openOfficialTree } from "../../bin/official/tree.js";
import { withRebuiltVocabularies } from "../../bin/official/vocabulary.js";
import { voletNamed, voletsOf } from "../../bin/official/volets.js";
import { SuiteError } from "../../core/model/index.js";
import { HEADER, J07, TEMPLATE, tinyTree, VOLET, volet, writeTree } from "../support/official-tree.js";

const EVERY = "1.2.250.1.213.1.1.1.1";

describe("a checkout of the official rules", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-official-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (tree = tinyTree()) => openOfficialTree(writeTree(folder, tree));
  const refusal = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof SuiteError && error.code === "ERR_OFFICIAL") return error.message;
      throw error;
    }
    return "(none)";
  };

  it("is named by a digest of its rule files alone, the same wherever it stands", () => {
    const { facts } = open();
    expect(facts.digest).to.match(/^[0-9a-f]{64}$/);
    expect(facts.files).to.equal(tinyTree().size);
    expect(facts.commit).to.equal(null);
    const aside = writeTree(
      path.join(folder, "elsewhere"),
      new Map([
        ...tinyTree(),
        ["schematrons/moteur/colle.sch", "<x/>"],
        ["schematrons/rapports/report.xml", "<x/>"],
        ["schematrons/profils/IHE.xsl", "<compiled/>"],
        ["ExemplesCDA/example.xml", "<x/>"],
        ["README.md", "words"],
      ]),
    );
    expect(openOfficialTree(aside).facts.digest).to.equal(facts.digest);
    writeFileSync(path.join(aside, J07), "<x/>");
    expect(openOfficialTree(aside).facts.digest).to.not.equal(facts.digest);
  });

  it("names the commit of a git checkout, loose, packed or detached", () => {
    const commit = "7cd489b39368809df9bcf2cfef5e5d6354438a02";
    writeTree(folder, tinyTree());
    const git = (name: string, text: string): void => {
      writeTree(folder, new Map([[`.git/${name}`, text]]));
    };
    git("HEAD", "ref: refs/heads/main\n");
    git("packed-refs", `# pack-refs\n${commit} refs/heads/main\n`);
    expect(openOfficialTree(folder).facts.commit).to.equal(commit);
    const other = commit.replace("7", "8");
    git("refs/heads/main", `${other}\n`);
    expect(openOfficialTree(folder).facts.commit).to.equal(other);
    git("HEAD", `${commit}\n`);
    expect(openOfficialTree(folder).facts.commit).to.equal(commit);
    git("HEAD", "ref: refs/../../../etc/passwd\n");
    expect(openOfficialTree(folder).facts.commit).to.equal(null);
  });

  it("reads what the digest names: a file changed afterwards changes nothing", () => {
    const tree = open();
    const before = Buffer.from(tree.files.read(HEADER) ?? []).toString();
    writeFileSync(path.join(folder, HEADER), "<other/>");
    expect(Buffer.from(tree.files.read(HEADER) ?? []).toString()).to.equal(before);
  });

  it("refuses what is no such tree", () => {
    expect(refusal(() => openOfficialTree(path.join(folder, "absent")))).to.match(/folder .* cannot be read/);
    expect(refusal(() => openOfficialTree(folder))).to.match(/not a checkout/);
    const file = path.join(folder, "file");
    writeFileSync(file, "x");
    expect(refusal(() => openOfficialTree(file))).to.match(/not a checkout/);
    const tree = tinyTree();
    tree.delete("infrastructure/cda/CDA_extended.xsd");
    expect(refusal(() => open(tree))).to.match(/not a checkout/);
  });

  it("refuses links, which could lead out of it", () => {
    writeTree(folder, tinyTree());
    const secret = path.join(folder, "secret.xml");
    writeFileSync(secret, "<secret/>");
    symlinkSync(secret, path.join(folder, "jeuxDeValeurs", "JDV_link.xml"));
    expect(refusal(() => openOfficialTree(folder))).to.match(/link/);
  });

  it("leaves a giant terminology unread, and still names it in the digest", () => {
    const before = open().facts.digest;
    const giant = "schematrons/profils/terminologies/terminologie/2.16.840.1.113883.6.1.rdf";
    writeTree(folder, new Map([[giant, "<x/>"]]));
    truncateSync(path.join(folder, giant), 40 * 1024 * 1024);
    const tree = openOfficialTree(folder);
    expect(tree.tooLarge).to.deep.equal([giant]);
    expect(tree.files.read(giant)).to.equal(null);
    expect(tree.facts.digest).to.not.equal(before);
  });

  it("refuses folders nested without end", () => {
    writeTree(folder, tinyTree());
    mkdirSync(path.join(folder, "schematrons", ...Array.from({ length: 20 }, () => "d")), { recursive: true });
    expect(refusal(() => openOfficialTree(folder))).to.match(/more files or bytes/);
  });

  describe("a vocabulary the header asks for and the tree lacks", () => {
    const path471 = "schematrons/profils/structurationMinimale/include/voc-1.2.250.1.213.1.1.5.471-DYNAMIC.xml";

    it("is rebuilt from the value set of the same OID, below its root in no namespace", () => {
      const made = withRebuiltVocabularies(open().files, HEADER);
      expect(made.rebuilt).to.deep.equal(["JDV_J07"]);
      const text = Buffer.from(made.files.read(path471) ?? []).toString();
      expect(text).to.match(/^<valueSets xmlns="urn:hl7-org:v3"><valueSet xmlns="" /);
      expect(text).to.contain('<concept code="11490-0" codeSystem="2.16.840.1.113883.6.1" displayName="a letter"/>');
      expect([...made.files.paths()]).to.include(path471);
    });

    it("is rebuilt, too, when the value set writes its OID by references or in letters of two bytes", () => {
      const plain = tinyTree().get(J07) ?? "";
      const byReference = plain.replace("1.2.250.1.213.1.1.5.471", "&#49;.2.250.1.213.1.1.5.471");
      expect(byReference).to.not.equal(plain);
      const twoBytes = Buffer.from(`\ufeff${plain.replace(/<\?xml[^>]*\?>/, "")}`, "utf16le");
      for (const bytes of [Buffer.from(byReference), twoBytes]) {
        const { files } = open();
        const read = (name: string) => (name === J07 ? bytes : files.read(name));
        expect(withRebuiltVocabularies({ read, paths: () => files.paths() }, HEADER).rebuilt).to.deep.equal([
          "JDV_J07",
        ]);
      }
    });

    it("is left as it is when the tree has it", () => {
      const made = withRebuiltVocabularies(open(new Map([...tinyTree(), [path471, "<own/>"]])).files, HEADER);
      expect(made.rebuilt).to.deep.equal([]);
      expect(Buffer.from(made.files.read(path471) ?? []).toString()).to.equal("<own/>");
    });

    it("stays missing when no value set has its OID, or the value set is no XML", () => {
      for (const text of [null, "<not xml", "<RetrieveValueSetResponse/>"]) {
        const tree = tinyTree();
        tree.delete(J07);
        if (text !== null) tree.set(J07, text);
        const sub = mkdtempSync(path.join(folder, "t-"));
        const made = withRebuiltVocabularies(openOfficialTree(writeTree(sub, tree)).files, HEADER);
        expect(made.rebuilt).to.deep.equal([]);
        expect(made.files.read(path471)).to.equal(null);
      }
    });
  });

  it("tells its volets: name, version, the templates they demand", () => {
    const tree = tinyTree();
    tree.set("schematrons/CI-SIS_VSM_1.4_2022.01.sch", volet("1.2.250.1.213.1.1.1.13"));
    tree.set("schematrons/CI-SIS_OPH-BRE_2022.02.sch", "<not xml");
    const volets = voletsOf(open(tree).files);
    expect(volets.map(({ family, version, templates }) => [family, version, ...templates].join(" "))).to.deep.equal([
      "LDL-EES 2022.01 1.2.250.1.213.1.1.1.21",
      "LDL-SES 2022.01 1.2.250.1.213.1.1.1.29",
      "LDL-SES 2023.01 1.2.250.1.213.1.1.1.29",
      "OPH-BRE 2022.02",
      "VSM 2022.01 1.2.250.1.213.1.1.1.13",
    ]);
    for (const name of ["CI-SIS_LDL-SES_2023.01.sch", "LDL-SES_2023.01", "x/y/ci-sis_ldl-ses_2023.01.SCH"]) {
      expect(voletNamed(name, volets)?.entry, name).to.equal(VOLET("2023.01"));
    }
    expect(voletNamed("LDL-SES", volets)).to.equal(null);
  });

  it("parses a volet only when it may demand a template of the document, however that is written", () => {
    const asked = "1.2.250.1.213.1.1.1.13";
    const tree = tinyTree();
    const part = "schematrons/include/specificationsVolets/X/P.sch";
    const including = volet(EVERY).replace(
      "</schema>",
      `<include href='include/specificationsVolets/X/p.sch'/></schema>`,
    );
    const partOf = (template: string): string =>
      volet(template)
        .replace(/^<schema[^>]*>.*?<pattern/, '<pattern xmlns="http://purl.oclc.org/dsdl/schematron"')
        .replace("</schema>", "");
    tree.set("schematrons/CI-SIS_A_2022.01.sch", volet(asked));
    tree.set("schematrons/CI-SIS_B_2022.01.sch", volet(asked.replace("250", "2&#53;0")));
    tree.set("schematrons/CI-SIS_C_2022.01.sch", including);
    tree.set(part, partOf(asked));
    const { files } = open(tree);
    const read: string[] = [];
    const volets = voletsOf({
      read: (name) => {
        read.push(name);
        return files.read(name);
      },
      paths: () => files.paths(),
    });
    expect(read).to.deep.equal([]);
    const may = volets.filter((one) => one.mayDemand(asked)).map(({ family }) => family);
    const does = volets.filter((one) => one.templates.includes(asked)).map(({ family }) => family);
    expect(may).to.deep.equal(["A", "B", "C"]);
    expect(does).to.deep.equal(["A", "B", "C"]);
    expect(volets.filter((one) => one.mayDemand(TEMPLATE)).map(({ family }) => family)).to.include.members([
      "B",
      "LDL-SES",
    ]);
    expect(volets.find(({ family }) => family === "A")?.mayDemand(TEMPLATE)).to.equal(false);
  });
});
