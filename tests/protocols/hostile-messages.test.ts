/** Messages and archives made to cost more than they weigh: refused by name, or read within what their bytes justify. */
import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import { binaryContent, MultipartError, partContent, readMultipart, xopIncludes } from "../../protocols/mtom.js";
import { readSoapEnvelope, SoapError } from "../../protocols/soap.js";
import { readXdm } from "../../protocols/xdm.js";
import { readSubmitObjects } from "../../protocols/xds.js";
import { parseXml } from "../../protocols/xml.js";
import { crc32 } from "../../protocols/zip.js";

const SOAP = "http://www.w3.org/2003/05/soap-envelope";
const XOP = "http://www.w3.org/2004/08/xop/include";
const TYPE = 'multipart/related; type="application/xop+xml"; boundary=b';
const MEGABYTE = 1024 * 1024;

const include = (href: string): string => `<x:Include xmlns:x="${XOP}" href="${href}"/>`;
const envelope = (inside: string): string =>
  `<e:Envelope xmlns:e="${SOAP}"><e:Body><l xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><RegistryObjectList/></l>${inside}</e:Body></e:Envelope>`;
const documents = (inner: string, count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `<Document xmlns="urn:ihe:iti:xds-b:2007" id="d${i}">${inner}</Document>`,
  ).join("");

function packageOf(...parts: readonly (readonly [head: string, body: Uint8Array | string])[]): Buffer {
  const pieces = parts.flatMap(([head, body]) => [
    Buffer.from(`--b\r\n${head === "" ? "" : `${head}\r\n`}\r\n`),
    Buffer.from(body),
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...pieces, Buffer.from("--b--\r\n")]);
}

/** What the contents of the message are, each as often as an `xdsb:Document` leads to it. */
function contents(message: Buffer): Uint8Array[] {
  const soap = readSoapEnvelope(message, TYPE);
  return readSubmitObjects(soap.body).contents.map(
    ({ node }) => binaryContent(node, soap.multipart)?.bytes ?? Buffer.from("nothing"),
  );
}

function refusal(read: () => unknown): string {
  try {
    read();
    return "read";
  } catch (error) {
    if (error instanceof SoapError) return `${error.code}/${error.detail}`;
    return error instanceof MultipartError ? error.code : String(error);
  }
}

const cut = (message: Buffer | string, type = TYPE) => readMultipart(Buffer.from(message), type);
const soapOf = (xml: Buffer | string): string =>
  refusal(() => readSoapEnvelope(Buffer.from(xml), "application/soap+xml"));

describe("hostile messages", () => {
  describe("references", () => {
    it("a thousand references to one part of 50 MB share its bytes, which are those received", () => {
      const root = envelope(documents(include("cid:d"), 1000));
      const message = packageOf(["Content-ID: <r>", root], ["Content-ID: <d>", Buffer.alloc(50 * MEGABYTE, "a")]);
      const found = contents(message);
      expect(found).to.have.length(1000);
      expect(new Set(found).size).to.equal(1);
      expect(found[0]?.length).to.equal(50 * MEGABYTE);
      expect(found[0]?.buffer).to.equal(message.buffer);
    });

    for (const encoding of ["base64", "quoted-printable"]) {
      it(`a thousand references to one part in ${encoding} decode it once`, () => {
        const root = envelope(documents(include("cid:d"), 1000));
        const part = `Content-ID: <d>\r\nContent-Transfer-Encoding: ${encoding}`;
        const found = contents(packageOf(["", root], [part, Buffer.alloc(4 * MEGABYTE, "A")]));
        expect(found).to.have.length(1000);
        expect(new Set(found).size).to.equal(1);
      });
    }

    it("a part that refers to itself, or to the root, is bytes like any other", () => {
      const itself = `<a>${include("cid:d")}${include("cid:r")}</a>`;
      const root = envelope(documents(include("cid:d"), 1) + documents(include("cid:r"), 1));
      const found = contents(packageOf(["Content-ID: <r>", root], ["Content-ID: <d>", itself]));
      expect(found.map((bytes) => Buffer.from(bytes).toString())).to.deep.equal([itself, root]);
    });

    it("leads nowhere but to a part: no file, no address, no other message", () => {
      const multipart = cut(
        packageOf(["Content-ID: <d>", "x"], ["Content-ID: <file:///etc/passwd>", "y"], ["Content-ID: <>", "z"]),
      );
      for (const href of [
        "file:///etc/passwd",
        "http://127.0.0.1/d",
        "//d",
        "d",
        "#d",
        "mid:d",
        "cid:",
        "cid:%",
        "cid:../d",
        "cid:D",
        "data:,x",
        "",
      ]) {
        const node = parseXml(`<a>${include(href)}</a>`);
        expect(xopIncludes(node, multipart)[0]?.part, href).to.equal(null);
        expect(binaryContent(node, multipart), href).to.equal(null);
      }
      expect(binaryContent(parseXml(`<a>${include("cid:d")}</a>`), null)).to.equal(null);
    });

    it("does not choose between parts of one Content-ID", () => {
      const multipart = cut(
        packageOf(["Content-ID: <d>", "x"], ["Content-ID: d", "y"], ["Content-ID: <__proto__>", "z"]),
      );
      expect(multipart.duplicateContentIds).to.deep.equal(["d"]);
      const part = (id: string) => xopIncludes(parseXml(include(`cid:${id}`)), multipart)[0]?.part?.index;
      expect([part("d"), part("__proto__"), part("constructor")]).to.deep.equal([undefined, 2, undefined]);
    });
  });

  describe("parts", () => {
    it("keeps the parts of a message of 50 MB as views on it", () => {
      const message = packageOf(["", envelope("")], ["Content-ID: <d>", Buffer.alloc(50 * MEGABYTE, "\n--c")]);
      const read = readMultipart(message, TYPE);
      expect(read.parts.map((part) => part.body.length)).to.deep.equal([envelope("").length, 50 * MEGABYTE]);
      for (const part of read.parts) {
        expect(part.body.buffer).to.equal(message.buffer);
        expect(partContent(part)).to.equal(part.body);
      }
    });

    it("counts parts before it keeps them", () => {
      expect(refusal(() => cut("--b\r\n\r\n\r\n".repeat(100_000)))).to.equal("too_many_parts");
      expect(refusal(() => cut("--b\n".repeat(1_000_000)))).to.equal("too_many_parts");
      expect(cut(`${"--b\r\n\r\nx\r\n".repeat(100)}--b--`).parts).to.have.length(100);
    });

    it("bounds the headers of a part, one long line or many short ones, ended or not", () => {
      for (const head of [
        "X".repeat(20_000),
        `X: ${"y".repeat(20_000)}`,
        "X: y\r\n".repeat(3000),
        "X: y\r\n\t".repeat(3000),
      ]) {
        expect(refusal(() => cut(`--b\r\n${head}\r\n\r\nx\r\n--b--`))).to.equal("head_too_large");
        expect(refusal(() => cut(`--b\r\n${head}`))).to.equal("head_too_large");
      }
    });

    it("does not open a multipart inside a part", () => {
      let inner = "x";
      for (let i = 0; i < 1000; i += 1)
        inner = `Content-Type: multipart/related; boundary=b${i}\r\n\r\n--b${i}\r\n${inner}\r\n--b${i}--\r\n`;
      const { parts } = cut(`--b\r\n${inner}\r\n--b--\r\n`);
      expect(parts).to.have.length(1);
      const nested = packageOf(["Content-Type: multipart/related; boundary=c", `--c\r\n\r\n${envelope("")}\r\n--c--`]);
      expect(refusal(() => readSoapEnvelope(nested, TYPE))).to.equal("xml/not_xml");
    });

    for (const [name, body, boundary] of [
      ["inside lines", "x--b".repeat(1_000_000), "b"],
      ["as the beginning of a longer one", "\n--bc".repeat(1_000_000), "b"],
      ["overlapping itself", "-".repeat(8_000_000), "-"],
      ["before padding that never ends", `\n--b${" ".repeat(4_000_000)}x`, "b"],
    ] as const) {
      it(`a boundary that occurs a million times ${name} is looked at once a line`, () => {
        const message = Buffer.from(`--${boundary}\r\n\r\n${body}\r\n--${boundary}--\r\n`);
        const [searches, { parts }] = counting(() =>
          readMultipart(message, `multipart/related; boundary="${boundary}"`),
        );
        expect(parts.map((part) => part.body.length)).to.deep.equal([body.length]);
        expect(searches).to.be.at.most(body.split("\n").length + 10);
      });
    }

    it("refuses a boundary that is none", () => {
      for (const boundary of ["", "x".repeat(201), "a\u0000b", "a\u007f"])
        expect(refusal(() => cut("--b\r\n", `multipart/related; boundary="${boundary}"`))).to.equal("no_boundary");
    });
  });

  describe("the envelope", () => {
    it("has no DTD and no entity, in whatever encoding", () => {
      const lol = `<!DOCTYPE a [<!ENTITY a "${"x".repeat(1000)}"><!ENTITY b "${"&a;".repeat(1000)}">]>${envelope("&b;")}`;
      const outside = `<!DOCTYPE a SYSTEM "file:///etc/passwd">${envelope("")}`;
      for (const xml of [lol, outside]) {
        expect(soapOf(xml)).to.equal("xml/dtd");
        expect(soapOf(Buffer.from(`\ufeff${xml}`, "utf16le"))).to.equal("xml/dtd");
        expect(refusal(() => readSoapEnvelope(packageOf(["", xml]), TYPE))).to.equal("xml/dtd");
        const wide = Buffer.from(xml, "utf16le");
        expect(refusal(() => readSoapEnvelope(wide, "text/xml; charset=utf-16le"))).to.equal("xml/dtd");
      }
      expect(soapOf(envelope("&unknown;"))).to.equal("xml/not_xml");
    });

    it("is bounded in depth, nodes and bytes", () => {
      expect(soapOf(envelope("<a>".repeat(100_000)))).to.equal("xml/too_deep");
      const many = Buffer.from(envelope("<a/>".repeat(1000)));
      expect(refusal(() => readSoapEnvelope(many, "text/xml", { maxNodes: 1000 }))).to.equal("xml/too_large");
      expect(soapOf(Buffer.alloc(64 * MEGABYTE + 1, " "))).to.equal("xml/too_large");
    });

    it("is in no encoding that hides what it says", () => {
      const utf32 = Buffer.from(
        [...`\ufeff${envelope("")}`].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8, 0, 0]),
      );
      expect(soapOf(utf32)).to.equal("xml/not_xml");
      expect(soapOf(utf32.subarray(4))).to.equal("xml/not_xml");
      expect(soapOf(`<?xml version="1.0" encoding="utf-7"?>${envelope("")}`)).to.equal("xml/bad_encoding");
      expect(soapOf(`<?xml version="1.0" encoding="utf-32"?>${envelope("")}`)).to.equal("xml/bad_encoding");
    });
  });
});

describe("hostile archives", () => {
  const zeros = deflateRawSync(Buffer.alloc(64 * MEGABYTE), { level: 9 });

  it("bounds what a member expands to, whatever its size says", () => {
    const result = readXdm(archive([{ name: "IHE_XDM/SUBSET01/METADATA.XML", packed: zeros, size: 10 }]));
    const metadata = result.ok ? result.xdm.subsets[0]?.metadata?.entry : undefined;
    expect([metadata?.problem, metadata?.data]).to.deep.equal(["ratio", null]);
  });

  it("bounds what all members expand to, also where they share their bytes", () => {
    const half = Buffer.alloc(MEGABYTE, "a");
    const member = { packed: deflateRawSync(half), size: half.length, crc: crc32(half) };
    const shared = Array.from({ length: 129 }, (_, i) => ({ ...member, name: `IHE_XDM/SUBSET01/D${i}.XML` }));
    const within = readXdm(archive(shared.slice(0, 128)));
    const entries = within.ok ? within.xdm.archive.entries : [];
    expect(entries.filter((entry) => entry.problem === null)).to.have.length(128);
    expect(readXdm(archive(shared))).to.deep.equal({ ok: false, reason: "too_large" });
  });

  it("bounds the members themselves, and does not open an archive inside an archive", () => {
    const many = Array.from({ length: 2001 }, (_, i) => ({ name: `F${i}`, packed: Buffer.from([3, 0]), size: 0 }));
    expect(readXdm(archive(many))).to.deep.equal({ ok: false, reason: "too_many_entries" });
    const inner = archive([{ name: "IHE_XDM/SUBSET01/METADATA.XML", packed: zeros, size: 64 * MEGABYTE }]);
    const outer = readXdm(
      archive([{ name: "INNER.ZIP", packed: deflateRawSync(inner), size: inner.length, crc: crc32(inner) }]),
    );
    expect(outer.ok && outer.xdm.subsets).to.deep.equal([]);
    expect(outer.ok && outer.xdm.strays).to.deep.equal(["INNER.ZIP"]);
  });

  it("opens no member that leaves its folder", () => {
    for (const name of ["../METADATA.XML", "/etc/passwd", "C:/a", "IHE_XDM/../../a", "a\\..\\b"]) {
      const result = readXdm(archive([{ name, packed: Buffer.from([3, 0]), size: 0 }]));
      const [entry] = result.ok ? result.xdm.archive.entries : [];
      expect([entry?.problem, entry?.data], name).to.deep.equal(["unsafe_name", null]);
    }
  });
});

/** How often the bytes were searched while `run` ran. */
function counting<T>(run: () => T): [number, T] {
  const original = Buffer.prototype.indexOf;
  let searches = 0;
  Buffer.prototype.indexOf = function (this: Buffer, ...args: Parameters<typeof original>) {
    searches += 1;
    return original.apply(this, args);
  };
  try {
    const result = run();
    return [searches, result];
  } finally {
    Buffer.prototype.indexOf = original;
  }
}

interface Member {
  readonly name: string;
  readonly packed: Buffer;
  /** As the directory says. */
  readonly size: number;
  readonly crc?: number;
}

/** An archive whose members all point at the bytes of the first. */
function archive(members: readonly Member[]): Buffer {
  const packed = members[0]?.packed ?? Buffer.alloc(0);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  const start = Buffer.concat([local, packed]);
  const directory = Buffer.concat(
    members.map((member) => {
      const central = Buffer.alloc(46);
      central.writeUInt32LE(0x02014b50, 0);
      central.writeUInt16LE(8, 10);
      central.writeUInt32LE(member.crc ?? 0, 16);
      central.writeUInt32LE(packed.length, 20);
      central.writeUInt32LE(member.size, 24);
      central.writeUInt16LE(member.name.length, 28);
      return Buffer.concat([central, Buffer.from(member.name)]);
    }),
  );
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(start.length, 16);
  return Buffer.concat([start, directory, end]);
}
