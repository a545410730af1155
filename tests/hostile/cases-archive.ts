/** Archives that attack whoever opens them. The files of a good bundle are in each, so that nothing else is wrong. */
import { constants, deflateRawSync } from "node:zlib";
import { type HostileCase, refused } from "./case.js";
import type { Stage } from "./stage.js";
import { buildZip, type EndShape, type EntryShape, text } from "./zip-shapes.js";

/** The good bundle packed by hand, with more entries and another end. */
function packed(stage: Stage, more: readonly EntryShape[] = [], end: EndShape = {}): Uint8Array {
  return buildZip([...goodEntries(stage), ...more], end);
}

function goodEntries({ good }: Stage): EntryShape[] {
  return [...good.files].map(([name, data]) => ({ name, data }));
}

/** The good bundle with one of its entries spoilt. */
function spoilt(stage: Stage, name: string, change: Partial<EntryShape>): Uint8Array {
  return buildZip(goodEntries(stage).map((entry) => (entry.name === name ? { ...entry, ...change } : entry)));
}

/**
 * Deflate stream of that many gigabytes of zeros, made by repetition: after a full flush a stream may be followed by a copy of
 * what was flushed, and the whole is valid.
 */
export function zeros(gigabytes: number): Uint8Array {
  const megabytes = 64;
  const block = deflateRawSync(new Uint8Array(megabytes << 20), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const times = (gigabytes * 1024) / megabytes;
  return Buffer.concat([...Array.from({ length: times }, () => block), deflateRawSync(new Uint8Array(0))]);
}

export const ARCHIVE_CASES: readonly HostileCase[] = [
  {
    id: "zip-bomb",
    what: "an entry of 10 MB that inflates to 10 GB and says it is 4 GB",
    expected: refused("archive_bomb"),
    build: (stage) => packed(stage, [{ name: "proofs/x.bin", packed: zeros(10), size: 0xfffffffe, crc: 0 }]),
  },
  {
    id: "zip-bomb-said-small",
    what: "the same bomb, said to be 1,000 bytes",
    expected: refused("archive_size_differs"),
    build: (stage) => packed(stage, [{ name: "proofs/x.bin", packed: zeros(10), size: 1000, crc: 0 }]),
  },
  {
    id: "zip-bomb-just-allowed",
    what: "the same bomb, said to be the 256 MB that an entry may have",
    expected: refused("archive_size_differs"),
    build: (stage) => packed(stage, [{ name: "proofs/x.bin", packed: zeros(10), size: 256 << 20, crc: 0 }]),
  },
  {
    id: "zip-bomb-of-many",
    what: "3,000 entries of one megabyte of zeros each",
    expected: refused("archive_too_large"),
    build: (stage) => {
      const data = new Uint8Array(1 << 20);
      const one = { data, packed: deflateRawSync(data), crc: 0 };
      return packed(
        stage,
        Array.from({ length: 3000 }, (_, index) => ({ name: `proofs/${index}.bin`, ...one })),
      );
    },
  },
  {
    id: "overlapping-entries",
    what: "1,000 entries of the directory that share one compressed block",
    expected: refused("archive_overlap"),
    build: (stage) =>
      packed(stage, [
        ...Array.from({ length: 1000 }, (_, index): EntryShape => ({
          name: `proofs/${index}.bin`,
          data: text("x"),
          only: "directory",
          offset: 0,
        })),
      ]),
  },
  {
    id: "climbing-name",
    what: "an entry named ../../outside.txt",
    expected: refused("archive_path"),
    build: (stage) => packed(stage, [{ name: "../../outside.txt" }]),
  },
  {
    id: "absolute-name",
    what: "an entry named /etc/cron.d/x",
    expected: refused("archive_path"),
    build: (stage) => packed(stage, [{ name: "/etc/cron.d/x" }]),
  },
  {
    id: "drive-name",
    what: "an entry named C:\\windows\\x",
    expected: refused("archive_path"),
    build: (stage) => packed(stage, [{ name: "C:\\windows\\x" }]),
  },
  {
    id: "nul-in-name",
    what: "an entry named run.json, a NUL, .txt",
    expected: refused("archive_path"),
    build: (stage) => packed(stage, [{ name: "run.json\0.txt" }]),
  },
  {
    id: "command-in-name",
    what: "an entry whose name moves the cursor of a terminal and turns the text around",
    expected: refused("archive_path"),
    build: (stage) => packed(stage, [{ name: "\u001b[2J\u202egnp.exe", flags: 0x800 }]),
  },
  {
    id: "symbolic-link",
    what: "an entry that is a symbolic link to /etc/passwd",
    expected: refused("archive_link"),
    build: (stage) =>
      packed(stage, [
        { name: "proofs/x", data: text("/etc/passwd"), method: 0, madeBy: 0x0314, attributes: 0xa1ff0000 },
      ]),
  },
  {
    id: "device",
    what: "an entry that is a character device",
    expected: refused("archive_link"),
    build: (stage) => packed(stage, [{ name: "proofs/x", data: text(""), method: 0, attributes: 0x21b60000 }]),
  },
  {
    id: "huge-count",
    what: "an end record that counts 60,000 entries",
    expected: refused("archive_too_many"),
    build: (stage) => packed(stage, [], { count: 60_000 }),
  },
  {
    id: "truly-many",
    what: "20,001 entries that are really there",
    expected: refused("archive_too_many"),
    build: () =>
      buildZip(Array.from({ length: 20_001 }, (_, index) => ({ name: `p/${index}`, data: text(""), method: 0 }))),
  },
  {
    id: "duplicate-name",
    what: "two entries named result.json, the honest one first",
    expected: refused("archive_duplicate"),
    build: (stage) => packed(stage, [{ name: "result.json", data: text("{}") }]),
  },
  {
    id: "duplicate-but-for-case",
    what: "RESULT.json beside result.json",
    expected: refused("archive_duplicate"),
    build: (stage) => packed(stage, [{ name: "RESULT.json", data: text("{}") }]),
  },
  {
    id: "two-archives-in-one",
    what: "a second whole archive after the first: readers that search from the front and from the end see different files",
    expected: refused("archive_hidden_bytes"),
    build: (stage) => Buffer.concat([stage.other.bytes, stage.good.bytes]),
  },
  {
    id: "other-content-at-the-data",
    what: "the header beside the data of result.json gives it another name than the directory does",
    expected: refused("archive_local_header_differs"),
    build: (stage) => spoilt(stage, "result.json", { local: { name: "shadow.json" } }),
  },
  {
    id: "hidden-between",
    what: "200 kB between two entries, in no directory",
    expected: refused("archive_hidden_bytes"),
    build: (stage) => spoilt(stage, "run.json", { after: new Uint8Array(200_000) }),
  },
  {
    id: "hidden-after-deflate",
    what: "bytes inside an entry, after the end of its deflate stream",
    expected: refused("archive_deflate"),
    build: (stage) => {
      const data = stage.good.files.get("run.json") ?? text("");
      return spoilt(stage, "run.json", { packed: Buffer.concat([deflateRawSync(data), text("hidden")]) });
    },
  },
  {
    id: "hidden-in-comment",
    what: "a comment of the archive",
    expected: refused("archive_comment"),
    build: (stage) => packed(stage, [], { comment: text("approved by the agency") }),
  },
  {
    id: "hidden-in-extra-field",
    what: "an extra field of an entry",
    expected: refused("archive_unsupported"),
    build: (stage) => spoilt(stage, "run.json", { extra: Uint8Array.of(0xfe, 0xca, 2, 0, 1, 2) }),
  },
  {
    id: "encrypted",
    what: "an encrypted entry",
    expected: refused("archive_encrypted"),
    build: (stage) => spoilt(stage, "run.json", { flags: 1 }),
  },
  {
    id: "split",
    what: "the last part of a split archive",
    expected: refused("archive_multi_disk"),
    build: (stage) => packed(stage, [], { disk: 1 }),
  },
  {
    id: "truncated",
    what: "the first half of the file",
    expected: refused("archive_truncated"),
    build: ({ good }) => good.bytes.subarray(0, good.bytes.length / 2),
  },
  {
    id: "no-archive",
    what: "a PDF with the name of a bundle",
    expected: refused("archive_not_zip"),
    build: () => text(`%PDF-1.7\n${"x".repeat(1000)}\n%%EOF\n`),
  },
  {
    id: "nothing",
    what: "a file of no bytes",
    expected: refused("archive_not_zip"),
    build: () => new Uint8Array(0),
  },
];
