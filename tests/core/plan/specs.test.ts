import { expect } from "chai";
import { loadSpecs } from "../../../core/plan/index.js";
import { check, fakeRoot, mistakes } from "./support.js";

/** What makes the row served. */
const SERVED = "proofs: { ids: [PSC.08.01.01], kinds: [] }";
const ROW = `- id: PSC.08
  aliases: []
  wave: "2"
  domain: PSC
  couloirs: [MDV/LGC]
  obsoleteFor: []
  profiles: [Général]
  level: mandatory
  title: { fr: a, en: b }
  verification: observed
  services: [psc]
  how: { fr: x, en: x }
  scenarios: []
  ${SERVED}
  checks: []
  source: "https://example.org"
  confidence: verified
`;
const CONDITIONS = "- { id: c, question: { fr: a, en: b } }\n";
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
title: { fr: a, en: b }
instruction: { fr: a, en: b }
services: [psc]
produces: [psc.token]
patient: { key: adrun-zoe, status: QUAL }
professional: ps-exemple
values: { title: t }
steps:
  - { operation: patient.put, input: { patient: $patient } }
  - { operation: login, input: { professional: $professional, x: [$values.title, $step.0.patientId] } }
  - { control: { service: psc, command: reset } }
  - { observe: 100 }
`;

const FILES = {
  "specs/requirements/psc.yaml": ROW,
  "specs/requirements/conditions.yaml": CONDITIONS,
  "specs/perimeters/p.yaml": PERIMETER,
  "specs/scenarios/psc/login.yaml": SCENARIO,
};

/** Mistakes told when the good files are changed; each as `where | what | mend`. */
function wrong(changes: Readonly<Record<string, string>>, checks = [check("psc/scope", ["psc.token"])]): string[] {
  const { root, dispose } = fakeRoot({ ...FILES, ...changes });
  try {
    return mistakes(() => loadSpecs(root, { checks })).map((one) => `${one.where} | ${one.what} | ${one.mend}`);
  } finally {
    dispose();
  }
}

const row = (from: string, to: string) => ({ "specs/requirements/psc.yaml": ROW.replace(from, to) });
const UNSERVED = row(SERVED, "proofs: { ids: [], kinds: [] }");
const scenario = (from: string, to: string) => ({ "specs/scenarios/psc/login.yaml": SCENARIO.replace(from, to) });

describe("the specs", () => {
  it("load, in any number of files, one scenario or a list in each", () => {
    const twin = SCENARIO.replace("id: login", "id: login-fault").replace(/^/gm, "  ").replace("  id", "- id");
    const faults = "  faults: [{ service: psc, at: token, kind: bad-signature }]\n  control: login\n";
    const { root, dispose } = fakeRoot({ ...FILES, "specs/scenarios/more.yaml": `${twin.trimEnd()}\n${faults}` });
    const specs = loadSpecs(root, { checks: [check("psc/scope", ["psc.token"], ["login-fault"])] });
    dispose();
    expect(specs.scenarios.map((one) => [one.id, one.origin])).to.deep.equal([
      ["login", "specs/scenarios/psc/login.yaml:1"],
      ["login-fault", "specs/scenarios/more.yaml:1"],
    ]);
    expect(specs.requirements[0]?.supports).to.deep.equal([]);
    expect(specs.perimeters.map((one) => one.id)).to.deep.equal(["p"]);
  });

  it("tell a wrong shape with its place", () => {
    expect(wrong(row("level: mandatory", "level: mandatry"))).to.deep.equal([
      'specs/requirements/psc.yaml:8:10 ([0].level) | "mandatry" is not one of the known values | Write one of: mandatory, conditional, optional, unknown. Did you mean "mandatory"?',
    ]);
    expect(wrong(scenario("{ observe: 100 }", "{ observe: 100, operation: login }"))).to.deep.equal([
      "specs/scenarios/psc/login.yaml:13:5 (steps[3]) | the value has not the expected shape | Expected: a step with exactly one of: operation, control, observe.",
    ]);
    expect(wrong(scenario("id: login", "id: login\nextra: 1"))[0]).to.match(/login\.yaml:2:1 \(extra\) \| unknown key/);
  });

  const cross: readonly [string, Readonly<Record<string, string>>, RegExp][] = [
    ["a row that stands twice", row("- id", `${ROW}- id`), /\[1\]\.id\) \| the row "PSC\.08" stands twice/],
    [
      "a check that is not there",
      row("checks: []", "checks: [psc/scop]"),
      /psc\.yaml:15:12 .*"psc\/scop".*Did you mean "psc\/scope"/,
    ],
    [
      "a support that is not there",
      row("checks: []", "checks: []\n  supports: [psc/no]"),
      /supports\[0\]\) \| there is no check/,
    ],
    [
      "a check that is also a support",
      row("checks: []", "checks: [psc/scope]\n  supports: [psc/scope]"),
      /under checks and under supports/,
    ],
    ["a condition that is not there", row("checks: []", "checks: []\n  condition: d"), /there is no condition "d"/],
    [
      "a perimeter's unknown row",
      { "specs/perimeters/p.yaml": PERIMETER.replace("[PSC.08]", "[PSC.09]") },
      /rows\[0\]\) \| there is no row "PSC\.09" \| Did you mean "PSC\.08"/,
    ],
    [
      "a row twice in a perimeter",
      { "specs/perimeters/p.yaml": `${PERIMETER}  - { id: h, title: { fr: a, en: b }, rows: [PSC.08] }\n` },
      /groups\[1\]\.rows\[0\]\) \| the row "PSC\.08" stands twice/,
    ],
    ["a row nothing serves", UNSERVED, /"PSC\.08" has neither check nor proof/],
    [
      "a row that has only a part of its checks",
      row(SERVED, "proofs: { ids: [], kinds: [] }\n  supports: [psc/scope]"),
      /"PSC\.08" has neither check nor proof/,
    ],
    [
      "an exclusion beside a proof",
      row("checks: []", "excluded: { fr: personne ne sait, en: nobody can tell }\n  checks: []"),
      /excluded and has a check or a proof/,
    ],
    [
      "an exclusion without a reason",
      row(SERVED, "proofs: { ids: [], kinds: [] }\n  excluded: { fr: personne ne sait, en: no }"),
      /the text is too short/,
    ],
    [
      "an unknown patient",
      scenario("adrun-zoe", "adrun-zo"),
      /patient\.key\) \| there is no patient .*Did you mean "adrun-zoe"/,
    ],
    [
      "an unknown professional",
      scenario("professional: ps-exemple", "professional: ps-exempl"),
      /there is no professional .*Did you mean "ps-exemple"/,
    ],
    ["an unknown control", scenario("produces", "control: none\nproduces"), /there is no scenario "none"/],
    ["a scenario that is its own control", scenario("produces", "control: login\nproduces"), /its own control/],
    [
      "a fault of a service not started",
      scenario("produces", "faults: [{ service: ins, at: a, kind: b }]\nproduces"),
      /"ins" is not started/,
    ],
    [
      "a control call to a service not started",
      scenario("service: psc, command", "service: ins, command"),
      /"ins" is not started/,
    ],
    [
      "a step that looks ahead",
      scenario("$step.0.patientId", "$step.1.patientId"),
      /steps\[1\]\.input\.x\[1\]\) \| "\$step\.1\.patientId" names nothing/,
    ],
    ["a value that is not there", scenario("$values.title", "$values.titel"), /names nothing \| Did you mean "title"/],
    [
      "a patient that is not there",
      scenario("patient: { key: adrun-zoe, status: QUAL }\n", ""),
      /"\$patient" names nothing/,
    ],
    ["a word that is no reference", scenario("$patient", "$patien"), /Known: \$patient/],
  ];
  for (const [name, changes, expected] of cross) {
    it(`refuse ${name}`, () => {
      const found = wrong(changes);
      expect(found).to.have.lengthOf(1);
      expect(found[0]).to.match(expected);
    });
  }

  it("refuse a verdict by checks where a person must judge", () => {
    const tied = ROW.replace("checks: []", "checks: [psc/scope]");
    const declared = wrong({ "specs/requirements/psc.yaml": tied.replace("observed", "declared") });
    expect(declared).to.have.lengthOf(1);
    expect(declared[0]).to.match(/\[0\]\.checks\) \| a person must establish this row/);
  });

  it("want a proof or an exclusion of a row whose checks give no verdict in the couloir", () => {
    const tied = (UNSERVED["specs/requirements/psc.yaml"] ?? "").replace("checks: []", "checks: [psc/scope]");
    const variant = (couloir: string, text = tied) => ({
      "specs/requirements/psc.yaml": `${text}  variants: { ${couloir}: { fr: a, en: b } }\n`,
    });
    expect(wrong(variant("MDV/LGC"))).to.deep.equal([
      'specs/perimeters/p.yaml:11:46 (groups[0].rows[0]) | the row "PSC.08" says something else in this couloir, where its checks give no verdict, and has no proof | Give it a proof, or move its checks to "supports" and say why in "excluded".',
    ]);
    const proved = ROW.replace("checks: []", "checks: [psc/scope]");
    for (const good of [variant("HOP/DPI"), variant("MDV/LGC", proved)]) {
      expect(() => wrong(good)).to.throw("nothing was refused");
    }
  });

  it("refuse messages of a check the row is not tied to, and messages that are not there or only remark", () => {
    const message = (weight: "breach" | "remark") =>
      ({ weight, source: "s", mark: "standard", witness: "none", fr: "f", en: "e" }) as const;
    const scope = {
      ...check("psc/scope", ["psc.token"]),
      messages: { absent: message("breach"), odd: message("remark") },
    };
    const tie = (text: string) => wrong(row("checks: []", `checks: [psc/scope]\n  messages: ${text}`), [scope]);
    expect(tie("{ psc/scop: [] }")[0]).to.match(/"psc\/scop" is not under checks \| Did you mean "psc\/scope"/);
    expect(tie("{ psc/scope: [absnt] }")[0]).to.match(
      /psc\.yaml:16:27 .*has no breach message "absnt" \| Did you mean "absent"/,
    );
    expect(tie("{ psc/scope: [odd] }")).to.have.lengthOf(1);
  });

  it("refuse a control that is itself faulted", () => {
    const twin = (id: string, control: string) =>
      SCENARIO.replace("id: login", `id: ${id}\ncontrol: ${control}\nfaults: [{ service: psc, at: a, kind: b }]`);
    const found = wrong({
      "specs/scenarios/a.yaml": twin("one", "login"),
      "specs/scenarios/b.yaml": twin("two", "one"),
    });
    expect(found).to.have.lengthOf(1);
    expect(found[0]).to.match(/b\.yaml:2:10 \(control\) \| the control "one" is itself faulted/);
  });

  it("refuse a check that names a scenario nobody wrote", () => {
    const found = wrong({}, [check("psc/scope", ["psc.token"], ["logn"])]);
    expect(found).to.deep.equal([
      'check psc/scope (scenarios) | there is no scenario "logn" | Did you mean "login"? Known: login.',
    ]);
  });
});
