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

/** True when the CDA carries what makes an INS qualified: matricule, OID and the four traits (mssante.md §2.1). */
export function carriesQualifiedIns(cda: Cda): boolean {
  const patient = cda.patient;
  const traits = [
    patient?.birthName?.value,
    patient?.firstBirthGiven?.value,
    patient?.birthTime?.value,
    patient?.sex?.code,
  ];
  return cda.ins !== null && traits.every((trait) => trait !== undefined && trait !== null && trait !== "");
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

/** `JJ/MM/AAAA` of a birth time; null when it has no day. */
export function frenchDate(birthTime: string | null | undefined): string | null {
  const parsed = /^(\d{4})(\d{2})(\d{2})/.exec(birthTime ?? "");
  return parsed ? `${parsed[3]}/${parsed[2]}/${parsed[1]}` : null;
}

/** True when the bytes declare PDF/A-1 in their XMP (ISO 19005-1 keeps that metadata uncompressed). */
export function declaresPdfA1(bytes: Uint8Array): boolean {
  return /pdfaid:part(?:\s*=\s*["']|\s*>)\s*1\b/.test(Buffer.from(bytes).toString("latin1"));
}

export function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 1024)).toString("latin1").includes("%PDF-");
}
