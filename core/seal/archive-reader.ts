/**
 * A foreign archive, read so that every byte is accounted for. What is read is a strict part of the zip format: entries one after
 * the other from the first byte, then the directory, then the end record, and nothing else; so two readers cannot see two archives
 * in one file, and nothing travels that no hash covers.
 */
import { inflateRawSync } from "node:zlib";
import { byCodeUnit } from "../model/index.js";
import {
  ARCHIVE_LIMITS,
  type ArchiveLimits,
  CENTRAL_SIGNATURE,
  CENTRAL_SIZE,
  crc32,
  DEFLATED,
  END_SIGNATURE,
  END_SIZE,
  findClash,
  isArchiveName,
  LOCAL_SIGNATURE,
  LOCAL_SIZE,
  MAX_NAME,
  STORED,
  suspicious,
} from "./archive-format.js";
import { Refusal } from "./refusal.js";

const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const SPLIT_SIGNATURE = 0x08074b50;
const ZIP64_LOCATOR_SIZE = 20;
const MAX_COMMENT = 0xffff;

/** Bits 0, 6 and 13: encrypted data, strong encryption, masked headers. */
export const ENCRYPTION_FLAGS = 0x2041;
/** Bits 1, 2 (how hard deflate tried) and 11 (UTF-8; our names are ASCII, so they read the same): without effect on reading. */
export const HARMLESS_FLAGS = 0x0806;

/**
 * Files of a foreign archive by name, in code-unit order. Refusal (`archive_…`) on anything but a plain archive of plain files
 * inside the limits. Memory: the archive plus what its entries inflate to, and never more than the limits allow; an entry is
 * inflated into a buffer of its declared size, which the limits were held against before.
 */
export function readArchive(
  bytes: Uint8Array,
  limits: Partial<ArchiveLimits> = {},
): Promise<ReadonlyMap<string, Uint8Array>> {
  return new Promise((resolve) => resolve(read(bytes, { ...ARCHIVE_LIMITS, ...limits })));
}

function read(bytes: Uint8Array, limits: ArchiveLimits): ReadonlyMap<string, Uint8Array> {
  const largest = limits.maxTotalBytes + limits.maxEntries * (LOCAL_SIZE + CENTRAL_SIZE + 2 * MAX_NAME) + END_SIZE;
  if (bytes.length > largest) throw new Refusal("archive_too_large", null, { size: bytes.length, most: largest });
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = findDirectory(buffer, limits);
  const entries = readDirectory(buffer, directory);
  let total = 0;
  for (const entry of entries) {
    judge(entry, limits);
    total += entry.size;
    if (total > limits.maxTotalBytes) {
      throw new Refusal("archive_too_large", entry.name, { size: total, most: limits.maxTotalBytes });
    }
  }
  const clash = findClash(entries.map((entry) => entry.name));
  if (clash !== null) throw new Refusal("archive_duplicate", clash);
  holdLayout(buffer, entries, directory.start);
  const sorted = [...entries].sort((a, b) => byCodeUnit(a.name, b.name));
  return new Map(sorted.map((entry) => [entry.name, open(buffer, entry)]));
}

interface Directory {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

/** The end record must be the last 22 bytes and the directory must end where it begins. */
function findDirectory(buffer: Buffer, limits: ArchiveLimits): Directory {
  const end = buffer.length - END_SIZE;
  if (end < 0 || buffer.readUInt32LE(end) !== END_SIGNATURE) throw notAtTheEnd(buffer);
  if (buffer.readUInt16LE(end + 20) !== 0) throw new Refusal("archive_truncated");
  const count = buffer.readUInt16LE(end + 10);
  const size = buffer.readUInt32LE(end + 12);
  const start = buffer.readUInt32LE(end + 16);
  if (buffer.readUInt16LE(end + 4) !== 0 || buffer.readUInt16LE(end + 6) !== 0) throw new Refusal("archive_multi_disk");
  if (buffer.readUInt16LE(end + 8) !== count) throw new Refusal("archive_multi_disk");
  if (count > limits.maxEntries) {
    throw new Refusal("archive_too_many", null, { count, most: limits.maxEntries });
  }
  const locator = end - ZIP64_LOCATOR_SIZE;
  const zip64 = locator >= 0 && buffer.readUInt32LE(locator) === ZIP64_LOCATOR_SIGNATURE;
  if (zip64 || size === 0xffffffff || start === 0xffffffff) {
    throw new Refusal("archive_unsupported", null, { feature: "zip64" });
  }
  if (start + size > end) throw new Refusal("archive_corrupt");
  if (start + size < end) throw new Refusal("archive_hidden_bytes", null, { offset: start + size });
  return { count, start, end };
}

/** Why the last 22 bytes are no end record. */
function notAtTheEnd(buffer: Buffer): Refusal {
  const first = buffer.length >= 4 ? buffer.readUInt32LE(0) : 0;
  if (first === SPLIT_SIGNATURE) return new Refusal("archive_multi_disk");
  for (let at = buffer.length - END_SIZE - 1; at >= 0 && at >= buffer.length - END_SIZE - MAX_COMMENT; at -= 1) {
    if (buffer.readUInt32LE(at) !== END_SIGNATURE) continue;
    const after = buffer.length - at - END_SIZE;
    const comment = buffer.readUInt16LE(at + 20);
    if (comment === after) return new Refusal("archive_comment");
    if (comment < after) return new Refusal("archive_hidden_bytes", null, { offset: at + END_SIZE + comment });
    return new Refusal("archive_truncated");
  }
  return new Refusal(first === LOCAL_SIGNATURE ? "archive_truncated" : "archive_not_zip");
}

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where the local header begins, and where the data that follow it end. */
  readonly offset: number;
  readonly stop: number;
  readonly attributes: number;
  /** The directory's record from its version to the lengths, that the local header has to repeat. */
  readonly shared: Buffer;
}

function readDirectory(buffer: Buffer, directory: Directory): readonly Entry[] {
  const entries: Entry[] = [];
  let at = directory.start;
  for (let i = 0; i < directory.count; i += 1) {
    if (at + CENTRAL_SIZE > directory.end || buffer.readUInt32LE(at) !== CENTRAL_SIGNATURE) {
      throw new Refusal("archive_corrupt");
    }
    const nameLength = buffer.readUInt16LE(at + 28);
    const nameEnd = at + CENTRAL_SIZE + nameLength;
    const next = nameEnd + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
    if (next > directory.end) throw new Refusal("archive_corrupt");
    const name = buffer.toString("latin1", at + CENTRAL_SIZE, nameEnd);
    // What has lengths of its own or a number above the end of the archive cannot be laid out: it is refused here.
    if (buffer.readUInt16LE(at + 30) !== 0) throw new Refusal("archive_unsupported", name, { feature: "extra field" });
    if (buffer.readUInt16LE(at + 32) !== 0) throw new Refusal("archive_comment", name);
    if (buffer.readUInt16LE(at + 34) !== 0) throw new Refusal("archive_multi_disk", name);
    const compressedSize = buffer.readUInt32LE(at + 20);
    const offset = buffer.readUInt32LE(at + 42);
    entries.push({
      name,
      flags: buffer.readUInt16LE(at + 8),
      method: buffer.readUInt16LE(at + 10),
      crc32: buffer.readUInt32LE(at + 16),
      compressedSize,
      size: buffer.readUInt32LE(at + 24),
      offset,
      stop: offset + LOCAL_SIZE + nameLength + compressedSize,
      attributes: buffer.readUInt32LE(at + 38),
      shared: buffer.subarray(at + 6, at + 32),
    });
    at = next;
  }
  if (at !== directory.end) throw new Refusal("archive_hidden_bytes", null, { offset: at });
  return entries;
}

/** Holds one entry, as the directory describes it, against what a bundle may contain. */
function judge(entry: Entry, limits: ArchiveLimits): void {
  const { name, flags, size, compressedSize } = entry;
  refuseKind(entry);
  if (!isArchiveName(name)) throw new Refusal("archive_path", name);
  if ((flags & ENCRYPTION_FLAGS) !== 0) throw new Refusal("archive_encrypted", name);
  if ((flags & ~HARMLESS_FLAGS) !== 0) throw new Refusal("archive_unsupported", name, { feature: "flags" });
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw new Refusal("archive_method", name, { method: entry.method });
  }
  if (size === 0xffffffff || compressedSize === 0xffffffff || entry.offset === 0xffffffff) {
    throw new Refusal("archive_unsupported", name, { feature: "zip64" });
  }
  if (suspicious(size, compressedSize, limits.maxRatio)) {
    throw new Refusal("archive_bomb", name, { size, compressed: compressedSize });
  }
  if (size > limits.maxEntryBytes) throw new Refusal("archive_too_large", name, { size, most: limits.maxEntryBytes });
  if (entry.method === STORED && size !== compressedSize) {
    throw new Refusal("archive_size_differs", name, { expected: size, found: compressedSize });
  }
}

/**
 * Plain files only. The high half of the external attributes is a Unix mode, the low half DOS and Windows attributes; the system
 * that made the entry is what the entry says it is, so both are read whatever it says.
 */
function refuseKind({ name, attributes }: Entry): void {
  const type = (attributes >>> 16) & 0xf000;
  // 0x10 folder, 0x08 volume label, 0x40 device, 0x400 reparse point.
  if (type === 0x4000 || (attributes & 0x10) !== 0 || name.endsWith("/")) throw new Refusal("archive_folder", name);
  if ((type !== 0 && type !== 0x8000) || (attributes & 0x448) !== 0) throw new Refusal("archive_link", name);
}

/** Entries lie one after the other from the first byte to the directory, and say of themselves what the directory says. */
function holdLayout(buffer: Buffer, entries: readonly Entry[], directoryStart: number): void {
  let at = 0;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (entry.offset > at) throw new Refusal("archive_hidden_bytes", entry.name, { offset: at });
    if (entry.offset < at) throw new Refusal("archive_overlap", entry.name);
    if (at + LOCAL_SIZE > directoryStart || buffer.readUInt32LE(at) !== LOCAL_SIGNATURE) {
      throw new Refusal("archive_corrupt", entry.name);
    }
    const extra = buffer.readUInt16LE(at + 28);
    if (extra !== 0) throw new Refusal("archive_unsupported", entry.name, { feature: "extra field" });
    const sameFields = buffer.compare(entry.shared, 0, entry.shared.length, at + 4, at + LOCAL_SIZE) === 0;
    const name = buffer.toString("latin1", at + LOCAL_SIZE, at + LOCAL_SIZE + entry.name.length);
    if (!sameFields || name !== entry.name) throw new Refusal("archive_local_header_differs", entry.name);
    if (entry.stop > directoryStart) throw new Refusal("archive_overlap", entry.name);
    at = entry.stop;
  }
  if (at !== directoryStart) throw new Refusal("archive_hidden_bytes", null, { offset: at });
}

/** Bytes of one entry, checked by size and CRC. The output never grows beyond the declared size plus one byte. */
function open(buffer: Buffer, entry: Entry): Uint8Array {
  const packed = buffer.subarray(entry.stop - entry.compressedSize, entry.stop);
  const data = entry.method === STORED ? packed : inflate(packed, entry);
  if (data.length !== entry.size) {
    throw new Refusal("archive_size_differs", entry.name, { expected: entry.size, found: data.length });
  }
  if (crc32(data) !== entry.crc32) throw new Refusal("archive_crc", entry.name);
  return data;
}

/** zlib takes chunks of 64 bytes at least. */
const MIN_CHUNK = 64;

function inflate(packed: Uint8Array, entry: Entry): Uint8Array {
  let result: unknown;
  try {
    // One chunk of the declared size: the output stands in memory once. `info` tells how much input was used.
    const most = Math.max(1, entry.size);
    const options = { maxOutputLength: most, chunkSize: Math.max(MIN_CHUNK, entry.size + 1), info: true };
    result = inflateRawSync(packed, options);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") {
      throw new Refusal("archive_size_differs", entry.name, { expected: entry.size, found: `> ${entry.size}` });
    }
    throw new Refusal("archive_deflate", entry.name);
  }
  const { buffer, engine } = result as { buffer: Uint8Array; engine: { bytesWritten: number } };
  // A deflate stream knows its own end; what follows it inside the entry is read by nobody.
  if (engine.bytesWritten !== packed.length) throw new Refusal("archive_deflate", entry.name);
  return buffer;
}
