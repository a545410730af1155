/** What a mail should say, rebuilt from the CDA it carries (mssante.md §2.1 to §2.3). */
import type { Cda } from "../../../protocols/cda.js";
import type { ArchiveDocument } from "./mails.js";

export const SUBJECT_PREFIX = "XDM/1.0/DDM+";
const LABEL_LENGTH = 40;

/** Letters without accents, ligatures written out. */
export function withoutAccents(text: string): string {
  return text
    .replace(/œ/g, "oe")
    .replace(/Œ/g, "OE")
    .replace(/æ/g, "ae")
    .replace(/Æ/g, "AE")
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}

/** To compare names whatever their case, accents, hyphens and apostrophes. */
export function folded(text: string): string {
  return withoutAccents(text)
    .toUpperCase()
    .replace(/[-'’ ]+/g, " ")
    .trim();
}

/**
 * Whether the CDA carries what makes an INS qualified: matricule, OID and the four traits (mssante.md §2.1). `partly`: the
 * identifier and the traits are there, but not each with the qualifier that the CI-SIS header gives it.
 */
export function carriesQualifiedIns(cda: Cda): "fully" | "partly" | "no" {
  const { patient } = cda;
  const isThere = (value: string | null | undefined): boolean => value !== undefined && value !== null && value !== "";
  if (!cda.ins || !patient || !isThere(patient.birthTime?.value) || !isThere(patient.sex?.code)) return "no";
  if (isThere(patient.birthName?.value) && isThere(patient.firstBirthGiven?.value)) return "fully";
  const named = [patient.families, patient.givens].every((parts) => parts.some((part) => isThere(part.value)));
  return named ? "partly" : "no";
}

/** Labels a subject may begin with; empty when the CDA has no displayName. */
export function subjectLabels(documents: readonly ArchiveDocument[]): readonly string[] {
  if (documents.length > 1) return [`${documents.length} documents`];
  const name = documents[0]?.cda.code?.displayName?.normalize("NFC").trim();
  if (!name) return [];
  const cut = [...name].slice(0, LABEL_LENGTH).join("");
  return cut.trimEnd() === cut ? [cut] : [cut, cut.trimEnd()];
}

/** Birth name and the given names that may stand for `<prenom>`; null when the CDA does not name the patient. */
export function patientNames(cda: Cda): { readonly birthName: string; readonly givenNames: readonly string[] } | null {
  const { patient } = cda;
  const birthName = patient?.birthName?.value;
  const givenNames = [patient?.firstBirthGiven, patient?.birthGivens, patient?.usedGiven].flatMap(
    (g) => g?.value || [],
  );
  return birthName && givenNames.length > 0 ? { birthName, givenNames } : null;
}

/** `JJ/MM/AAAA` of a birth time; null when month or day is not known (absent, or `00`). */
export function frenchDate(birthTime: string | null | undefined): string | null {
  const parsed = /^(\d{4})(\d{2})(\d{2})/.exec(birthTime ?? "");
  if (!parsed || parsed[2] === "00" || parsed[3] === "00") return null;
  return `${parsed[3]}/${parsed[2]}/${parsed[1]}`;
}

/** True when the bytes declare PDF/A-1 in their XMP (ISO 19005-1 keeps that metadata uncompressed). */
export function declaresPdfA1(bytes: Uint8Array): boolean {
  return /pdfaid:part(?:\s*=\s*["']|\s*>)\s*1\b/.test(Buffer.from(bytes).toString("latin1"));
}

export function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 1024)).toString("latin1").includes("%PDF-");
}
