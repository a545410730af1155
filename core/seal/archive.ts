/**
 * The zip archive a bundle travels in (PKWARE APPNOTE 6.3), written so that the same files give the same bytes everywhere. Its
 * reader stands in `archive-reader.ts`.
 */
import { deflateSync } from "fflate";
import { byCodeUnit, SuiteError } from "../model/index.js";
import {
  ARCHIVE_LIMITS,
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
  STORED,
  suspicious,
} from "./archive-format.js";

export { ARCHIVE_LIMITS, type ArchiveLimits, isArchiveName } from "./archive-format.js";
export { readArchive } from "./archive-reader.js";

/** Version 2.0: deflate. */
export const VERSION = 20;
/** 1980-01-01 00:00, the first moment the format knows, in its own date word: it depends on no clock and no time zone. */
export const DOS_DATE = 0x21;
export const DOS_TIME = 0;

/**
 * The archive of these files: names in code-unit order, one fixed time, no extra field, no comment, no mode. Deflate is fflate's,
 * which is plain JavaScript: zlib's output differs between builds. SuiteError on a name or a size that the reader would refuse.
 */
export function writeArchive(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const names = [...files.keys()].sort(byCodeUnit);
  let total = 0;
  for (const name of names) {
    const size = files.get(name)?.length ?? 0;
    total += size;
    if (!isArchiveName(name)) {
      throw new SuiteError("ERR_FILE", "a file name cannot stand in a bundle", {
        where: name,
        mend: "use letters without accents, digits, `.`, `_` and `-`, 200 characters at most",
      });
    }
    if (size > ARCHIVE_LIMITS.maxEntryBytes || total > ARCHIVE_LIMITS.maxTotalBytes) {
      throw new SuiteError("ERR_FILE", "the files are too large for a bundle", {
        where: name,
        mend: "one file may hold 256 MB, all together 512 MB: supply smaller proofs, or run with fewer scenarios",
      });
    }
  }
  if (names.length > ARCHIVE_LIMITS.maxEntries) {
    throw new SuiteError("ERR_FILE", "there are too many files for a bundle", {
      where: String(names.length),
      mend: "a bundle may hold 20,000 files: run with fewer scenarios",
    });
  }

  const clash = findClash(names);
  if (clash !== null) {
    throw new SuiteError("ERR_FILE", "two files of a bundle have the same name", {
      where: clash,
      mend: "give them names that differ by more than upper and lower case",
    });
  }

  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const name of names) {
    const data = files.get(name) ?? new Uint8Array();
    const packed = pack(data);
    const entry: EntryFields = {
      name: Buffer.from(name, "latin1"),
      method: packed === data ? STORED : DEFLATED,
      crc32: crc32(data),
      compressedSize: packed.length,
      size: data.length,
    };
    const local = localHeader(entry);
    parts.push(local, packed);
    directory.push(centralHeader(entry, offset));
    offset += local.length + packed.length;
  }
  const directorySize = directory.reduce((sum, header) => sum + header.length, 0);
  const end = Buffer.alloc(END_SIZE);
  end.writeUInt32LE(END_SIGNATURE, 0);
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(directorySize, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** Deflated where that gains, but never so well that the reader would take it for a bomb; else the data itself. */
function pack(data: Uint8Array): Uint8Array {
  if (data.length === 0) return data;
  // fflate's own choice of `mem` rests on Math.log, which engines may round differently; and small files need small tables.
  const mem = data.length < 16 * 1024 ? 2 : data.length < 256 * 1024 ? 4 : 8;
  const deflated = deflateSync(data, { level: 6, mem });
  if (deflated.length >= data.length) return data;
  return suspicious(data.length, deflated.length, ARCHIVE_LIMITS.maxRatio / 2) ? data : deflated;
}

interface EntryFields {
  readonly name: Uint8Array;
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
}

function localHeader(entry: EntryFields): Buffer {
  const header = Buffer.alloc(LOCAL_SIZE + entry.name.length);
  header.writeUInt32LE(LOCAL_SIGNATURE, 0);
  writeShared(header, 4, entry);
  header.set(entry.name, LOCAL_SIZE);
  return header;
}

function centralHeader(entry: EntryFields, offset: number): Buffer {
  const header = Buffer.alloc(CENTRAL_SIZE + entry.name.length);
  header.writeUInt32LE(CENTRAL_SIGNATURE, 0);
  header.writeUInt16LE(VERSION, 4);
  writeShared(header, 6, entry);
  header.writeUInt32LE(offset, 42);
  header.set(entry.name, CENTRAL_SIZE);
  return header;
}

/** What both headers of an entry say, in the same order: version, flags, method, time, date, CRC, sizes, lengths. */
function writeShared(header: Buffer, at: number, entry: EntryFields): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(entry.method, at + 4);
  header.writeUInt16LE(DOS_TIME, at + 6);
  header.writeUInt16LE(DOS_DATE, at + 8);
  header.writeUInt32LE(entry.crc32, at + 10);
  header.writeUInt32LE(entry.compressedSize, at + 14);
  header.writeUInt32LE(entry.size, at + 18);
  header.writeUInt16LE(entry.name.length, at + 22);
}
