/** How the names of a search stand to those of the patient's file. */
import type { PatientFacts } from "../../../core/model/index.js";
import { firstNameList, type InsTraits, normaliseName } from "../../../protocols/ins.js";

/** Birth first names of the file, normalised, in order. */
export function firstNamesOf(patient: PatientFacts): string[] {
  return normaliseName(patient.birthFirstNames)
    .split(" ")
    .filter((name) => name !== "");
}

/** First names of the file that a search does not hold. */
export function missingFirstNames(patient: PatientFacts, traits: InsTraits): string[] {
  const sent = new Set(firstNameList(traits).map(normaliseName));
  return firstNamesOf(patient).filter((name) => !sent.has(name));
}

/** True when both are the same letters, whatever stands between them. */
export function sameLetters(a: string, b: string): boolean {
  const letters = (name: string): string => normaliseName(name).replace(/[^A-Z]/g, "");
  return letters(a) === letters(b);
}
