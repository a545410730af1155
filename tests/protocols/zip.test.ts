import { once } from "node:events";
import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import yauzl from "yauzl";
import yazl from "yazl";
import { crc32, readZip, type ZipLimits } from "../../protocols/zip.js";

interface Made {
  readonly name: string | Buffer;
  readonly data: Buffer;
  readonly method?: number;
  readonly mode?: number;
  readonly flags?: number;
  readonly declaredSize?: number;
  readonly declaredCrc?: number;
  /** Extra field of the central directory. */
  readonly extra?: Buffer;
}

/** Writes an archive by hand, so that it may lie. */
function make(entries: readonly Made[], comment = ""): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.isBuffer(entry.name) ? entry.name : Buffer.from(entry.name);
    const method = entry.method ?? 8;
    const packed = method === 8 ? deflateRawSync(entry.data) : entry.data;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(entry.flags ?? 0x800, 2);
    head.writeUInt16LE(method, 4);
    head.writeUInt32LE(entry.declaredCrc ?? crc32(entry.data), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(entry.declaredSize ?? entry.data.length, 18);
    head.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, name, packed]);
    const tail = Buffer.alloc(14);
    const extra = entry.extra ?? Buffer.alloc(0);
    const declared = Buffer.from(head);
    declared.writeUInt16LE(extra.length, 24);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03", "latin1"), declared, tail, name, extra]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, end, Buffer.from(comment)]);
}

function read(bytes: Buffer, limits: Partial<ZipLimits> = {}) {
  const result = readZip(bytes, limits);
  if (!result.ok) throw new Error(result.reason);
  return result.archive;
}

const problems = (bytes: Buffer, limits: Partial<ZipLimits> = {}) => read(bytes, limits).entries.map((e) => e.problem);

/** The same archive through yauzl: names and contents, or its refusal. */
async function withYauzl(bytes: Buffer): Promise<{ names: string[]; contents: Buffer[] }> {
  const archive = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (error, zip) => {
      if (error || !zip) reject(error);
      else resolve(zip);
    });
  });
  const names: string[] = [];
  const contents: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    archive.on("entry", (entry: yauzl.Entry) => {
      names.push(entry.fileName);
      if (entry.fileName.endsWith("/")) {
        archive.readEntry();
        return;
      }
      archive.openReadStream(entry, (error, stream) => {
        if (error || !stream) return reject(error);
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("error", reject);
        stream.on("end", () => {
          contents.push(Buffer.concat(chunks));
          archive.readEntry();
        });
      });
    });
    archive.on("error", reject);
    archive.on("end", () => resolve());
    archive.readEntry();
  });
  return { names, contents };
}

describe("protocols/zip", () => {
  it("reads what yazl writes, as yauzl reads it", async () => {
    const zip = new yazl.ZipFile();
    const options = { mtime: new Date(2024, 0, 1), mode: 0o100644 };
    zip.addBuffer(Buffer.from("lisez-moi"), "README.TXT", options);
    zip.addEmptyDirectory("IHE_XDM/SUBSET01", options);
    zip.addBuffer(Buffer.from("<x/>".repeat(5000)), "IHE_XDM/SUBSET01/METADATA.XML", options);
    zip.addBuffer(Buffer.from([0, 1, 2, 255]), "IHE_XDM/SUBSET01/résumé.bin", { ...options, compress: false });
    zip.end();
    const chunks: Buffer[] = [];
    zip.outputStream.on("data", (chunk: Buffer) => chunks.push(chunk));
    await once(zip.outputStream, "end");
    const bytes = Buffer.concat(chunks);
    const archive = read(bytes);
    const other = await withYauzl(bytes);
    expect(archive.entries.map((e) => e.name)).to.deep.equal(other.names);
    expect(archive.entries.every((e) => e.problem === null)).to.equal(true);
    const contents = archive.entries.filter((e) => !e.directory).map((e) => Buffer.from(e.data ?? []));
    expect(contents).to.deep.equal(other.contents);
  });

  it("decodes names without the UTF-8 flag as code page 437, as yauzl does", async () => {
    const bytes = make([{ name: Buffer.from([0x72, 0x82, 0x73, 0x2e, 0x74]), data: Buffer.from("x"), flags: 0 }]);
    expect(read(bytes).entries[0]?.name).to.equal("rés.t");
    expect((await withYauzl(bytes)).names).to.deep.equal(["rés.t"]);
  });

  it("takes the name of Info-ZIP's extra field while its CRC agrees, as yauzl does", async () => {
    const rawName = Buffer.from("r?s.t");
    const field = (crc: number): Buffer => {
      const path = Buffer.from("rés.t");
      const extra = Buffer.alloc(9);
      extra.writeUInt16LE(0x7075, 0);
      extra.writeUInt16LE(5 + path.length, 2);
      extra.writeUInt8(1, 4);
      extra.writeUInt32LE(crc, 5);
      return Buffer.concat([extra, path]);
    };
    for (const [crc, name] of [
      [crc32(rawName), "rés.t"],
      [1, "r?s.t"],
    ] as const) {
      const bytes = make([{ name: rawName, data: Buffer.from("x"), flags: 0, extra: field(crc) }]);
      expect(read(bytes).entries[0]?.name).to.equal(name);
      expect((await withYauzl(bytes)).names).to.deep.equal([name]);
    }
  });

  it("does not open names that leave the folder, nor links; yauzl refuses those names too", async () => {
    for (const name of ["../evil", "a/../../evil", "/etc/x", "..\\evil", "C:/x", "a//b", "./a"]) {
      const bytes = make([{ name, data: Buffer.from("x") }]);
      expect(problems(bytes), name).to.deep.equal(["unsafe_name"]);
      expect(read(bytes).entries[0]?.data).to.equal(null);
    }
    for (const name of ["../evil", "/etc/x", "..\\evil"]) {
      const refused = await withYauzl(make([{ name, data: Buffer.from("x") }])).catch((error: Error) => error);
      expect(refused, name).to.be.an("error");
    }
    expect(problems(make([{ name: "link", data: Buffer.from("/etc/passwd"), mode: 0o120777 }]))).to.deep.equal([
      "link",
    ]);
  });

  it("finds a wrong CRC, a wrong size and broken data", () => {
    const data = Buffer.from("hello hello hello hello");
    expect(problems(make([{ name: "a", data, declaredCrc: 1 }]))).to.deep.equal(["crc_differs"]);
    expect(problems(make([{ name: "a", data, declaredSize: 10 }]))).to.deep.equal(["size_differs"]);
    expect(problems(make([{ name: "a", data, flags: 1 }]))).to.deep.equal(["encrypted"]);
    expect(problems(make([{ name: "a", data, method: 12 }]))).to.deep.equal(["unsupported_method"]);
    const broken = make([{ name: "a", data }]);
    broken.fill(0xff, 31, 40);
    expect(problems(broken)).to.deep.equal(["bad_data"]);
  });

  it("stops a bomb by ratio, by entry, by total and by count", () => {
    const zeros = Buffer.alloc(8 * 1024 * 1024);
    expect(problems(make([{ name: "a", data: zeros }]))).to.deep.equal(["ratio"]);
    expect(problems(make([{ name: "a", data: zeros }]), { maxRatio: 1e6, maxEntryBytes: 1024 })).to.deep.equal([
      "too_large",
    ]);
    // A bomb that lies about its size is stopped all the same.
    expect(problems(make([{ name: "a", data: zeros, declaredSize: 10 }]))).to.deep.equal(["ratio"]);
    const two = make([
      { name: "a", data: Buffer.alloc(600), method: 0 },
      { name: "b", data: Buffer.alloc(600), method: 0 },
    ]);
    expect(problems(two, { maxTotalBytes: 1000 })).to.deep.equal([null, "too_large"]);
    expect(readZip(two, { maxEntries: 1 })).to.deep.equal({ ok: false, reason: "too_many_entries" });
  });

  it("lists names that occur twice and keeps both", () => {
    const archive = read(
      make([
        { name: "DOC.XML", data: Buffer.from("1") },
        { name: "doc.xml", data: Buffer.from("2") },
      ]),
    );
    expect(archive.duplicates).to.deep.equal(["doc.xml"]);
    expect(archive.entries.map((e) => Buffer.from(e.data ?? []).toString())).to.deep.equal(["1", "2"]);
  });

  it("says why the whole is unreadable", () => {
    const good = make([{ name: "a", data: Buffer.from("x") }], "a comment");
    expect(readZip(good).ok).to.equal(true);
    expect(readZip(Buffer.from("hello"))).to.deep.equal({ ok: false, reason: "not_zip" });
    expect(readZip(good.subarray(0, good.length - 12))).to.deep.equal({ ok: false, reason: "truncated" });
    const plain = make([{ name: "a", data: Buffer.from("x") }]);
    const edit = (at: number, value: number) => {
      const copy = Buffer.from(plain);
      copy.writeUInt32LE(value, copy.length - 22 + at);
      return readZip(copy);
    };
    expect(edit(16, 0xffffffff)).to.deep.equal({ ok: false, reason: "zip64" });
    expect(edit(16, 7)).to.deep.equal({ ok: false, reason: "directory_broken" });
    expect(edit(16, 1 << 30)).to.deep.equal({ ok: false, reason: "directory_broken" });
    expect(edit(4, 1)).to.deep.equal({ ok: false, reason: "multi_disk" });
  });

  it("never throws on a damaged archive", () => {
    const good = make([
      { name: "a", data: Buffer.from("hello hello hello") },
      { name: "b/c", data: Buffer.from("x"), method: 0 },
    ]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), (edits) => {
        const copy = Buffer.from(good);
        for (const [at, value] of edits) copy[at] = value;
        readZip(copy);
      }),
      { numRuns: 2000 },
    );
  });
});
