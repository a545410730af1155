/**
 * Numbers that stand cut or rewritten in a file though a reader sees them whole: cut by tags inside a line (a word processor
 * splits a number over runs, HTML emphasises a part of it), or written by a spreadsheet in scientific notation.
 */
import { joined, type Part, type Piece } from "./deep-parts.js";

const LESS = 0x3c;
const GREATER = 0x3e;

/** A tag longer than this is no tag of a run. */
const LONGEST_TAG = 1024;
/** Tags between two parts of a number: the properties of a run are at most some dozens. */
const MOST_TAGS = 64;

/** Elements of office documents (WordprocessingML, DrawingML, OpenDocument) that end a line or a cell; all others run on. */
const OFFICE_BLOCKS = new Set(
  (
    "p tc tr tbl br tab cr sectPr body hdr ftr drawing txbxContent footnote endnote comment " +
    "h line-break list list-item table table-cell table-row section note tab-stop a-tab"
  ).split(" "),
);
/** Elements without such a prefix that do not end a word: HTML, the narrative block of a CDA, shared strings of a workbook. */
const INLINE = new Set(
  (
    "a abbr b bdi bdo big cite code content del dfn em font i ins kbd label mark nobr q s samp small span strike strong sub " +
    "sup tt u var wbr linkHtml r t rPr rFont sz color family scheme charset vertAlign outline shadow condense extend"
  ).split(" "),
);

/** Cuts, or numbers, of one layer: what a hostile file may make us keep. */
const MOST_PIECES = 100_000;

/** The text with those tags taken out that stand between two parts of a number. */
export function* readCutByTags(bytes: Buffer): Generator<Part> {
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = bytes.indexOf(LESS); at >= 0; at = bytes.indexOf(LESS, at + 1)) {
    if (pieces.length >= MOST_PIECES) break;
    if (!isOfNumber(bytes, at - 1)) continue;
    const end = endOfTags(bytes, at);
    if (end < 0 || !isOfNumber(bytes, end) || !(isDigit(bytes[at - 1]) || isDigit(bytes[end]))) continue;
    pieces.push({ from, bytes: bytes.subarray(from, at) });
    from = end;
    at = end - 1;
  }
  if (pieces.length === 0) return;
  pieces.push({ from, bytes: bytes.subarray(from) });
  yield joined("cut-by-tags", pieces, 0);
}

/** A digit, a letter of the Corsican departments, or a space between two groups (of UTF-8 no-break spaces the edge bytes). */
function isOfNumber(bytes: Buffer, at: number): boolean {
  const byte = bytes[at] ?? 0;
  if (isDigit(byte)) return true;
  return byte === 0x20 || byte === 0xa0 || byte === 0xc2 || byte === 0xaf || byte === 0x41 || byte === 0x42;
}

/** Where the text goes on behind one or more tags that end no line; -1 when one does, or when it is no tag. */
function endOfTags(bytes: Buffer, start: number): number {
  let at = start;
  for (let tags = 0; tags < MOST_TAGS && bytes[at] === LESS; tags += 1) {
    const end = bytes.subarray(at, at + LONGEST_TAG).indexOf(GREATER);
    if (end < 0) return -1;
    const name = /^<\/?(?:([A-Za-z][\w.-]*):)?([A-Za-z][\w.-]*)[\s/>]/.exec(bytes.toString("latin1", at, at + end + 1));
    if (!name || !runsOn(name[1], name[2] ?? "")) return -1;
    at += end + 1;
    at = overIndentation(bytes, at);
  }
  return at;
}

function runsOn(prefix: string | undefined, name: string): boolean {
  const office = prefix !== undefined && /^(?:w\d*|a|text|x|ss|m)$/.test(prefix);
  return office ? !OFFICE_BLOCKS.has(name) : INLINE.has(name);
}

/** Over a line break and its indentation when another tag follows: that is how files are laid out, not a space of the text. */
function overIndentation(bytes: Buffer, from: number): number {
  let at = from;
  let broken = false;
  for (; at < from + 200; at += 1) {
    const byte = bytes[at];
    if (byte === 0x0a || byte === 0x0d) broken = true;
    else if (byte !== 0x20 && byte !== 0x09) break;
  }
  return broken && bytes[at] === LESS ? at : from;
}

/** Whole numbers of 11 to 15 digits that a program wrote as `1.85047800608442E14`, one per line. */
export function* readScientific(bytes: Buffer): Generator<Part> {
  const pieces: Piece[] = [];
  for (let dot = bytes.indexOf(0x2e); dot >= 0; dot = bytes.indexOf(0x2e, dot + 1)) {
    const first = bytes[dot - 1] ?? 0;
    // Digits of the mantissa follow nearly never: looked at before anything is made of it.
    if (first < 0x31 || first > 0x39 || !isDigit(bytes[dot + 6])) continue;
    const hit = /^(\d{6,14})[Ee]\+?(1[0-4])(?![\d.])/.exec(bytes.toString("latin1", dot + 1, dot + 20));
    const [decimals, exponent] = [hit?.[1] ?? "", Number(hit?.[2] ?? 0)];
    const before = bytes[dot - 2] ?? 0x20;
    if (!hit || decimals.length > exponent || isDigit(before) || before === 0x2e) continue;
    if (pieces.length >= MOST_PIECES) break;
    const number = `${String.fromCharCode(first)}${decimals.padEnd(exponent, "0")}\n`;
    pieces.push({ from: dot - 1, bytes: Buffer.from(number) });
  }
  if (pieces.length > 0) yield joined("scientific-notation", pieces, 0);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
