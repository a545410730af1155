/**
 * Numbers that could be the RPPS of a real professional: 11 digits, the last of them a Luhn key, alone or inside the national
 * identifiers made of it (domain notes other-services.md, section 1; the ANS's answer on identifiers gives "11 caractères
 * numériques, le dernier étant la clé de Luhn"). docs/privacy-gate.md says what is confirmed and what is not.
 */

/**
 * `idnat`: `8` + RPPS (PS_IdNat). `employee`: `6` + RPPS + `/` + internal id. `structure`: `4` + RPPS + rank of 3 digits
 * (Struct_IdNat). `bare`: the eleven digits.
 */
export type RppsForm = "idnat" | "employee" | "structure" | "bare";

export interface RppsNumber {
  readonly at: number;
  /** Eleven digits. */
  readonly rpps: string;
  readonly form: RppsForm;
  /** The text around says what it is: `RPPS`, `IDNPS`, the OID of PS_IdNat. */
  readonly named: boolean;
}

/** Every RPPS with the right key, in any of these forms. */
export function* rppsNumbersIn(bytes: Buffer): Generator<RppsNumber> {
  // From the end of the least a number takes: short numbers and words are passed over without reading all their characters.
  for (let from = 0; from + LENGTH <= bytes.length;) {
    let at = from + LENGTH - 1;
    while (at >= from && isDigit(bytes[at])) at -= 1;
    if (at >= from) {
      from = at + 1;
      continue;
    }
    let end = from + LENGTH;
    while (isDigit(bytes[end])) end += 1;
    const hit = beginsAlone(bytes, from) && endsAlone(bytes, end) ? readRun(bytes, from, end) : null;
    if (hit && hasLuhnKey(hit.rpps)) yield { at: from, ...hit, named: isNamed(bytes, from) };
    from = end;
  }
  if (["rpps", "RPPS", "Rpps"].some((word) => bytes.includes(word))) yield* groupedNumbersIn(bytes);
}

/** Digits of an RPPS. */
const LENGTH = 11;

/** Luhn (ISO/IEC 7812-1, annex B) over all the digits, the key being the last. */
export function hasLuhnKey(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    const value = i % 2 === 1 ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

type Read = Pick<RppsNumber, "rpps" | "form">;

function readRun(bytes: Buffer, at: number, end: number): Read | null {
  const length = end - at;
  if (length !== 11 && length !== 12 && length !== 15) return null;
  const digits = bytes.toString("latin1", at, end);
  if (length === 11) return { rpps: digits, form: "bare" };
  const rpps = digits.slice(1, 12);
  if (length === 15) return digits.startsWith("4") ? { rpps, form: "structure" } : null;
  if (digits.startsWith("8")) return { rpps, form: "idnat" };
  return digits.startsWith("6") && bytes[end] === 0x2f ? { rpps, form: "employee" } : null;
}

/** `RPPS : 10 00 01 23 45 6`, only right behind the word: spaces between digits stand in too many tables. */
const IN_GROUPS =
  /rpps[^0-9A-Za-z]{0,8}(?:n[o.:\xc2\xb0 ]{0,5})?(?=\d)((?:\d(?:\xc2?\xa0|\xe2\x80[\x87\x89\xaf]|[ .-])?){10,11}\d)(?![0-9A-Za-z])/gi;

function* groupedNumbersIn(bytes: Buffer): Generator<RppsNumber> {
  for (const hit of bytes.toString("latin1").matchAll(IN_GROUPS)) {
    const written = hit[1] ?? "";
    const digits = written.replace(/\D/g, "");
    // In one piece it was seen already.
    if (digits === written || (digits.length === 12 && !digits.startsWith("8"))) continue;
    const rpps = digits.slice(-LENGTH);
    const at = hit.index + hit[0].length - written.length;
    if (hasLuhnKey(rpps)) yield { at, rpps, form: digits.length === 12 ? "idnat" : "bare", named: true };
  }
}

/** Characters before and behind in which the word is looked for: the OID of an XCN stands behind the names. */
const [BEFORE, BEHIND] = [120, 160];

function isNamed(bytes: Buffer, at: number): boolean {
  const around = bytes.toString("latin1", Math.max(0, at - BEFORE), at + BEHIND);
  return /rpps|idnps|ps_?idnat|1\.2\.250\.1\.71\.4\.2\.1(?![\d.])/i.test(around);
}

/** Not a part of a word, of a dotted number, or of a UUID. */
function beginsAlone(bytes: Buffer, at: number): boolean {
  const before = bytes[at - 1];
  if (before === 0x2e) return !isDigit(bytes[at - 2]);
  if (before === 0x2d) return !isHex(bytes[at - 2]) || !isHex(bytes[at - 3]);
  return !isLetterOrDigit(before);
}

function endsAlone(bytes: Buffer, end: number): boolean {
  const after = bytes[end];
  if (after === 0x2e) return !isDigit(bytes[end + 1]);
  return !isLetterOrDigit(after);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte & 0xdf) >= 0x41 && (byte & 0xdf) <= 0x46);
}

function isLetterOrDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const letter = byte & 0xdf;
  return isDigit(byte) || (letter >= 0x41 && letter <= 0x5a);
}
