import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { demandTrustedPack, rulePackLine } from "../../bin/rule-pack.js";
import { effectiveDigest, loadRuleSet } from "../../bin/rule-set.js";
import { openSuite } from "../../bin/suite.js";
import { packageRoot, SuiteError } from "../../core/model/index.js";
import { MistakesError } from "../../core/plan/index.js";
import { generateKeyPem, readSigningKey } from "../../core/seal/keys.js";
import { segurInProcess } from "../support/in-process.js";
import { AGENCY, signPack, type TestAgency, testAgency } from "../support/rule-pack.js";

const NOW = "2026-11-21T20:00:00Z";

describe("a rule pack in its folder", () => {
  let agency: TestAgency;
  let copies = 0;
  before(() => {
    agency = testAgency();
  });
  after(() => agency.dispose());

  /** A copy of the signed pack that a test may change. */
  function copy(change: (folder: string) => void = () => undefined): string {
    const folder = path.join(agency.folder, `copy-${++copies}`);
    cpSync(agency.specs, folder, { recursive: true });
    change(folder);
    return folder;
  }

  const file = (folder: string, name: string): string => path.join(folder, name);

  function refused(folder: string): SuiteError {
    try {
      openSuite({ specs: folder });
    } catch (error) {
      if (error instanceof SuiteError) return error;
      throw error;
    }
    throw new Error("nothing was refused");
  }

  it("stands over our specs, and makes another rule set", () => {
    const suite = openSuite({ specs: agency.specs });
    const row = suite.specs.requirements.find((one) => one.id === "MSS/CONF.05");
    expect(row?.proofs.ids).to.deep.equal([]);
    expect(suite.specs.perimeters.map((one) => one.id)).to.include.members(["agence-machine", "mdv-lgc-wave-1"]);
    expect(suite.specs.scenarios.map((one) => one.id)).to.include("agence-envoi");
    expect(suite.rules).to.deep.include({ name: "agence-d-essai", version: "2026.1" });
    const own = loadRuleSet(packageRoot());
    expect(suite.ruleSet).to.equal(effectiveDigest(own, suite.rules?.digest ?? null));
    expect(suite.ruleSet).not.to.equal(own.digest);
  });

  it("is the same rule set from another folder, signed by another key", () => {
    const other = readSigningKey(generateKeyPem("ed25519").privatePem, "other");
    const folder = copy((place) => signPack(place, other));
    expect(openSuite({ specs: folder }).ruleSet).to.equal(openSuite({ specs: agency.specs }).ruleSet);
  });

  it("says who signed it, and a homologation takes it from a trusted agency only", () => {
    const pack = (folder: string) => {
      const { pack: opened } = openSuite({ specs: folder });
      if (!opened) throw new Error("no pack");
      return opened;
    };
    const genuine = pack(agency.specs);
    expect(rulePackLine(genuine, agency.trust, NOW, "en")).to.equal(
      `rule pack: agence-d-essai 2026.1, signed by ${AGENCY}`,
    );
    expect(rulePackLine(genuine, null, NOW, "en")).to.include("signer unknown");
    demandTrustedPack(genuine, agency.trust, NOW);
    demandTrustedPack(null, null, NOW);
    const other = readSigningKey(generateKeyPem("ed25519").privatePem, "other");
    const foreign = pack(copy((folder) => signPack(folder, other)));
    expect(rulePackLine(foreign, agency.trust, NOW, "en")).to.include("signer unknown");
    for (const [one, trust] of [
      [genuine, null],
      [foreign, agency.trust],
    ] as const) {
      expect(() => demandTrustedPack(one, trust, NOW))
        .to.throw(SuiteError, "no trusted agency")
        .with.property("code", "ERR_RULES");
    }
  });

  const tampered: readonly (readonly [string, (folder: string) => void, string, string])[] = [
    [
      "a byte of a file changed",
      (folder) =>
        writeFileSync(
          file(folder, "requirements/mss.yaml"),
          `${readFileSync(file(folder, "requirements/mss.yaml"), "utf8")} `,
        ),
      "a file is not the one that was signed",
      "requirements/mss.yaml",
    ],
    [
      "its card changed",
      (folder) =>
        writeFileSync(
          file(folder, "rules.yaml"),
          readFileSync(file(folder, "rules.yaml"), "utf8").replace("2026.1", "2026.2"),
        ),
      "a file is not the one that was signed",
      "rules.yaml",
    ],
    [
      "a file gone",
      (folder) => unlinkSync(file(folder, "scenarios/agence-envoi.yaml")),
      "a file that the signed manifest names is missing",
      "scenarios/agence-envoi.yaml",
    ],
    [
      "a folder gone",
      (folder) => rmSync(file(folder, "scenarios"), { recursive: true }),
      "is missing",
      "scenarios/agence-envoi.yaml",
    ],
    [
      "a file more",
      (folder) => cpSync(file(folder, "requirements/mss.yaml"), file(folder, "requirements/more.yaml")),
      "a file is not named in the signed manifest",
      "requirements/more.yaml",
    ],
    [
      "two files swapped",
      (folder) => {
        renameSync(file(folder, "perimeters/agence-machine.yaml"), file(folder, "t"));
        renameSync(file(folder, "perimeters/agence-preuves.yaml"), file(folder, "perimeters/agence-machine.yaml"));
        renameSync(file(folder, "t"), file(folder, "perimeters/agence-preuves.yaml"));
      },
      "a file is not the one that was signed",
      "perimeters/agence-machine.yaml",
    ],
    [
      "a link to the same bytes",
      (folder) => {
        renameSync(file(folder, "requirements/mss.yaml"), path.join(path.dirname(folder), `kept-${copies}.yaml`));
        symlinkSync(path.join(path.dirname(folder), `kept-${copies}.yaml`), file(folder, "requirements/mss.yaml"));
      },
      "does not belong",
      "requirements/mss.yaml",
    ],
    [
      "a linked folder",
      (folder) => {
        renameSync(file(folder, "scenarios"), path.join(path.dirname(folder), `kept-${copies}`));
        symlinkSync(path.join(path.dirname(folder), `kept-${copies}`), file(folder, "scenarios"));
      },
      "does not belong",
      "scenarios",
    ],
    [
      "a program",
      (folder) => writeFileSync(file(folder, "requirements/check.js"), "process.exit()"),
      "does not belong",
      "requirements/check.js",
    ],
    ["a folder of its own", (folder) => mkdirSync(file(folder, "checks")), "does not belong", "checks"],
    [
      "a folder in a folder",
      (folder) => mkdirSync(file(folder, "requirements/deep.yaml")),
      "does not belong",
      "requirements/deep.yaml",
    ],
    ["a hidden file", (folder) => writeFileSync(file(folder, ".notes"), ""), "does not belong", ".notes"],
    [
      "a file too large",
      (folder) => writeFileSync(file(folder, "requirements/mss.yaml"), Buffer.alloc(1_000_001, " ")),
      "too large",
      "requirements/mss.yaml",
    ],
    [
      "too many files",
      (folder) => {
        for (let n = 0; n < 1_001; n++) writeFileSync(file(folder, `scenarios/s${n}.yaml`), "");
      },
      "too large",
      "",
    ],
    ["no signature", (folder) => unlinkSync(file(folder, "rules.dsse.json")), "not signed", "rules.dsse.json"],
    [
      "a broken signature",
      (folder) => writeFileSync(file(folder, "rules.dsse.json"), "{"),
      "not the signed manifest",
      "rules.dsse.json",
    ],
    ["no card", (folder) => unlinkSync(file(folder, "rules.yaml")), "rules.yaml is missing", ""],
    ["no folder", (folder) => rmSync(folder, { recursive: true }), "cannot be read", ""],
  ];
  for (const [name, change, what, where] of tampered) {
    it(`is refused with ${name}`, () => {
      const folder = copy(change);
      const error = refused(folder);
      expect(error.code).to.equal("ERR_RULES");
      expect(error.message).to.include(what);
      expect(error.where).to.equal(path.join(folder, where));
      expect(error.mend).to.be.a("string");
    });
  }

  /** Signed by the agency as it stands, so that only what it holds can be wrong. */
  function signed(change: (folder: string) => void, card?: { name: string; version: string }): SuiteError {
    return refused(
      copy((folder) => {
        change(folder);
        signPack(folder, agency.key, card);
      }),
    );
  }
  const edit = (name: string, from: string, to: string) => (folder: string) => {
    const text = readFileSync(file(folder, name), "utf8");
    expect(text).to.include(from);
    writeFileSync(file(folder, name), text.replace(from, to));
  };

  it("is refused when card and manifest do not name one pack", () => {
    const error = signed(() => undefined, { name: "agence-d-essai", version: "2026.9" });
    expect(error.message).to.include("another pack or version");
  });

  it("is refused when it is made for another rule set, and taken when it is made for this one", () => {
    const version = 'version: "2026.1"';
    const error = signed(edit("rules.yaml", version, `${version}\nextends: "${"0".repeat(64)}"`));
    expect(error.code).to.equal("ERR_RULE_SET");
    expect(error.mend).to.include("0".repeat(64));
    const own = loadRuleSet(packageRoot()).digest;
    const folder = copy((place) => {
      edit("rules.yaml", version, `${version}\nextends: "${own}"`)(place);
      signPack(place, agency.key);
    });
    expect(openSuite({ specs: folder }).pack?.card.extends).to.equal(own);
  });

  it("is refused with every mistake in its data, told by its files, signed or not", () => {
    const error = signed((folder) => {
      edit("requirements/mss.yaml", "[mss/message-id]", "[mss/message-i]")(folder);
      edit("perimeters/agence-machine.yaml", "EXEMPLE/AGENCE.01", "EXEMPLE/AGENCE.02")(folder);
    });
    expect(error).to.be.instanceOf(MistakesError);
    const told = (error as MistakesError).problems.map(({ what, where }) => `${path.basename(where)}: ${what}`);
    expect(told).to.have.length(2);
    expect(told[0]).to.match(/agence-machine\.yaml:\d+.*no row "EXEMPLE\/AGENCE\.02"/);
    expect(told[1]).to.match(/mss\.yaml:\d+.*no check "mss\/message-i"/);
    expect(signed(edit("rules.yaml", "name:", "nom:")).message).to.include('unknown key "nom"');
    expect(signed((folder) => writeFileSync(file(folder, "rules.yaml"), Buffer.from([0xff, 0xfe]))).message).to.include(
      "UTF-8",
    );
  });

  describe("on the command line", () => {
    it("`rules sign` signs what loads, and nothing else", async () => {
      const folder = copy((place) => unlinkSync(file(place, "rules.dsse.json")));
      const good = await segurInProcess(["rules", "sign", folder, "--key", agency.keyFile, "--lang", "en"]);
      expect(good, good.stderr).to.include({ code: 0 });
      expect(openSuite({ specs: folder }).rules).to.deep.equal(openSuite({ specs: agency.specs }).rules);
      edit("requirements/mss.yaml", "[mss/message-id]", "[mss/message-i]")(folder);
      unlinkSync(file(folder, "rules.dsse.json"));
      const bad = await segurInProcess(["rules", "sign", folder, "--key", agency.keyFile, "--lang", "en"]);
      expect(bad.code).to.equal(2);
      expect(bad.stderr).to.include('there is no check "mss/message-i"');
      expect(refused(folder).message).to.include("not signed");
    });

    it("`rules show` names the signer, what is added and what is replaced", async () => {
      const told = await segurInProcess(["rules", "show", agency.specs, "--trust", agency.trustFile, "--lang", "en"]);
      expect(told.code, told.stderr).to.equal(0);
      expect(told.stdout).to.match(new RegExp(`signer +${AGENCY}`));
      expect(told.stdout)
        .to.match(/adds +perimeter agence-machine/)
        .and.to.match(/replaces +requirement MSS\/CONF\.05/);
      const { stdout } = await segurInProcess(["rules", "show", agency.specs, "--json"]);
      const shown = JSON.parse(stdout) as Record<string, unknown>;
      expect(shown).to.include({ name: "agence-d-essai", version: "2026.1", signer: null });
      expect(shown.ruleSet).to.equal(openSuite({ specs: agency.specs }).ruleSet);
      expect(shown.overlaid).to.deep.include({ kind: "scenario", id: "agence-envoi", replaces: false });
    });

    it("`rules show` with keys that did not sign it ends with 1; a tampered pack with 2", async () => {
      const other = readSigningKey(generateKeyPem("ed25519").privatePem, "other");
      const foreign = copy((folder) => signPack(folder, other));
      const unknown = await segurInProcess(["rules", "show", foreign, "--trust", agency.trustFile]);
      expect(unknown.code).to.equal(1);
      expect(unknown.stdout).to.match(/signataire +inconnu/);
      const broken = copy((folder) => writeFileSync(file(folder, "rules.yaml"), ""));
      const refusedPack = await segurInProcess(["rules", "show", broken]);
      expect(refusedPack.code).to.equal(2);
      expect(refusedPack.stderr).to.include("un fichier n'est pas celui qui a été signé").and.to.include("que faire");
    });

    it("a homologation does not begin under the rules of somebody unknown", async () => {
      const words = ["run", "-c", file(agency.folder, "none.yaml"), "--mode", "homologation", "--specs", agency.specs];
      const unknown = await segurInProcess([...words, "--lang", "en"]);
      expect(unknown.code).to.equal(2);
      expect(unknown.stderr).to.include("no trusted agency signed this rule pack");
      const known = await segurInProcess([...words, "--trust", agency.trustFile, "--lang", "en"]);
      expect(known.stderr).to.include(`signed by ${AGENCY}`).and.not.include("no trusted agency");
    });

    it("explain, plan and coverage read it", async () => {
      const told = await segurInProcess(["explain", "EXEMPLE/AGENCE.01", "--specs", agency.specs, "--lang", "en"]);
      expect(told.stdout, told.stderr).to.include("Fictitious requirement");
      const plan = await segurInProcess(["plan", "--specs", agency.specs, "--json"]);
      expect(plan.stdout).to.include('"agence-envoi"');
      expect(plan.stderr).to.include("signataire inconnu");
      const covered = await segurInProcess(["coverage", "--specs", agency.specs, "--json"]);
      expect(covered.stdout).to.include('"agence-preuves"');
      expect((await segurInProcess(["explain", "EXEMPLE/AGENCE.01"])).code).to.equal(2);
    });
  });
});
