/**
 * Fictitious identities drawn from a seed. The fixtures give the structure (who is whose homonym, who was born in Corsica, whose
 * key is wrong, what INSi answers); names, days, numbers and local identifiers are drawn. What was equal stays equal, what
 * differed still differs. docs/challenge.md says what is drawn.
 */
import { byCodeUnit, type PatientFixture, type ProfessionalFixture, SuiteError } from "../../core/model/index.js";
import { nirKey } from "../../protocols/ins.js";
import type { Identities } from "./identities.js";
import { type Dice, distinct, wordOf } from "./seeded.js";

/** `seed`: 32 bytes. Throws SuiteError ERR_SPEC when the fixtures hold what there is no rule to draw. */
export function drawIdentities(identities: Identities, seed: Uint8Array): Identities {
  const { patients, professionals } = identities;
  const tables = drawTables(patients, seed);
  return {
    patients: patients.map((patient) => drawPatient(patient, tables)),
    professionals: drawProfessionals(professionals, seed),
  };
}

// ---- patients ----------------------------------------------------------------------------------------------------------

/** What each value of the fixtures became. */
interface Tables {
  readonly words: ReadonlyMap<string, string>;
  readonly dates: ReadonlyMap<string, string>;
  readonly orders: ReadonlyMap<string, string>;
  readonly localIds: ReadonlyMap<string, string>;
}

function drawTables(patients: readonly PatientFixture[], seed: Uint8Array): Tables {
  const numbers = patients.flatMap(numbersOf);
  // What the fixtures hold is not drawn again: a value of theirs in a drawn session would say nothing of the challenge.
  const table = (what: string, values: readonly string[], draw: (dice: Dice, value: string) => string) => {
    const taken = new Set(values);
    return new Map(
      [...new Set(values)]
        .sort(byCodeUnit)
        .map((value) => [value, distinct(seed, `${what}:${value}`, taken, (dice) => draw(dice, value))]),
    );
  };
  return {
    words: table("name", patients.flatMap(namesOf).flatMap(drawnWords), (dice) => wordOf(dice, "ADR", 4)),
    dates: table(
      "date",
      patients.map((patient) => patient.birthDate),
      drawDate,
    ),
    orders: table(
      "order",
      numbers.map((number) => number.slice(10, 13)),
      (dice) => String(1 + dice.below(999)).padStart(3, "0"),
    ),
    localIds: table(
      "localId",
      patients.map((patient) => patient.localId),
      (dice, value) => `${value.replace(/\d+$/, "")}${String(dice.below(90_000_000) + 10_000_000)}`,
    ),
  };
}

function drawPatient(patient: PatientFixture, tables: Tables): PatientFixture {
  const birthDate = drawnOf(tables.dates, patient.birthDate);
  const number = (value: string) => drawNumber(value, patient, birthDate, tables);
  return {
    ...patient,
    birthName: drawName(patient.birthName, tables),
    ...(patient.usedName === undefined ? {} : { usedName: drawName(patient.usedName, tables) }),
    birthDate,
    ins: patient.ins && { ...patient.ins, matricule: number(patient.ins.matricule) },
    localId: drawnOf(tables.localIds, patient.localId),
    ...(patient.insi?.birthDate === undefined
      ? {}
      : { insi: { ...patient.insi, birthDate: likeDate(patient.insi.birthDate, patient.birthDate, birthDate) } }),
    history: patient.history.map((former) => ({ ...former, matricule: number(former.matricule) })),
  };
}

function namesOf({ birthName, usedName }: PatientFixture): string[] {
  return usedName === undefined ? [birthName] : [birthName, usedName];
}

function numbersOf({ ins, history }: PatientFixture): string[] {
  return [...(ins ? [ins.matricule] : []), ...history.map((former) => former.matricule)];
}

/** Words of a name that are drawn: the longest, and all of four letters or more. `DE`, `D'` and `L'` stay. */
export function drawnWords(name: string): string[] {
  const words = name.split(/[^A-Z]+/).filter((word) => word !== "");
  const longest = Math.max(...words.map((word) => word.length));
  return words.filter((word) => word.length >= Math.min(longest, 4));
}

function drawName(name: string, { words }: Tables): string {
  const drawn = new Set(drawnWords(name));
  return name.replace(/[A-Z]+/g, (word) => (drawn.has(word) ? drawnOf(words, word) : word));
}

/** Another day of the same year: ages keep their meaning. A day or a month that is unknown (`00`) stays so. */
function drawDate(dice: Dice, date: string): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(5, 7), date.slice(8, 10)];
  const drawn = (value: string, most: number) =>
    value === "00" ? value : String(1 + dice.below(most)).padStart(2, "0");
  return `${year}-${drawn(month, 12)}-${drawn(day, 28)}`;
}

/**
 * A date that a scenario, or the base of INSi, gives beside the fixture's own: each part that was the fixture's becomes the
 * drawn one; a part that differed is kept, or moved by one where it would now be the same.
 */
export function likeDate(date: string, fixture: string, drawn: string): string {
  const parts = (text: string): string[] => [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)];
  const [own, before, after] = [parts(date), parts(fixture), parts(drawn)];
  return own.map((value, i) => likePart(value, before[i] ?? "", after[i] ?? "", i === 1 ? 12 : 28)).join("-");
}

function likePart(value: string, fixture: string, drawn: string, most: number): string {
  if (value === fixture) return drawn;
  return value === drawn ? String((Number(value) % most) + 1).padStart(value.length, "0") : value;
}

/** Commune number that is nobody's birth place (domain notes ins.md, section 8.2): such a number cannot have been given. */
const NO_COMMUNE = "999";

/**
 * Matricule: sex, year and department stay; month and order follow what was drawn for them, so that numbers which shared them
 * still do. The commune is none, whatever the birth place: software must not hold the two against each other (ins.md, section
 * 3.2). The key is right where it was right, and as far from right where it was wrong.
 */
function drawNumber(number: string, patient: PatientFixture, birthDate: string, tables: Tables): string {
  // Abroad, 999 would stand for a country.
  if (number.slice(5, 7) === "99") throw noRule(number);
  const month = likePart(number.slice(3, 5), patient.birthDate.slice(5, 7), birthDate.slice(5, 7), 12);
  const order = drawnOf(tables.orders, number.slice(10, 13));
  const drawn = `${number.slice(0, 3)}${month}${number.slice(5, 7)}${NO_COMMUNE}${order}`;
  const error = Number(number.slice(13)) - keyOf(number.slice(0, 13));
  const key = ((keyOf(drawn) - 1 + error + 97) % 97) + 1;
  return `${drawn}${String(key).padStart(2, "0")}`;
}

function keyOf(number: string): number {
  const key = nirKey(number);
  if (key === null) throw noRule(number);
  return Number(key);
}

function drawnOf(table: ReadonlyMap<string, string>, value: string): string {
  const drawn = table.get(value);
  if (drawn === undefined) throw noRule(value);
  return drawn;
}

function noRule(value: string): SuiteError {
  return new SuiteError("ERR_SPEC", `there is no rule to draw ${value}`, {
    where: "fixtures/identities/patients.yaml",
    mend: "a matricule has 15 characters, and is of somebody born in France",
  });
}

// ---- professionals -----------------------------------------------------------------------------------------------------

/**
 * Family names and national identifiers, wherever the claims hold them. The identifier keeps its first eight digits, which no
 * professional has, and the check digit of the RPPS. Structures and given names stay. Mailboxes stay too, for a software may
 * be configured with them; each that holds the family name is doubled by one with the drawn name, for others make it of that.
 */
function drawProfessionals(professionals: readonly ProfessionalFixture[], seed: Uint8Array): ProfessionalFixture[] {
  const names = new Set<string>();
  // Somebody else whom PSC speaks of in a faulted answer (services/psc/faults.ts).
  const ids = new Set<string>(["899900000999"]);
  return professionals.map((professional) => {
    const { nationalId, familyName, mailboxes } = professional;
    const name = distinct(seed, `familyName:${familyName}`, names, (dice) => wordOf(dice, "EXE", 4));
    const id = distinct(seed, `nationalId:${nationalId}`, ids, (dice) => drawNationalId(dice, nationalId));
    const known = new Map([
      [familyName, name],
      [nationalId, id],
    ]);
    const own = mailboxes.map((mailbox) => {
      const [local = "", ...domain] = mailbox.split("@");
      return [local.replace(familyName.toLowerCase(), name.toLowerCase()), ...domain].join("@");
    });
    return {
      ...replaceTexts(professional, (text) => known.get(text) ?? text),
      mailboxes: [...new Set([...mailboxes, ...own])],
    };
  });
}

function drawNationalId(dice: Dice, nationalId: string): string {
  const number = `${nationalId.slice(0, 8)}${String(dice.below(1000)).padStart(3, "0")}`;
  return `${number}${luhnDigit(number.slice(1))}`;
}

/** Check digit that an RPPS ends with (ISO/IEC 7812-1, annex B). */
function luhnDigit(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** The value with every text of it replaced, keys and structure kept. */
export function replaceTexts<T>(value: T, replace: (text: string) => string): T;
export function replaceTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((item: unknown) => replaceTexts(item, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaceTexts(member, replace)]));
}
