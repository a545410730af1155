import { expect } from "chai";
import { loadSpecs, type Specs } from "../../../core/plan/index.js";
import { check, fakeRoot, mistakes } from "./support.js";

const ROW = `- id: PSC.08
  aliases: []
  wave: "2"
  domain: PSC
  couloirs: [MDV/LGC]
  obsoleteFor: []
  profiles: [Général]
  level: mandatory
  title: { fr: nôtre, en: ours }
  verification: observed
  services: [psc]
  scenarios: []
  proofs: { ids: [PSC.01.08.01], kinds: [] }
  checks: [psc/scope]
  source: "https://example.org"
  confidence: verified
`;
const CONDITIONS = "- { id: hosted, question: { fr: nôtre, en: ours } }\n";
const PERIMETER = `id: p
couloir: MDV/LGC
wave: "2"
title: { fr: a, en: b }
frozen: "2026-11-21"
basis: draft
basisNote: { fr: a, en: b }
knownGap: { fr: a, en: b }
subProfiles: []
groups:
  - { id: g, title: { fr: a, en: b }, rows: [PSC.08] }
`;
const SCENARIO = `id: login
title: { fr: nôtre, en: ours }
instruction: { fr: a, en: b }
services: [psc]
produces: [psc.token]
steps:
  - { operation: login, input: { professional: x } }
`;
const OURS = {
  "specs/requirements/psc.yaml": `${ROW}${ROW.replace("PSC.08", "PSC.09")}`,
  "specs/requirements/conditions.yaml": CONDITIONS,
  "specs/perimeters/p.yaml": PERIMETER,
  "specs/scenarios/login.yaml": SCENARIO,
};
/** One thing replaced and one added, of each kind. */
const THEIRS = {
  "requirements/psc.yaml": `${ROW.replace("ours", "theirs")}${ROW.replace("PSC.08", "EX.01").replace("[psc/scope]", "[]")}`,
  "requirements/conditions.yaml": `${CONDITIONS.replace("ours", "theirs")}- { id: new, question: { fr: a, en: b } }\n`,
  "perimeters/p.yaml": PERIMETER.replace("[PSC.08]", "[PSC.09, EX.01]"),
  "perimeters/q.yaml": PERIMETER.replace("id: p", "id: q"),
  "scenarios/login.yaml": SCENARIO.replace("ours", "theirs"),
  "scenarios/more.yaml": SCENARIO.replace("id: login", "id: more"),
};

function load(pack: Readonly<Record<string, string>>, ours: Readonly<Record<string, string>> = OURS): Specs {
  const { root, dispose } = fakeRoot(ours);
  try {
    const overlay = { folder: "pack", files: new Map(Object.entries(pack)) };
    return loadSpecs(root, { checks: [check("psc/scope", ["psc.token"])], overlay });
  } finally {
    dispose();
  }
}

const wrong = (pack: Readonly<Record<string, string>>): string[] =>
  mistakes(() => load(pack)).map(({ where, what }) => `${where} | ${what}`);

describe("a rule pack over the specs", () => {
  it("puts its items in the place of ours of the same id, adds the others, removes nothing", () => {
    const specs = load(THEIRS);
    const titles = (list: readonly { readonly id: string; readonly title: { readonly en: string } }[]) =>
      list.map((one) => `${one.id} ${one.title.en}`);
    expect(titles(specs.requirements)).to.deep.equal(["EX.01 ours", "PSC.08 theirs", "PSC.09 ours"]);
    expect(titles(specs.scenarios)).to.deep.equal(["login theirs", "more ours"]);
    expect(specs.conditions.map((one) => `${one.id} ${one.question.en}`)).to.deep.equal(["hosted theirs", "new b"]);
    expect(specs.perimeters.map((one) => [one.id, one.groups[0]?.rows])).to.deep.equal([
      ["p", ["PSC.09", "EX.01"]],
      ["q", ["PSC.08"]],
    ]);
    expect(specs.requirements.map((one) => one.origin)).to.include("pack/requirements/psc.yaml:1");
  });

  it("says what it added and what it replaced", () => {
    expect(load(THEIRS).overlaid).to.deep.equal([
      { kind: "perimeter", id: "p", replaces: true },
      { kind: "perimeter", id: "q", replaces: false },
      { kind: "requirement", id: "EX.01", replaces: false },
      { kind: "requirement", id: "PSC.08", replaces: true },
      { kind: "condition", id: "hosted", replaces: true },
      { kind: "condition", id: "new", replaces: false },
      { kind: "scenario", id: "login", replaces: true },
      { kind: "scenario", id: "more", replaces: false },
    ]);
  });

  it("an empty one changes nothing", () => {
    const { root, dispose } = fakeRoot(OURS);
    const plain = loadSpecs(root);
    dispose();
    const { overlaid, ...same } = load({});
    expect(same).to.deep.equal(plain);
    expect(overlaid).to.deep.equal([]);
    expect(plain).not.to.have.property("overlaid");
  });

  it("is never read from a folder of the suite, whatever its own is called", () => {
    const { root, dispose } = fakeRoot(OURS);
    const overlay = { folder: "specs", files: new Map([["perimeters/q.yaml", PERIMETER.replace("id: p", "id: q")]]) };
    const specs = loadSpecs(root, { overlay });
    dispose();
    expect(specs.overlaid).to.deep.equal([{ kind: "perimeter", id: "q", replaces: false }]);
  });

  it("is held to the same rules as ours, and told by its own files", () => {
    const one = (pack: Readonly<Record<string, string>>, expected: RegExp): void => {
      const found = wrong(pack);
      expect(found, found.join("\n")).to.have.length(1);
      expect(found[0]).to.match(expected);
    };
    const row = (from: string, to: string) => ({ "requirements/psc.yaml": ROW.replace(from, to) });
    one(row("[psc/scope]", "[psc/scop]"), /^pack\/requirements\/psc\.yaml:14.*there is no check "psc\/scop"/);
    one(row("level: mandatory", "level: none"), /^pack\/requirements\/psc\.yaml:8.*not one of the known values/);
    one(row("id: PSC.08", "id: null"), /^pack\/requirements\/psc\.yaml:1.*a row of a rule pack has no id/);
    one(row("- id", `${ROW}- id`), /the row "PSC\.08" stands twice/);
    one(row("wave:", "weights: {}\n  wave:"), /unknown key "weights"/);
    one({ "perimeters/q.yaml": PERIMETER.replace("PSC.08", "PSC.80") }, /^pack\/perimeters\/q\.yaml.*no row "PSC\.80"/);
    one({ "scenarios/x.yaml": SCENARIO.replace("operation: login", "operation: format") }, /^pack\/scenarios\/x\.yaml/);
    one(
      { "scenarios/x.yaml": SCENARIO.replace("{ professional: x }", "{ a: $patient }") },
      /"\$patient" names nothing/,
    );
  });

  it("cannot change what a message of a check weighs, only whether it bears on a row", () => {
    const messages = (id: string) => ({
      "requirements/psc.yaml": ROW.replace("source:", `messages: { psc/scope: [${id}] }\n  source:`),
    });
    expect(wrong(messages("absent"))[0]).to.include('psc/scope has no breach message "absent"');
  });
});
