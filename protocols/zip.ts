/**
 * ZIP archives read synchronously from memory, by the central directory (PKWARE APPNOTE 6.3). Foreign archives are
 * hostile: entry count, sizes and expansion ratio are bounded, links and names that leave the folder are not opened,
 * the CRC is computed. What concerns one entry is named on that entry; what makes the whole unreadable is the result.
 * Duplicated names are kept, in order, and listed.
 */
import { inflateRawSync } from "node:zlib";

export type ZipReason =
  "not_zip" | "truncated" | "directory_broken" | "multi_disk" | "zip64" | "too_many_entries" | "too_large";

export type ZipEntryProblem =
  | "unsafe_name"
  | "link"
  | "encrypted"
  | "unsupported_method"
  | "header_broken"
  | "too_large"
  | "ratio"
  | "bad_data"
  | "size_differs"
  | "crc_differs";

export interface ZipEntry {
  /** UTF-8 when the entry says so (flag, or Info-ZIP's extra field), else code page 437, as the format has it. */
  readonly name: string;
  readonly rawName: Uint8Array;
  readonly directory: boolean;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly crc32: number;
  readonly problem: ZipEntryProblem | null;
  /** Null for a folder and for an entry not opened; given although the CRC or the size differs. */
  readonly data: Uint8Array | null;
}

export interface ZipArchive {
  readonly entries: readonly ZipEntry[];
  /** Names that occur more than once, compared without case. */
  readonly duplicates: readonly string[];
}

export type ZipResult =
  { readonly ok: true; readonly archive: ZipArchive } | { readonly ok: false; readonly reason: ZipReason };

export interface ZipLimits {
  readonly maxEntries: number;
  readonly maxEntryBytes: number;
  readonly maxTotalBytes: number;
  /** Inflated bytes per compressed byte, looked at above one megabyte only: small text deflates well. */
  readonly maxRatio: number;
}

const DEFAULT_LIMITS: ZipLimits = {
  maxEntries: 2000,
  maxEntryBytes: 64 * 1024 * 1024,
  maxTotalBytes: 128 * 1024 * 1024,
  maxRatio: 200,
};

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_SIZE = 22;
/** Deflate cannot expand more (a match of 258 bytes in two bits). */
const MAX_DEFLATE_RATIO = 1032;

export function readZip(bytes: Uint8Array, limits: Partial<ZipLimits> = {}): ZipResult {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(buffer);
  if (end === null) {
    const looksLike = buffer.length >= 4 && buffer.readUInt32LE(0) === LOCAL_SIGNATURE;
    return { ok: false, reason: looksLike ? "truncated" : "not_zip" };
  }
  const count = buffer.readUInt16LE(end + 10);
  const size = buffer.readUInt32LE(end + 12);
  const offset = buffer.readUInt32LE(end + 16);
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) return { ok: false, reason: "zip64" };
  if (buffer.readUInt16LE(end + 4) !== 0 || buffer.readUInt16LE(end + 8) !== count) {
    return { ok: false, reason: "multi_disk" };
  }
  if (count > bounds.maxEntries) return { ok: false, reason: "too_many_entries" };
  if (offset + size > end) return { ok: false, reason: "directory_broken" };

  const entries: ZipEntry[] = [];
  let at = offset;
  let left = bounds.maxTotalBytes;
  for (let i = 0; i < count; i += 1) {
    const header = readCentral(buffer, at, end);
    if (!header) return { ok: false, reason: "directory_broken" };
    at = header.next;
    const opened = open(buffer, header, offset, bounds, left);
    left -= opened.spent;
    if (left < 0) return { ok: false, reason: "too_large" };
    entries.push({
      name: header.name,
      rawName: header.rawName,
      directory: header.directory,
      method: header.method,
      size: header.size,
      compressedSize: header.compressedSize,
      crc32: header.crc32,
      problem: opened.problem,
      data: opened.data,
    });
  }
  return { ok: true, archive: { entries, duplicates: duplicatesOf(entries) } };
}

interface CentralHeader {
  readonly name: string;
  readonly rawName: Buffer;
  readonly directory: boolean;
  readonly link: boolean;
  readonly encrypted: boolean;
  readonly method: number;
  readonly crc32: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly localOffset: number;
  readonly next: number;
}

/** The end record is the last thing in the file; its comment must fill exactly what is left. */
function findEnd(buffer: Buffer): number | null {
  const lowest = Math.max(0, buffer.length - END_SIZE - 0xffff);
  for (let at = buffer.length - END_SIZE; at >= lowest; at -= 1) {
    if (buffer.readUInt32LE(at) === END_SIGNATURE && buffer.readUInt16LE(at + 20) === buffer.length - at - END_SIZE) {
      return at;
    }
  }
  return null;
}

function readCentral(buffer: Buffer, at: number, end: number): CentralHeader | null {
  if (at + 46 > end || buffer.readUInt32LE(at) !== CENTRAL_SIGNATURE) return null;
  const flags = buffer.readUInt16LE(at + 8);
  const nameLength = buffer.readUInt16LE(at + 28);
  const next = at + 46 + nameLength + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  if (next > end) return null;
  const rawName = buffer.subarray(at + 46, at + 46 + nameLength);
  const extra = buffer.subarray(at + 46 + nameLength, at + 46 + nameLength + buffer.readUInt16LE(at + 30));
  const name = (flags & 0x800) !== 0 ? rawName.toString("utf8") : (unicodePath(extra, rawName) ?? decodeCp437(rawName));
  // The high half of the external attributes holds the Unix mode when the entry was made on Unix.
  const unixMode = buffer.readUInt32LE(at + 38) >>> 16;
  return {
    name,
    rawName,
    directory: name.endsWith("/"),
    link: (unixMode & 0xf000) === 0xa000,
    encrypted: (flags & 1) !== 0,
    method: buffer.readUInt16LE(at + 10),
    crc32: buffer.readUInt32LE(at + 16),
    compressedSize: buffer.readUInt32LE(at + 20),
    size: buffer.readUInt32LE(at + 24),
    localOffset: buffer.readUInt32LE(at + 42),
    next,
  };
}

/** Info-ZIP Unicode Path extra field (APPNOTE 4.6.9): a UTF-8 name that counts while the CRC of the plain name agrees. */
function unicodePath(extra: Buffer, rawName: Buffer): string | null {
  let at = 0;
  while (at + 4 <= extra.length) {
    const size = extra.readUInt16LE(at + 2);
    const field = extra.subarray(at + 4, at + 4 + size);
    if (extra.readUInt16LE(at) === 0x7075 && field.length === size && size >= 5) {
      return field[0] === 1 && field.readUInt32LE(1) === crc32(rawName) ? field.subarray(5).toString("utf8") : null;
    }
    at += 4 + size;
  }
  return null;
}

/** `spent`: bytes inflated, in vain or not. Entries may overlap, so each try counts against the total. */
interface Opened {
  readonly problem: ZipEntryProblem | null;
  readonly data: Uint8Array | null;
  readonly spent: number;
}

function open(buffer: Buffer, header: CentralHeader, directoryStart: number, limits: ZipLimits, left: number): Opened {
  const refuse = (problem: ZipEntryProblem, spent = 0): Opened => ({ problem, data: null, spent });
  if (!isSafeName(header.name)) return refuse("unsafe_name");
  if (header.link) return refuse("link");
  if (header.directory) return { problem: null, data: null, spent: 0 };
  if (header.encrypted) return refuse("encrypted");
  if (header.method !== 0 && header.method !== 8) return refuse("unsupported_method");
  const local = header.localOffset;
  if (local + 30 > directoryStart || buffer.readUInt32LE(local) !== LOCAL_SIGNATURE) return refuse("header_broken");
  const start = local + 30 + buffer.readUInt16LE(local + 26) + buffer.readUInt16LE(local + 28);
  const stop = start + header.compressedSize;
  if (stop > directoryStart) return refuse("header_broken");
  const packed = buffer.subarray(start, stop);
  const cap = Math.min(limits.maxEntryBytes, left);
  let data: Uint8Array = packed;
  if (header.method === 8) {
    // The cap counts what really comes out, not what the header says.
    const ratioCap = Math.max(1024 * 1024, packed.length * limits.maxRatio);
    const most = Math.max(1, Math.min(cap, ratioCap));
    try {
      data = inflateRawSync(packed, { maxOutputLength: most });
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code !== "ERR_BUFFER_TOO_LARGE") return refuse("bad_data", Math.min(most, packed.length * MAX_DEFLATE_RATIO));
      return refuse(ratioCap < cap ? "ratio" : "too_large", most);
    }
  } else if (packed.length > cap) return refuse("too_large");
  const spent = data.length;
  if (data.length !== header.size) return { problem: "size_differs", data, spent };
  if (crc32(data) !== header.crc32) return { problem: "crc_differs", data, spent };
  return { problem: null, data, spent };
}

/** Relative, forward slashes, no drive, no `.` or `..` step, no control character. */
function isSafeName(name: string): boolean {
  if (name === "" || name.includes("\\") || name.startsWith("/") || /^[A-Za-z]:/.test(name)) return false;
  if (/[\x00-\x1f\x7f]/.test(name)) return false;
  const steps = name.replace(/\/$/, "").split("/");
  return steps.every((step) => step !== "" && step !== "." && step !== "..");
}

function duplicatesOf(entries: readonly ZipEntry[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of entries) {
    const key = name.toLowerCase();
    if (seen.has(key)) twice.add(name);
    seen.add(key);
  }
  return [...twice];
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** CRC-32 of ISO 3309, as ZIP uses it. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  // By index: the iterator of a byte array is six times slower, which counts on hundreds of megabytes.
  for (let i = 0; i < bytes.length; i += 1) c = (CRC_TABLE[(c ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

const CP437_HIGH =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

function decodeCp437(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) out += byte < 0x80 ? String.fromCharCode(byte) : CP437_HIGH.charAt(byte - 0x80);
  return out;
}
