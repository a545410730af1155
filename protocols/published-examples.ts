/**
 * INS and RPPS with the right key that stand in the example documents published by the Agence du Numérique en Santé (its CDA
 * examples, where most of the INS have the OID of test, and its HL7v2 samples). Nobody says whose they are: the gate tells them,
 * and does not block. Kept as the first 16 hexadecimal digits of their SHA-256, since one or another may be a real person's.
 */
import { createHash } from "node:crypto";

const PUBLISHED: ReadonlySet<string> = new Set([
  "23e8bb3b2d54f508",
  "33432e1adae3f35d",
  "3e5e95cc02122502",
  "45ed8a68418be5f2",
  "6feb1dd212c492ed",
  "935104c106f7bd4e",
  "c320a94f4029653e",
  "eab566a8e67a4c2f",
  "fa964a790d634794",
]);

/** Whether the 15 characters of an INS, or the 11 digits of an RPPS, are one of them. */
export function isPublishedExample(number: string): boolean {
  return PUBLISHED.has(createHash("sha256").update(number).digest("hex").slice(0, 16));
}
