/**
 * Texts on their way into cells. The format writes what XML cannot hold as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19, ST_Xstring);
 * the library unescapes that when reading but does not escape when writing, and drops some characters that XML could hold.
 */

/** Characters a cell of Excel can hold, in UTF-16 units. */
export const MAX_CELL_TEXT = 32_767;

/**
 * As the library must be given it so that the reader finds `text` again: carriage returns, controls, halves of surrogate pairs,
 * non-characters, and whatever already looks like an escape.
 */
export function escapeCellText(text: string): string {
  return (
    text
      // Also where only the letter and four digits stand: an escape that follows would complete it.
      .replace(/_(?=x[0-9A-Fa-f]{4})/g, "_x005F_")
      .replace(/[\0-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffd-\uffff]/g, hex)
      .replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) => {
        if (found.length === 2 && ((found.codePointAt(0) ?? 0) & 0xfffe) !== 0xfffe) return found;
        return [...Array(found.length).keys()].map((at) => hex(found.charAt(at))).join("");
      })
  );
}

const GUARD = "\ue000";

/**
 * The library keeps the texts of a workbook in a plain object, where `constructor` and the like are found before they are put
 * there: such a text gets a character in front while it is there. So does one that begins with that character by itself.
 */
export function guardText(text: string): string {
  return text in {} || text.startsWith(GUARD) ? GUARD + text : text;
}

/** Takes the guards out of the part that holds the texts. */
export function unguardTexts(sharedStrings: string): string {
  return sharedStrings.replace(/(<t(?: xml:space="preserve")?>)\ue000/g, "$1");
}

/** The way back: `_xHHHH_` as its character. */
export function unescapeCellText(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function hex(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
}
