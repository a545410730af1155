/**
 * Numbers that could be the INS of a real person, wherever software may have hidden them. Structure and key: domain notes
 * ins.md, section 3.3 (reference validator of the Assurance Maladie). What is blocked, what is not seen and why:
 * docs/privacy-gate.md.
 */
import { type LayerLimits, type Unseen, walkLayers } from "./deep-bytes.js";
import { nirKey } from "./ins.js";

export interface InsFound {
  /** Where in the bytes it stands, or the encoded part that holds it. */
  readonly offset: number;
  /** First character and last two only: `1············36`. */
  readonly shown: string;
  /** Decodings that lead to it, outermost first. */
  readonly via: readonly string[];
}

export interface InsScan {
  readonly found: readonly InsFound[];
  /** What could not be looked into. */
  readonly unseen: readonly Unseen[];
}

export interface InsScanOptions {
  /** Numbers of 15 characters that are known to be nobody's. */
  readonly fictitious: ReadonlySet<string>;
  readonly limits?: Partial<LayerLimits>;
}

/** More are not listed: one is enough to block. */
const MOST_LISTED = 100;

/** Looks for numbers that could be a real person's, through every encoding of `deep-bytes.ts`. Never throws. */
export function findRealLookingIns(bytes: Uint8Array, options: InsScanOptions): InsScan {
  const found = new Map<string, InsFound>();
  const unseen: Unseen[] = [];
  walkLayers(
    bytes,
    {
      layer: (layer) => {
        for (const { at, number } of numbersIn(layer.bytes)) {
          if (isNobodys(number, options.fictitious)) continue;
          const offset = layer.origin(at);
          // A text and the same text without its escapes are two layers: the first one counts.
          const key = `${number}@${offset}`;
          if (!found.has(key)) found.set(key, { offset, shown: maskedNumber(number), via: layer.via });
          if (found.size >= MOST_LISTED) return "stop";
        }
        return undefined;
      },
      unseen: (what) => unseen.push(what),
    },
    options.limits,
  );
  return { found: [...found.values()], unseen };
}

/** The same over named files; `limits.budget` is shared by all of them. */
export function realInsIn(
  files: Iterable<readonly [name: string, bytes: Uint8Array]>,
  options: InsScanOptions,
): {
  readonly found: readonly (InsFound & { readonly file: string })[];
  readonly unseen: readonly (Unseen & { readonly file: string })[];
} {
  const found: (InsFound & { readonly file: string })[] = [];
  const unseen: (Unseen & { readonly file: string })[] = [];
  for (const [file, bytes] of files) {
    const scan = findRealLookingIns(bytes, options);
    found.push(...scan.found.map((one) => ({ file, ...one })));
    unseen.push(...scan.unseen.map((one) => ({ file, ...one })));
    if (found.length >= MOST_LISTED) break;
  }
  return { found, unseen };
}

/**
 * Known to be nobody's, or with the commune number 999: INSEE gives none above 990. Born abroad (`99`), 999 stands where a
 * country would, and the domain notes have `99999` as an unknown place: such a number stays suspect.
 */
export function isNobodys(number: string, fictitious: ReadonlySet<string>): boolean {
  return fictitious.has(number) || (number.slice(7, 10) === "999" && number.slice(5, 7) !== "99");
}

/** `1············36`: its first character and its last two. */
export function maskedNumber(number: string): string {
  return `${number.slice(0, 1)}${"·".repeat(number.length - 3)}${number.slice(-2)}`;
}

// ---- recognising -------------------------------------------------------------------------------------------------------

/** Every number of 15 characters with the right structure and key, in any of the written forms; letters in capitals. */
export function* numbersIn(bytes: Uint8Array): Generator<{ readonly at: number; readonly number: string }> {
  for (let at = 0; at + 14 < bytes.length; at += 1) {
    const first = bytes[at];
    if (first !== 0x31 && first !== 0x32) continue;
    if (!beginsHere(bytes, at)) continue;
    const body = readBody(bytes, at);
    const key = body && readKey(bytes, body);
    if (!body || !key || !endsHere(bytes, key.end)) continue;
    if (nirKey(body.digits) === key.digits) yield { at, number: body.digits + key.digits };
  }
}

interface Body {
  /** 13 characters. */
  readonly digits: string;
  readonly end: number;
  /** What stands between its groups; null when it is written in one piece. */
  readonly separator: SeparatorKind | null;
}

/** Sex, year, month, department, commune, order: widths of the groups when they are written apart. */
const GROUPS = [1, 2, 2, 2, 3, 3] as const;
const STRUCTURE = /^[12]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[AB])\d{6}$/;

function readBody(bytes: Uint8Array, at: number): Body | null {
  let digits = "";
  let end = at;
  let separator: SeparatorKind | null = null;
  for (const [group, width] of GROUPS.entries()) {
    const between = group === 0 ? null : separatorAt(bytes, end);
    // Written in one piece, or with the same separator everywhere.
    if (group === 1) separator = between?.kind ?? null;
    else if (group > 1 && (between?.kind ?? null) !== separator) return null;
    end += between?.length ?? 0;
    for (let i = 0; i < width; i += 1, end += 1) {
      const character = numberCharacter(bytes[end]);
      if (character === null) return null;
      digits += character;
    }
  }
  return STRUCTURE.test(digits) ? { digits, end, separator } : null;
}

/** A digit, or a letter of the Corsican departments; null for anything else. */
function numberCharacter(byte: number | undefined): string | null {
  if (isDigit(byte)) return String.fromCharCode(byte as number);
  const letter = (byte ?? 0) & 0xdf;
  return letter === 0x41 ? "A" : letter === 0x42 ? "B" : null;
}

type SeparatorKind = "space" | "." | "-" | "/" | "_" | "+";

/** Ordinary, no-break, figure, thin and narrow spaces, in ASCII, Latin-1 and UTF-8. `+` is a space of a form. */
const SEPARATORS: readonly (readonly [SeparatorKind, readonly number[]])[] = [
  ["space", [0x20]],
  ["space", [0x09]],
  ["space", [0xa0]],
  ["space", [0xc2, 0xa0]],
  ["space", [0xe2, 0x80, 0x87]],
  ["space", [0xe2, 0x80, 0x89]],
  ["space", [0xe2, 0x80, 0xaf]],
  [".", [0x2e]],
  ["-", [0x2d]],
  ["/", [0x2f]],
  ["_", [0x5f]],
  ["+", [0x2b]],
];

function separatorAt(bytes: Uint8Array, at: number): { readonly kind: SeparatorKind; readonly length: number } | null {
  if (numberCharacter(bytes[at]) !== null) return null;
  const hit = SEPARATORS.find(([, form]) => form.every((byte, i) => bytes[at + i] === byte));
  return hit ? { kind: hit[0], length: hit[1].length } : null;
}

/** Bytes between the number and its key, where a word or a tag says that it is the key (`</NumIdentifiant><Cle>`). */
const LONGEST_GAP = 96;
/** Punctuation between the number and its key, without a word. */
const LONGEST_PUNCTUATION = 3;

/** The two digits of the key: right behind, after the separator of the groups, after a little punctuation, or after `cle`. */
function readKey(bytes: Uint8Array, body: Body): { readonly digits: string; readonly end: number } | null {
  let at = body.end;
  const gap = (length: number) => Buffer.from(bytes.subarray(body.end, body.end + length)).toString("latin1");
  while (
    at - body.end <= LONGEST_GAP &&
    at < bytes.length &&
    !(isDigit(bytes[at]) && !isLetterOrDigit(bytes[at - 1]))
  ) {
    if (at === body.end && isDigit(bytes[at])) break;
    at += 1;
  }
  const [tens, units] = [bytes[at], bytes[at + 1]];
  if (!isDigit(tens) || !isDigit(units)) return null;
  const between = gap(at - body.end);
  if (between === "" ? body.separator !== null : !leadsToKey(between, body.separator)) return null;
  return { digits: String.fromCharCode(tens as number, units as number), end: at + 2 };
}

/** `cle` as a word or as a part of a name (`<Cle>`, `"cleNir"`, `numCle`, `clé`), not inside another word (`article`). */
const SAYS_KEY = /(?:(?<![A-Za-z])[Cc][Ll]|(?<=[a-z])Cl)(?:[Ee]|\xe9|\xc3\xa9)(?![a-z])/;

function leadsToKey(between: string, separator: SeparatorKind | null): boolean {
  if (separator === "." && between === ".") return true;
  const plain = between.replace(/\xc2?\xa0|\xe2\x80[\x87\x89\xaf]/g, " ");
  if (plain.length <= LONGEST_PUNCTUATION && /^[ \t\-/_+:()]+$/.test(plain)) return true;
  return SAYS_KEY.test(between);
}

/** Nothing before it that would make it a part of a longer run or of a dotted number. */
function beginsHere(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 1];
  if (before === 0x2e) return !isDigit(bytes[at - 2]);
  if (!isLetterOrDigit(before)) return true;
  // Field S1 of the INS datamatrix (ins.md, section 6): its fields follow each other without anything between.
  return before === 0x31 && bytes[at - 2] === 0x53;
}

function endsHere(bytes: Uint8Array, end: number): boolean {
  const after = bytes[end];
  if (after === 0x2e) return !isDigit(bytes[end + 1]);
  if (!isLetterOrDigit(after)) return true;
  const field = bytes[end + 1] ?? 0;
  return after === 0x53 && field >= 0x32 && field <= 0x37;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isLetterOrDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const letter = byte & 0xdf;
  return isDigit(byte) || (letter >= 0x41 && letter <= 0x5a);
}
