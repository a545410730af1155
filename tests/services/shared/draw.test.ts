import { createHash } from "node:crypto";
import path from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { allChecks } from "../../../checks/index.js";
import { canonicalJson, type PatientFixture, packageRoot, type Scenario } from "../../../core/model/index.js";
import { loadSpecs, openSchemas } from "../../../core/plan/index.js";
import { firstNameList, nirKey } from "../../../protocols/ins.js";
import { findRealLookingIns } from "../../../protocols/ins-number.js";
import { findByTraits, identityOf } from "../../../services/ins/identities.js";
import { drawIdentities, likeDate } from "../../../services/shared/draw.js";
import { drawOrder, drawScenario, drawSession, wordsOf } from "../../../services/shared/draw-scenarios.js";
import { type Identities, loadIdentities } from "../../../services/shared/identities.js";
import { diceOf, distinct } from "../../../services/shared/seeded.js";

const root = packageRoot();
const before = loadIdentities(root);
const { scenarios } = loadSpecs(root, { checks: allChecks });

const seedOf = (name: string): Uint8Array => createHash("sha256").update(name).digest();
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

function patient(identities: Identities, key: string): PatientFixture {
  const found = identities.patients.find((one) => one.key === key);
  if (!found) throw new Error(`no patient ${key}`);
  return found;
}

const numbersOf = ({ ins, history }: PatientFixture): string[] => [
  ...(ins ? [ins.matricule] : []),
  ...history.map((former) => former.matricule),
];
const keyIsRight = (number: string): boolean => nirKey(number.slice(0, 13)) === number.slice(13);

describe("draws from a seed", () => {
  it("gives the same for the same seed and label, and something else for another", () => {
    const draw = (seed: string, label: string) => {
      const dice = diceOf(seedOf(seed), label);
      return Array.from({ length: 20 }, () => dice.below(1000));
    };
    // Written down: another version, or another machine, must draw the same.
    expect(draw("a", "x").slice(0, 5)).to.deep.equal(GOLDEN_DRAWS);
    expect(draw("a", "x")).to.deep.equal(draw("a", "x"));
    expect(draw("a", "x")).not.to.deep.equal(draw("a", "y"));
    expect(draw("a", "x")).not.to.deep.equal(draw("b", "x"));
  });

  it("draws each number about as often", () => {
    const dice = diceOf(seedOf("even"), "x");
    const counts = Array.from({ length: 7 }, () => 0);
    for (let i = 0; i < 70_000; i += 1) {
      const drawn = dice.below(7);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(count).to.be.within(9_000, 11_000);
  });

  it("refuses a seed of another length", () => {
    expect(() => diceOf(new Uint8Array(31), "x")).to.throw("32 bytes");
  });

  it("draws again what is taken, and says when nothing is left", () => {
    const taken = new Set<string>();
    const draw = () => distinct(seedOf("a"), "x", taken, (dice) => String(dice.below(3)));
    expect(new Set([draw(), draw(), draw()])).to.deep.equal(new Set(["0", "1", "2"]));
    expect(draw).to.throw("nothing is left to draw");
  });
});

/** As Python's `hmac` gives them. */
const GOLDEN_DRAWS = [189, 778, 539, 54, 179];

describe("identities drawn from a seed", () => {
  const drawn = drawIdentities(before, seedOf("a"));

  it("are the same for the same seed, on any machine", () => {
    expect(canonicalJson(drawIdentities(before, seedOf("a")))).to.equal(canonicalJson(drawn));
    expect(canonicalJson(drawIdentities(before, seedOf("b")))).not.to.equal(canonicalJson(drawn));
    const { birthName, birthDate, birthPlace, ins, localId } = patient(drawn, "adrun-zoe");
    expect([birthName, birthDate, birthPlace, ins?.matricule, localId]).to.deep.equal(GOLDEN_PATIENT);
  });

  it("do not depend on who else is in the fixtures", () => {
    const fewer = { ...before, patients: before.patients.filter(({ key }) => key !== "nessi-michelangelo") };
    const rest = drawn.patients.filter(({ key }) => key !== "nessi-michelangelo");
    expect(drawIdentities(fewer, seedOf("a")).patients).to.deep.equal(rest);
  });

  it("fit the schemas of the fixtures", () => {
    const schemas = openSchemas(path.join(root, "specs", "schemas"));
    const patients = drawn.patients.map(({ status: _status, ...row }) => row);
    expect(schemas.validator("patients")(patients)).to.equal(true);
    expect(schemas.validator("professionals")(drawn.professionals)).to.equal(true);
  });

  it("keep everything but names, days, numbers and local identifiers", () => {
    const kept = ({ patients }: Identities) =>
      patients.map(
        ({
          key,
          firstName,
          birthFirstNames,
          sex,
          birthPlace,
          insiOid,
          insiAnswer,
          dmp,
          insi,
          birthDate,
          ins,
          history,
        }) => ({
          ...{ key, firstName, birthFirstNames, sex, birthPlace, insiOid, insiAnswer, dmp, insi },
          year: birthDate.slice(0, 4),
          oid: ins?.oid,
          former: history.map(({ oid }) => oid),
        }),
      );
    expect(kept(drawn)).to.deep.equal(kept(before));
  });

  it("leave nothing of the fixtures that was to be drawn", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const text = canonicalJson(drawIdentities(before, seed).patients);
        for (const { birthName, localId, ...rest } of before.patients) {
          expect(text).not.to.include(JSON.stringify(birthName));
          expect(text).not.to.include(localId);
          for (const number of numbersOf({ birthName, localId, ...rest })) expect(text).not.to.include(number);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("keep equal what was equal and apart what was apart", () => {
    const members: readonly ((one: PatientFixture) => string | undefined)[] = [
      (one) => one.birthName,
      (one) => one.usedName,
      (one) => one.birthDate,
      (one) => one.birthPlace,
      (one) => one.localId,
      (one) => one.ins?.matricule,
      (one) => one.history[0]?.matricule,
      (one) => one.history[1]?.matricule,
    ];
    /** For every two people and every two members: whether they are the same. */
    const sameness = (patients: readonly PatientFixture[]): string => {
      const values = patients.flatMap((one) => members.map((of) => of(one)));
      return values.map((a) => values.map((b) => (a === b ? "=" : ".")).join("")).join("\n");
    };
    fc.assert(
      fc.property(seeds, (seed) => {
        const after = drawIdentities(before, seed).patients;
        expect(sameness(after)).to.equal(sameness(before.patients));
      }),
      { numRuns: 50 },
    );
  });

  it("have numbers of nobody that agree with the traits, with right and wrong keys where they were", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const after = drawIdentities(before, seed);
        for (const [index, was] of before.patients.entries()) {
          const is = after.patients[index] as PatientFixture;
          expect(new Date(is.birthDate).toISOString().slice(0, 10)).to.equal(is.birthDate);
          const numbers = numbersOf(was);
          for (const [i, number] of numbersOf(is).entries()) {
            const old = numbers[i] ?? "";
            expect(number.slice(5, 10)).to.equal(`${is.birthPlace.slice(0, 2)}999`);
            expect(number.slice(0, 3)).to.equal(old.slice(0, 3));
            expect(number.slice(3, 5) === is.birthDate.slice(5, 7)).to.equal(
              old.slice(3, 5) === was.birthDate.slice(5, 7),
            );
            expect(number.slice(3, 5)).to.match(/^(0[1-9]|1[0-2])$/);
            expect(keyIsRight(number)).to.equal(keyIsRight(old));
            expect(number.slice(13)).to.match(/^(0[1-9]|[1-8]\d|9[0-7])$/);
          }
        }
        const all = Buffer.from(canonicalJson(after));
        expect(findRealLookingIns(all, { fictitious: new Set() })).to.deep.equal({ found: [], unseen: [] });
      }),
      { numRuns: 50 },
    );
  });

  it("are found by the same searches", () => {
    const base = (identities: Identities) => {
      const persons = identities.patients.map(identityOf);
      const keyOf = new Map(persons.map((person, i) => [person, identities.patients[i]?.key]));
      return identities.patients.flatMap((who) =>
        [who.firstName, who.birthFirstNames, ...firstNameList({ firstNames: [who.birthFirstNames] } as never)].flatMap(
          (name) =>
            [null, who.birthPlace].map((birthPlace) =>
              findByTraits(persons, {
                birthName: who.birthName,
                firstNames: [name],
                sex: who.sex,
                birthDate: who.birthDate,
                birthPlace,
              }).map((person) => keyOf.get(person)),
            ),
        ),
      );
    };
    const expected = base(before);
    expect(expected.filter((found) => found.length > 1)).not.to.deep.equal([]);
    for (const seed of ["a", "b", "c"]) expect(base(drawIdentities(before, seedOf(seed)))).to.deep.equal(expected);
  });

  it("name professionals whom nobody is, wherever the claims say so, and leave their mailboxes open", () => {
    const luhn = (digits: string): boolean =>
      [...digits].reverse().reduce((sum, digit, i) => {
        const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
        return sum + (value > 9 ? value - 9 : value);
      }, 0) %
        10 ===
      0;
    for (const [index, was] of before.professionals.entries()) {
      const is = drawn.professionals[index];
      if (!is) throw new Error("one is missing");
      expect(is.nationalId).to.match(/^89990000\d{4}$/);
      expect(luhn(is.nationalId.slice(1))).to.equal(true);
      expect(luhn(was.nationalId.slice(1)), "so have the fixtures").to.equal(true);
      expect(is.nationalId).not.to.equal(was.nationalId);
      expect(is.familyName).to.match(/^EXE[A-Z]{8}$/);
      const text = canonicalJson(is.claims);
      expect(text).not.to.include(`"${was.nationalId}"`);
      expect(text).not.to.include(`"${was.familyName}"`);
      expect(is.claims.SubjectNameID).to.equal(is.nationalId);
      expect(is.claims.family_name).to.equal(is.familyName);
      expect(is.mailboxes).to.include.members([...was.mailboxes]);
      const [own] = is.mailboxes.slice(was.mailboxes.length);
      expect(own).to.match(new RegExp(`^[a-z]+\\.${is.familyName.toLowerCase()}@`));
    }
    const other = drawIdentities(before, seedOf("b")).professionals;
    expect(other.map(({ nationalId }) => nationalId)).not.to.deep.equal(
      drawn.professionals.map(({ nationalId }) => nationalId),
    );
  });

  it("say what there is no rule for", () => {
    const [first] = before.patients;
    if (!first) throw new Error("nobody");
    const drawing = (change: Partial<PatientFixture>) => () =>
      drawIdentities({ ...before, patients: [{ ...first, ...change }] }, seedOf("a"));
    expect(drawing({ ins: { matricule: "275129935274974", oid: "1" } })).to.throw("no rule to draw 275129935274974");
    expect(drawing({ ins: { matricule: "27512", oid: "1" } })).to.throw("no rule to draw");
  });
});

const GOLDEN_PATIENT: readonly string[] = ["ADRVEDULESA", "1975-09-07", "63220", "275096399992155", "IPP-74796883"];

describe("dates beside a drawn one", () => {
  it("follow it part by part, and stay apart where they were", () => {
    expect(likeDate("1975-12-00", "1975-12-31", "1975-03-07")).to.equal("1975-03-00");
    expect(likeDate("1975-00-00", "1975-12-31", "1975-03-07")).to.equal("1975-00-00");
    expect(likeDate("2010-08-17", "2010-08-07", "2010-02-28")).to.equal("2010-02-17");
    expect(likeDate("2010-08-17", "2010-08-07", "2010-02-17")).to.equal("2010-02-18");
    expect(likeDate("2010-08-28", "2010-08-07", "2010-02-28")).to.equal("2010-02-01");
    expect(likeDate("2010-12-07", "2010-08-07", "2010-12-28")).to.equal("2010-01-28");
  });
});

describe("scenarios drawn from a seed", () => {
  const seed = seedOf("a");
  const session = drawSession(before, scenarios, seed);
  const one = (id: string): Scenario => {
    const found = session.scenarios.find((scenario) => scenario.id === id);
    if (!found) throw new Error(`no scenario ${id}`);
    return found;
  };

  it("keep nothing of the fixtures' identities", () => {
    const text = canonicalJson(session.scenarios.map(({ title: _title, instruction: _instruction, ...rest }) => rest));
    for (const who of before.patients) {
      for (const number of numbersOf(who)) expect(text).not.to.include(number.slice(0, 13));
      expect(text).not.to.include(who.birthName);
      expect(text).not.to.include(who.localId);
    }
    // Where the fixtures do stand, so that the test above can fail.
    expect(canonicalJson(scenarios)).to.include(patient(before, "adrtrois-dominique").ins?.matricule);
  });

  it("keep their meaning", () => {
    const value = (id: string) => one(id).faults?.[0]?.args?.value;
    const zoe = patient(session.identities, "adrun-zoe").birthDate;
    expect(value("ins-answer-day-unknown")).to.equal(`${zoe.slice(0, 8)}00`);
    expect(value("ins-answer-month-unknown")).to.equal(`${zoe.slice(0, 4)}-00-00`);
    const nessi = patient(session.identities, "nessi-michelangelo").birthDate;
    expect(String(value("ins-search-refused")).slice(0, 8)).to.equal(nessi.slice(0, 8));
    expect(value("ins-search-refused")).not.to.equal(nessi);
    expect(value("ins-search-more-names")).to.equal("ZOE ALICE");
    const card = one("ins-search-card").values?.card as { readonly number: string; readonly rank: number };
    expect(card).to.deep.equal({ number: patient(session.identities, "adrtrois-dominique").ins?.matricule, rank: 1 });
  });

  it("change in nothing else", () => {
    const rest = ({ values: _values, faults: _faults, ...others }: Scenario) => others;
    expect(session.scenarios.map(rest)).to.deep.equal(scenarios.map(rest));
    const kinds = ({ faults }: Scenario) => faults?.map(({ args: _args, ...fault }) => fault);
    expect(session.scenarios.map(kinds)).to.deep.equal(scenarios.map(kinds));
  });

  it("give a word of its own to each document and each mail", () => {
    const words = session.scenarios.flatMap(({ values }) => wordsOf(values ?? {}));
    const asked = scenarios.flatMap(({ values }) =>
      Object.entries(values ?? {}).filter(
        ([name, value]) => name === "body" || typeof (value as { title?: unknown }).title === "string",
      ),
    );
    expect(words).to.have.lengthOf(asked.length);
    expect(asked.length).to.be.greaterThan(30);
    expect(new Set(words).size).to.equal(words.length);
    const { first, second } = one("dmp-submit-twice").values as Record<string, { title: string; text: string }>;
    expect(first?.title).to.match(/^CR de consultation REF[A-Z]{10}$/);
    expect(first?.text.slice(-13)).to.equal(first?.title.slice(-13));
    expect(second?.title.slice(-13)).not.to.equal(first?.title.slice(-13));
    expect(wordsOf({ body: "a body that ends with REFUSED" })).to.deep.equal([]);
  });

  it("fill in what stands in steps too", () => {
    const scenario: Scenario = {
      ...one("ins-search-card"),
      steps: [
        { operation: "ins.search", input: { card: { number: "297022A02077878" }, birthDate: "1997-02-00" } },
        { control: { service: "mss", command: "mailbox", args: { owner: "899900000029" } } },
        { observe: 10 },
      ],
    };
    const drawn = drawScenario(scenario, { identities: before, drawn: session.identities, seed });
    const dominique = patient(session.identities, "adrtrois-dominique");
    expect(drawn.steps).to.deep.equal([
      {
        operation: "ins.search",
        input: { card: { number: dominique.ins?.matricule }, birthDate: `${dominique.birthDate.slice(0, 8)}00` },
      },
      {
        control: {
          service: "mss",
          command: "mailbox",
          args: { owner: session.identities.professionals[1]?.nationalId },
        },
      },
      { observe: 10 },
    ]);
  });

  describe("in an order", () => {
    const ids = (list: readonly Scenario[]) => list.map(({ id }) => id);

    it("that loses none, and is the same however they were given", () => {
      const ordered = ids(drawOrder(scenarios, seed));
      expect([...ordered].sort()).to.deep.equal([...ids(scenarios)].sort());
      expect(ids(drawOrder([...scenarios].reverse(), seed))).to.deep.equal(ordered);
      expect(ids(drawOrder(session.scenarios, seed))).to.deep.equal(ordered);
      expect(ids(drawOrder(scenarios, seedOf("b")))).not.to.deep.equal(ordered);
    });

    it("in which controls come first and exclusive scenarios last", () => {
      fc.assert(
        fc.property(seeds, (any) => {
          const ordered = drawOrder(scenarios, any);
          const place = new Map(ordered.map(({ id }, index) => [id, index]));
          for (const { id, control } of ordered) {
            if (control !== undefined) expect(place.get(control)).to.be.lessThan(place.get(id) ?? -1);
          }
          const firstExclusive = ordered.findIndex(({ exclusive }) => exclusive);
          expect(ordered.slice(firstExclusive).every(({ exclusive }) => exclusive)).to.equal(true);
        }),
        { numRuns: 50 },
      );
    });
  });
});
