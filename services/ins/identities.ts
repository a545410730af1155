/** The identity base behind the mock: which fictitious person a search designates. */
import type { PatientFixture } from "../../core/model/index.js";
import { firstNameList, type InsCardSearch, type InsTraits, isInsDate, normaliseName } from "../../protocols/ins.js";

/** A person as the base holds it. */
export interface Identity {
  readonly number: string | null;
  readonly key: string | null;
  readonly oid: string;
  readonly history: readonly {
    readonly number: string;
    readonly key: string;
    readonly oid: string;
    from?: string;
    to?: string;
  }[];
  readonly birthName: string;
  readonly firstName: string;
  readonly birthFirstNames: string;
  readonly sex: string;
  readonly birthDate: string;
  readonly birthPlace: string;
  /** `00`, `01`, `02` or a fault code: what a search that designates this person alone gets. */
  readonly answer: string;
}

export function identityOf(patient: PatientFixture): Identity {
  const split = (matricule: string) => ({ number: matricule.slice(0, 13), key: matricule.slice(13) });
  const birthFirstNames = patient.insi?.birthFirstNames ?? patient.birthFirstNames;
  return {
    ...(patient.ins ? split(patient.ins.matricule) : { number: null, key: null }),
    oid: patient.insiOid ?? patient.ins?.oid ?? "",
    history: patient.history.map(({ matricule, oid, from, to }) => ({
      ...split(matricule),
      oid,
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    })),
    birthName: patient.birthName,
    firstName: patient.insi?.firstName ?? patient.firstName,
    birthFirstNames,
    sex: patient.sex,
    birthDate: patient.insi?.birthDate ?? patient.birthDate,
    birthPlace: patient.insi?.birthPlace ?? patient.birthPlace,
    answer: patient.insiAnswer,
  };
}

/**
 * Persons a trait search designates. Names are compared normalised; every first name sent must be one of the person's,
 * in any of the two ways of writing several (ins.md section 2.4). The place counts only when sent. A search without birth
 * name, first name, sex or date designates nobody.
 */
export function findByTraits(identities: readonly Identity[], traits: InsTraits): Identity[] {
  const names = firstNameList(traits).map(normaliseName);
  const whole = normaliseName(traits.firstNames.join(" "));
  const birthName = normaliseName(traits.birthName ?? "");
  const date = traits.birthDate?.trim() ?? "";
  if (names.length === 0 || birthName === "" || !isInsDate(date)) return [];
  return identities.filter(
    (person) =>
      person.birthName === birthName &&
      person.sex === traits.sex?.trim() &&
      person.birthDate === date &&
      (!traits.birthPlace?.trim() || person.birthPlace === traits.birthPlace.trim()) &&
      (whole === person.firstName || holdsAll(person.birthFirstNames, names)),
  );
}

/** Persons a card search designates: by the person's own number, else by the insured person's, then by what else was sent. */
export function findByCard(identities: readonly Identity[], card: InsCardSearch): Identity[] {
  const number = card.own?.number ?? card.insured?.number ?? null;
  if (number === null) return [];
  const birthName = normaliseName(card.birthName ?? "");
  const date = card.birthDate?.trim() ?? "";
  return identities.filter(
    (person) =>
      person.number === number &&
      (birthName === "" || person.birthName === birthName) &&
      (date === "" || person.birthDate === date),
  );
}

function holdsAll(list: string, wanted: readonly string[]): boolean {
  const known = list.split(" ");
  return wanted.every((name) => known.includes(name));
}
