import { randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import * as yauzl from "yauzl";
import { ZipFile } from "yazl";
import { SuiteError } from "../../../core/model/index.js";
import { isArchiveName, readArchive, writeArchive } from "../../../core/seal/archive.js";
import { Refusal, REFUSAL_REASONS } from "../../../core/seal/refusal.js";
import { buildZip, type EndShape, type EntryShape, text } from "../../hostile/zip-shapes.js";

const plain = (files: ReadonlyMap<string, Uint8Array>): Record<string, string> =>
  Object.fromEntries([...files].map(([name, data]) => [name, Buffer.from(data).toString("base64")]));

async function reasonOf(bytes: Uint8Array, limits = {}): Promise<string> {
  try {
    await readArchive(bytes, limits);
    return "accepted";
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

const FILES = new Map<string, Uint8Array>([
  ["run.json", text('{"id":"x"}\n')],
  ["bundle.json", text("{}\n")],
  ["recording/streams/c0001.in", randomBytes(3000)],
  ["recording/events.jsonl", text("a line that comes again\n".repeat(500))],
  ["recording/streams/c0002.in", new Uint8Array()],
]);

/** What another reader finds, names as it decodes them. */
async function byYauzl(bytes: Uint8Array): Promise<Record<string, string>> {
  const zip = await yauzl.fromBufferPromise(Buffer.from(bytes));
  const found: Record<string, string> = {};
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    found[entry.fileName] = Buffer.concat(chunks).toString("base64");
  }
  return found;
}

describe("archive: writing", () => {
  it("gives the same bytes whatever the order of the files", () => {
    const turned = new Map([...FILES].reverse());
    expect(Buffer.from(writeArchive(FILES)).equals(writeArchive(turned))).to.equal(true);
  });

  it("gives the bytes written down once", () => {
    const files = new Map([
      ["a.txt", text("abc")],
      ["b/c.txt", text("0123456789".repeat(20))],
    ]);
    expect(Buffer.from(writeArchive(files)).toString("hex")).to.equal(WRITTEN);
  });

  it("is read by us and by another reader alike", async () => {
    const bytes = writeArchive(FILES);
    const ours = plain(await readArchive(bytes));
    expect(ours).to.deep.equal(plain(FILES));
    expect(await byYauzl(bytes)).to.deep.equal(ours);
  });

  it("keeps any content", async () => {
    const content = fc.dictionary(
      fc.stringMatching(/^[a-d]{1,3}x$/),
      fc.oneof(
        fc.uint8Array({ maxLength: 3000 }),
        fc
          .array(fc.constantFrom("GET / HTTP/1.1\r\n", "x", "yz"), { maxLength: 4000 })
          .map((parts) => text(parts.join(""))),
      ),
      { maxKeys: 12 },
    );
    await fc.assert(
      fc.asyncProperty(content, async (files) => {
        const map = new Map(Object.entries(files));
        expect(plain(await readArchive(writeArchive(map)))).to.deep.equal(plain(map));
      }),
      { numRuns: 60 },
    );
  });

  it("stores what would deflate as well as a bomb does", async () => {
    const zeros = new Map([["recording/streams/c0001.in", new Uint8Array(3 * 1024 * 1024)]]);
    const bytes = writeArchive(zeros);
    expect(bytes.length).to.be.greaterThan(3 * 1024 * 1024);
    expect((await readArchive(bytes)).get("recording/streams/c0001.in")?.length).to.equal(3 * 1024 * 1024);
  });

  for (const name of [
    "",
    "/a",
    "a//b",
    "../a",
    "a/..",
    "a/./b",
    "é",
    "a b",
    "a\\b",
    "C:a",
    "a/",
    "a.",
    "NUL",
    "x/con.txt",
  ]) {
    it(`refuses the name ${JSON.stringify(name)}`, () => {
      expect(() => writeArchive(new Map([[name, text("x")]]))).to.throw(SuiteError, "cannot stand in a bundle");
    });
  }

  it("refuses names that differ by case only, and a file that is also a folder", () => {
    const pair = (a: string, b: string) => () =>
      writeArchive(
        new Map([
          [a, text("x")],
          [b, text("y")],
        ]),
      );
    expect(pair("a/B", "a/b")).to.throw(SuiteError, "the same name");
    expect(pair("a", "A/b")).to.throw(SuiteError, "the same name");
  });

  it("knows the names it may hold", () => {
    expect(["__proto__", "constructor", "a-b_c.d/e", "x".repeat(200)].every(isArchiveName)).to.equal(true);
    expect(isArchiveName("x".repeat(201))).to.equal(false);
  });
});

/** The archive of the second test above; any change of the writer or of the deflater shows here. */
const WRITTEN =
  "504b030414000000000000002100c24124350300000003000000050000" +
  "00612e747874616263504b03041400000008000000210040a329410e00" +
  "0000c800000007000000622f632e7478743330343236313533b7b01cda" +
  "2c00504b0102140014000000000000002100c241243503000000030000" +
  "00050000000000000000000000000000000000612e747874504b010214" +
  "001400000008000000210040a329410e000000c8000000070000000000" +
  "000000000000000026000000622f632e747874504b0506000000000200" +
  "020068000000590000000000";

describe("archive: reading", () => {
  const one: EntryShape = { name: "a.txt", data: text("some words, some words, some words") };
  const zeros = new Uint8Array(2 * 1024 * 1024);

  it("reads plain archives of other writers", async () => {
    const zip = new ZipFile();
    const options = { mtime: new Date(0), forceDosTimestamp: true };
    zip.addBuffer(Buffer.from("abc"), "a.txt", { ...options, compress: false });
    zip.addBuffer(Buffer.from("abc".repeat(100)), "b/c.txt", options);
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
    const files = await readArchive(Buffer.concat(chunks));
    expect([...files].map(([name, data]) => [name, data.length])).to.deep.equal([
      ["a.txt", 3],
      ["b/c.txt", 300],
    ]);
  });

  it("reads archives made by hand, entries in any order, and an empty one", async () => {
    const files = await readArchive(
      buildZip([
        { name: "b", method: 0, data: text("B") },
        { ...one, flags: 0x0806 },
      ]),
    );
    expect([...files.keys()]).to.deep.equal(["a.txt", "b"]);
    expect((await readArchive(buildZip([]))).size).to.equal(0);
  });

  it("keeps names that JavaScript objects treat apart", async () => {
    const files = await readArchive(buildZip([{ name: "__proto__" }, { name: "constructor" }]));
    expect([...files.keys()]).to.deep.equal(["__proto__", "constructor"]);
  });

  const shapes: readonly (readonly [expected: string, what: string, entries: readonly EntryShape[], end?: EndShape])[] =
    [
      ["archive_path", "a name that climbs", [{ name: "../a" }]],
      ["archive_path", "a name that climbs further in", [{ name: "a/../../b" }]],
      ["archive_path", "an absolute name", [{ name: "/etc/passwd" }]],
      ["archive_path", "a backslash", [{ name: "a\\b" }]],
      ["archive_path", "a drive", [{ name: "C:/a" }]],
      ["archive_path", "an empty name", [{ name: "" }]],
      ["archive_path", "an empty step", [{ name: "a//b" }]],
      ["archive_path", "a lone dot", [{ name: "a/./b" }]],
      ["archive_path", "a NUL", [{ name: "run.json\0.txt" }]],
      ["archive_path", "a line feed", [{ name: "a\n" }]],
      ["archive_path", "an accent", [{ name: "é", flags: 0x800 }]],
      ["archive_path", "bytes that are no UTF-8", [{ name: Uint8Array.of(0xff, 0xfe), flags: 0x800 }]],
      ["archive_path", "a name of 201 characters", [{ name: "x".repeat(201) }]],
      ["archive_path", "a name of 65,535 characters", [{ name: "x".repeat(65_535) }]],
      ["archive_path", "a device of Windows", [{ name: "nul.json" }]],
      ["archive_path", "a final dot", [{ name: "run.json." }]],
      ["archive_folder", "a folder by its name", [{ name: "a/", data: text("") }]],
      ["archive_folder", "a folder by its Unix mode", [{ name: "a", attributes: 0x41ed0000 }]],
      ["archive_folder", "a folder by its DOS attribute", [{ name: "a", attributes: 0x10 }]],
      ["archive_link", "a symbolic link", [{ name: "a", madeBy: 0x0314, attributes: 0xa1ff0000 }]],
      [
        "archive_link",
        "a symbolic link that says it was made on DOS",
        [{ name: "a", madeBy: 20, attributes: 0xa1ff0000 }],
      ],
      ["archive_link", "a character device", [{ name: "a", attributes: 0x21b60000 }]],
      ["archive_link", "a pipe", [{ name: "a", attributes: 0x11b60000 }]],
      ["archive_link", "a socket", [{ name: "a", attributes: 0xc1b60000 }]],
      ["archive_link", "a Windows reparse point", [{ name: "a", attributes: 0x400 }]],
      ["archive_duplicate", "the same name twice", [{ name: "a" }, { name: "a", data: text("other") }]],
      ["archive_duplicate", "names that differ by case", [{ name: "run.json" }, { name: "RUN.json" }]],
      ["archive_duplicate", "a file that is also a folder", [{ name: "a/b/c" }, { name: "a/b" }]],
      ["archive_encrypted", "an encrypted entry", [{ name: "a", flags: 1, local: { flags: 1 } }]],
      ["archive_encrypted", "strong encryption", [{ name: "a", flags: 0x41 }]],
      ["archive_encrypted", "masked headers", [{ name: "a", flags: 0x2000 }]],
      ["archive_unsupported", "sizes after the data", [{ name: "a", flags: 8 }]],
      ["archive_unsupported", "patched data", [{ name: "a", flags: 0x20 }]],
      ["archive_unsupported", "a reserved flag", [{ name: "a", flags: 0x8000 }]],
      ["archive_unsupported", "an extra field", [{ name: "a", extra: Uint8Array.of(0x55, 0x54, 1, 0, 0) }]],
      [
        "archive_unsupported",
        "an extra field at the data only",
        [{ name: "a", local: { extra: Uint8Array.of(1, 2, 0, 0) } }],
      ],
      ["archive_unsupported", "a size left to zip64", [{ name: "a", size: 0xffffffff }]],
      ["archive_unsupported", "a place left to zip64", [{ name: "a", offset: 0xffffffff }]],
      ["archive_unsupported", "a directory left to zip64", [{ name: "a" }], { offset: 0xffffffff }],
      [
        "archive_unsupported",
        "a zip64 locator",
        [{ name: "a" }],
        { before: Buffer.concat([Uint8Array.of(0x50, 0x4b, 6, 7), new Uint8Array(16)]) },
      ],
      ["archive_method", "bzip2", [{ name: "a", method: 12 }]],
      ["archive_method", "deflate64", [{ name: "a", method: 9 }]],
      ["archive_multi_disk", "a later disk", [{ name: "a" }], { disk: 1 }],
      ["archive_multi_disk", "entries on other disks", [{ name: "a" }], { countHere: 0, count: 1 }],
      ["archive_multi_disk", "an entry of another disk", [{ name: "a", disk: 1 }]],
      ["archive_comment", "a comment of the archive", [{ name: "a" }], { comment: text("hello") }],
      ["archive_comment", "a comment of an entry", [{ name: "a", comment: text("hello") }]],
      [
        "archive_hidden_bytes",
        "a second end record inside the comment",
        [{ name: "a" }],
        { comment: Buffer.from(buildZip([])) },
      ],
      ["archive_hidden_bytes", "bytes before the archive", [{ name: "a", before: text("#!/bin/sh\n") }]],
      ["archive_hidden_bytes", "bytes between two entries", [{ name: "a", after: text("hidden") }, { name: "b" }]],
      ["archive_hidden_bytes", "bytes before the directory", [{ name: "a", after: text("hidden") }]],
      ["archive_hidden_bytes", "bytes before the end record", [{ name: "a" }], { before: text("hidden") }],
      ["archive_hidden_bytes", "bytes after the end record", [{ name: "a" }], { after: text("hidden") }],
      ["archive_hidden_bytes", "an entry that is not in the directory", [{ name: "a" }, { name: "b", only: "body" }]],
      [
        "archive_hidden_bytes",
        "a record of the directory that is not counted",
        [{ name: "a" }, { name: "b" }],
        { count: 1 },
      ],
      ["archive_corrupt", "more records counted than there are", [{ name: "a" }], { count: 2 }],
      ["archive_corrupt", "a directory said to lie further", [{ name: "a" }], { offset: 10_000 }],
      ["archive_corrupt", "a directory said to be larger", [{ name: "a" }], { size: 10_000 }],
      [
        "archive_overlap",
        "two records for the same bytes",
        [{ name: "a" }, { name: "b", only: "directory", offset: 0 }],
      ],
      ["archive_overlap", "data that reach into the directory", [{ name: "a", compressedSize: 5000, size: 5000 }]],
      ["archive_local_header_differs", "another name at the data", [{ ...one, local: { name: "b.txt" } }]],
      ["archive_local_header_differs", "another size at the data", [{ ...one, local: { size: 1 } }]],
      ["archive_local_header_differs", "another packed size at the data", [{ ...one, local: { compressedSize: 1 } }]],
      ["archive_local_header_differs", "another CRC at the data", [{ ...one, local: { crc: 1 } }]],
      ["archive_local_header_differs", "another method at the data", [{ ...one, local: { method: 0 } }]],
      ["archive_local_header_differs", "another flag at the data", [{ ...one, local: { flags: 8 } }]],
      ["archive_local_header_differs", "a shorter name at the data", [{ ...one, local: { name: "a" } }]],
      ["archive_crc", "another CRC", [{ ...one, crc: 1 }]],
      ["archive_crc", "another CRC of a stored entry", [{ ...one, method: 0, crc: 1 }]],
      ["archive_deflate", "no deflate stream", [{ ...one, packed: text("\xff\xff\xff") }]],
      [
        "archive_deflate",
        "a deflate stream cut short",
        [{ ...one, packed: deflateRawSync(text("x".repeat(99))).subarray(0, 3) }],
      ],
      [
        "archive_deflate",
        "bytes after the end of the deflate stream",
        [{ name: "a", data: text("abc"), packed: Buffer.concat([deflateRawSync(text("abc")), text("hidden")]) }],
      ],
      ["archive_deflate", "no bytes for a deflated entry", [{ name: "a", data: text(""), packed: text("") }]],
      ["archive_size_differs", "more than said", [{ ...one, size: 5 }]],
      ["archive_size_differs", "more than nothing", [{ ...one, size: 0 }]],
      ["archive_size_differs", "less than said", [{ ...one, size: 500 }]],
      ["archive_size_differs", "a stored entry with two sizes", [{ ...one, method: 0, size: 5 }]],
      ["archive_bomb", "two megabytes out of two kilobytes", [{ name: "a", data: zeros }]],
      ["archive_size_differs", "a bomb that says it is small", [{ name: "a", data: zeros, size: 1000 }]],
      ["archive_too_large", "an entry of 257 MB", [{ name: "a", size: 257 << 20, compressedSize: 10 << 20 }]],
      [
        "archive_too_large",
        "three entries of 200 MB",
        ["a", "b", "c"].map((name) => ({ name, size: 200 << 20, compressedSize: 10 << 20 })),
      ],
      ["archive_too_many", "30,000 entries", [{ name: "a" }], { count: 30_000 }],
      ["archive_too_many", "the count left to zip64", [{ name: "a" }], { count: 0xffff }],
    ];
  for (const [expected, what, entries, end] of shapes) {
    it(`${expected}: ${what}`, async () => {
      expect(await reasonOf(buildZip(entries, end))).to.equal(expected);
    });
  }

  it("refuses what is no archive, and one cut anywhere", async () => {
    const good = buildZip([one, { name: "b" }]);
    expect(await reasonOf(new Uint8Array())).to.equal("archive_not_zip");
    expect(await reasonOf(text("%PDF-1.7 and so on and so forth"))).to.equal("archive_not_zip");
    expect(await reasonOf(text("PK\x07\x08PK\x03\x04 and so on and so forth"))).to.equal("archive_multi_disk");
    for (let length = 4; length < good.length; length += 1) {
      expect(await reasonOf(good.subarray(0, length)), String(length)).to.equal("archive_truncated");
    }
  });

  it("keeps to limits given by the caller", async () => {
    const bytes = buildZip([one, { name: "b" }]);
    expect(await reasonOf(bytes, { maxEntries: 1 })).to.equal("archive_too_many");
    expect(await reasonOf(bytes, { maxEntryBytes: 20 })).to.equal("archive_too_large");
    expect(await reasonOf(bytes, { maxTotalBytes: 40 })).to.equal("archive_too_large");
    expect(await reasonOf(new Uint8Array(3000), { maxTotalBytes: 40, maxEntries: 1 })).to.equal("archive_too_large");
    expect(await reasonOf(bytes, { maxEntries: 2 })).to.equal("accepted");
  });

  it("gives the same content or a named refusal, whatever bytes are changed", async function () {
    const good = Buffer.from(writeArchive(FILES));
    const expected = plain(FILES);
    const edit = fc.record({
      at: fc.nat(good.length - 1),
      to: fc.nat(255),
      cut: fc.option(fc.nat(good.length), { freq: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        let bytes = Buffer.from(good);
        for (const { at, to, cut } of edits) {
          if (at < bytes.length) bytes[at] = to;
          if (cut !== null) bytes = bytes.subarray(0, cut);
        }
        try {
          expect(plain(await readArchive(bytes))).to.deep.equal(expected);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          expect(REFUSAL_REASONS).to.include(error.reason);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
