import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { zipSync } from "fflate";
import { packageRoot } from "../../core/model/index.js";
import { mediaOf } from "../../protocols/media.js";

const files = path.join(packageRoot(import.meta.url), "fixtures/dossier/files");
const fixture = (name: string): Buffer => readFileSync(path.join(files, name));

/** A box of ISO/IEC 14496-12. */
function box(type: string, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, "latin1"), body]);
}
const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value >>> 0, 4 * i));
  return bytes;
};
const FTYP = box("ftyp", Buffer.from("isom"), u32(512), Buffer.from("isomiso2"));
const track = (handler: string, scale: number, duration: number): Buffer =>
  box(
    "trak",
    box("tkhd", u32(0, 0, 0, 1, 0, duration, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), u32(640 << 16, 360 << 16)),
    box(
      "mdia",
      box("mdhd", u32(0, 0, 0, scale, duration, 0)),
      box("hdlr", u32(0, 0), Buffer.from(handler), u32(0, 0, 0)),
    ),
  );
const movie = (duration: number, ...rest: readonly Buffer[]): Buffer =>
  box("moov", box("mvhd", u32(0, 0, 0, 1000, duration)), ...rest);
const DATA = box("mdat", Buffer.alloc(16, 1));

/** An element of RFC 8794, its size in eight bytes; `null`: unknown. */
function ebml(id: string, size: number | null, ...content: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(8);
  if (size === null) length.fill(0xff).writeUInt8(0x01, 0);
  else length.writeBigUInt64BE((1n << 56n) | BigInt(size), 0);
  return Buffer.concat([Buffer.from(id, "hex"), length, ...content]);
}
const element = (id: string, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return ebml(id, body.length, body);
};
const HEAD = element("1a45dfa3", element("4282", Buffer.from("webm")));
const TRACKS = element(
  "1654ae6b",
  element(
    "ae",
    element("83", Buffer.from([1])),
    element("e0", element("b0", Buffer.from([2, 128])), element("ba", Buffer.from([1, 104]))),
  ),
);
const block = (time: number): Buffer => element("a3", Buffer.from([0x81, time >> 8, time & 255, 0x80, 9, 9]));
const cluster = (at: number, ...times: readonly number[]): Buffer =>
  Buffer.concat([element("e7", u32(at)), ...times.map(block)]);

const seconds = async (bytes: Buffer): Promise<number | null | undefined> => (await mediaOf(bytes))?.seconds;

describe("media", () => {
  it("reads length and size of the project's videos", async () => {
    expect(await mediaOf(fixture("demonstration.mp4"))).to.deep.equal({
      type: "video/mp4",
      seconds: 6,
      width: 640,
      height: 360,
      signed: null,
    });
    expect(await mediaOf(fixture("connexion-psc.webm"))).to.deep.equal({
      type: "video/webm",
      seconds: 8,
      width: 640,
      height: 360,
      signed: null,
    });
  });

  it("gives no length to a video that was cut, wherever the cut is", async () => {
    for (const name of ["demonstration.mp4", "connexion-psc.webm"]) {
      const whole = fixture(name);
      for (const part of [0.3, 0.6, 0.9, 0.999]) {
        const media = await mediaOf(whole.subarray(0, Math.floor(whole.length * part)));
        expect(media?.type, name).to.match(/^video\//);
        expect(media?.seconds, `${name} at ${part}`).to.equal(null);
      }
    }
  });

  it("takes the length of an MP4 from its header, its fragments' announcement, its track, or its fragments", async () => {
    expect(await seconds(Buffer.concat([FTYP, movie(5000, track("vide", 90_000, 0)), DATA])), "mvhd").to.equal(5);
    expect(await seconds(Buffer.concat([FTYP, DATA, movie(0, track("vide", 90_000, 360_000))])), "mdhd").to.equal(4);
    const announced = box("mvex", box("mehd", u32(0, 7000)));
    expect(await seconds(Buffer.concat([FTYP, movie(0, track("vide", 90_000, 0), announced), DATA])), "mehd").to.equal(
      7,
    );
    const usual = box("mvex", box("trex", u32(0, 1, 1, 300, 0, 0)));
    const open = [FTYP, movie(0, track("vide", 1000, 0), usual)];
    const fragment = (...run: readonly number[]): Buffer =>
      Buffer.concat([box("moof", box("traf", box("tfhd", u32(0, 1)), box("trun", u32(...run)))), DATA]);
    expect(await seconds(Buffer.concat([...open, fragment(0, 10), fragment(0, 5)])), "trex").to.equal(4.5);
    expect(await seconds(Buffer.concat([...open, fragment(0x100, 2, 400, 600)])), "trun").to.equal(1);
    expect(await seconds(Buffer.concat([...open, DATA])), "no fragment").to.equal(0);
    const wide = box("moov", box("mvhd", u32(1 << 24, 0, 0, 0, 0, 600, 0, 1800)), track("vide", 0, 0));
    expect(await seconds(Buffer.concat([FTYP, wide, DATA])), "64 bits").to.equal(3);
  });

  it("gives no length to an MP4 without picture, without data, or without header", async () => {
    expect(
      await seconds(Buffer.concat([FTYP, movie(5000, track("soun", 44_100, 220_500)), DATA])),
      "sound only",
    ).to.equal(null);
    expect(await seconds(Buffer.concat([FTYP, movie(5000, track("vide", 1, 5))])), "no data").to.equal(null);
    expect(await seconds(Buffer.concat([FTYP, DATA])), "no header").to.equal(null);
  });

  it("counts the blocks of a WebM that announces no length, as browsers record", async () => {
    const known = Buffer.concat([
      TRACKS,
      element("1f43b675", cluster(0, 0, 500)),
      element("1f43b675", cluster(4000, 0, 1500)),
    ]);
    expect(await mediaOf(Buffer.concat([HEAD, ebml("18538067", null), known]))).to.deep.equal({
      type: "video/webm",
      seconds: 5.5,
      width: 640,
      height: 360,
      signed: null,
    });
    const unknown = Buffer.concat([
      TRACKS,
      ebml("1f43b675", null),
      cluster(0, 0, 500),
      ebml("1f43b675", null),
      cluster(2000, 100),
    ]);
    expect(await seconds(Buffer.concat([HEAD, ebml("18538067", null), unknown]))).to.equal(2.1);
    expect(await seconds(Buffer.concat([HEAD, ebml("18538067", null), unknown.subarray(0, -3)])), "cut").to.equal(null);
    expect(await seconds(Buffer.concat([HEAD, ebml("18538067", null), TRACKS])), "no cluster").to.equal(null);
  });

  it("survives sizes that the file does not have, and boxes without end", async () => {
    expect(await seconds(Buffer.concat([FTYP, u32(0x7fffffff), Buffer.from("moov")])), "2 GB of moov").to.equal(null);
    expect(
      await seconds(
        Buffer.concat([
          FTYP,
          movie(5000, track("vide", 1, 5)),
          u32(1),
          Buffer.from("mdat"),
          u32(0xffffffff, 0xffffffff),
        ]),
      ),
      "2^64 of mdat",
    ).to.equal(null);
    expect(await seconds(Buffer.concat([FTYP, Buffer.alloc(8_000_000).fill(box("free"))])), "a million boxes").to.equal(
      null,
    );
    let nested = movie(1, track("vide", 1, 1));
    for (let i = 0; i < 3000; i += 1) nested = box("moov", nested);
    expect(await seconds(Buffer.concat([FTYP, nested, DATA])), "nested").to.equal(null);
    const run = box("moof", box("traf", box("tfhd", u32(0, 1)), box("trun", u32(0x100, 0xffffffff, 1))));
    expect(
      await seconds(Buffer.concat([FTYP, movie(0, track("vide", 1000, 0)), run, DATA])),
      "four billion samples",
    ).to.equal(0.001);
    expect(await seconds(Buffer.concat([HEAD, ebml("18538067", 2 ** 40)])), "a terabyte").to.equal(null);
    expect(await seconds(Buffer.concat([HEAD, ebml("18538067", null), Buffer.alloc(1_000_000)])), "zeros").to.equal(
      null,
    );
  });

  it("throws on no cut and no flipped byte", async () => {
    for (const name of ["demonstration.mp4", "connexion-psc.webm", "ecran-dmp.png", "attestation-signee.pdf"]) {
      const whole = fixture(name);
      for (let at = 0; at < Math.min(whole.length, 1200); at += 3) {
        await mediaOf(whole.subarray(0, at));
        const flipped = Buffer.from(whole.subarray(0, 3000));
        flipped.writeUInt8(((flipped[at] ?? 0) ^ 0xff) & 0xff, at);
        await mediaOf(flipped);
      }
    }
  });

  it("reads the size of pictures", async () => {
    const size = async (bytes: Buffer) => {
      const media = await mediaOf(bytes);
      return [media?.type, media?.width, media?.height];
    };
    expect(await size(fixture("ecran-dmp.png"))).to.deep.equal(["image/png", 960, 540]);
    expect(await size(Buffer.from("47494638396140014001f00000", "hex"))).to.deep.equal(["image/gif", 320, 320]);
    expect(
      await size(Buffer.from("ffd8ffe000104a46494600010101004800480000ffc0001108021c03c0030122000211", "hex")),
    ).to.deep.equal(["image/jpeg", 960, 540]);
    const webp = Buffer.concat([
      Buffer.from("RIFF"),
      u32(0x20000000),
      Buffer.from("WEBPVP8X"),
      Buffer.from("0a00000000000000bf03001b0200", "hex"),
    ]);
    expect(await size(webp)).to.deep.equal(["image/webp", 960, 540]);
  });

  it("tells types from bytes, never from names", async () => {
    const type = async (text: string | Buffer): Promise<string | null> =>
      (await mediaOf(Buffer.from(text)))?.type ?? null;
    expect(await type("")).to.equal(null);
    expect(await type(Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]))).to.equal(null);
    expect(await type("Bonjour")).to.equal("text/plain");
    expect(await type(Buffer.from("\ufeffBonjour à tous", "utf16le"))).to.equal("text/plain");
    expect(await type("[2026-10-15 09:14:41] INFO acteur=a")).to.equal("text/plain");
    expect(await type('{"a": 1}')).to.equal("application/json");
    expect(await type("[1, 2]")).to.equal("application/json");
    expect(await type("<?xml version='1.0'?><ClinicalDocument xmlns='urn:hl7-org:v3'/>")).to.equal("application/xml");
    expect(await type("<!DOCTYPE html><p>x")).to.equal("text/html");
    expect(await type("From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nBonjour")).to.equal("message/rfc822");
    expect(await type("-----BEGIN PGP SIGNATURE-----\n\nabc")).to.equal("application/pgp-signature");
    expect(await type(fixture("espace-de-test.txt"))).to.equal("text/plain");
    expect(await type(fixture("message.eml"))).to.equal("message/rfc822");
    expect(await type(Buffer.from(zipSync({ "word/document.xml": Buffer.from("<w:document/>") })))).to.match(
      /wordprocessingml/,
    );
    expect(
      await type(Buffer.from(zipSync({ mimetype: Buffer.from("application/vnd.oasis.opendocument.text") }))),
    ).to.equal("application/vnd.oasis.opendocument.text");
    expect(await type(Buffer.from(zipSync({ "IHE_XDM/INDEX.HTM": Buffer.from("x") })))).to.equal("application/zip");
    expect(await type("PK\u0003\u0004")).to.equal("application/zip");
  });

  it("sees a signature, and no place for one", async () => {
    const signed = async (bytes: Buffer): Promise<boolean | null | undefined> => (await mediaOf(bytes))?.signed;
    const attestation = fixture("attestation-signee.pdf");
    expect(await signed(attestation)).to.equal(true);
    expect(await signed(fixture("test-intrusion-signe.pdf"))).to.equal(true);
    expect(await signed(fixture("documentation.pdf"))).to.equal(false);
    const text = attestation.toString("latin1");
    const emptied = Buffer.from(
      text.replace(/<(?:[0-9a-f]{2}){1000,}>/i, (hole) => `<${"0".repeat(hole.length - 2)}>`),
      "latin1",
    );
    expect(emptied.length).to.equal(attestation.length);
    expect(await signed(emptied), "a hole not filled").to.equal(false);
    const stamped = Buffer.from(text.replace("adbe.pkcs7.detached", "ETSI.RFC3161       "), "latin1");
    expect(await signed(stamped), "a time stamp alone").to.equal(false);
    expect(await signed(Buffer.from(`%PDF-1.4\n${"/ByteRange [0 1 2 3] ".repeat(100_000)}`)), "many ranges").to.equal(
      false,
    );
    const xml = (inside: string): Buffer =>
      Buffer.from(`<a xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${inside}</a>`);
    expect(await signed(xml("<ds:SignatureValue>x</ds:SignatureValue>"))).to.equal(true);
    expect(await signed(xml("<b/>"))).to.equal(false);
    const docx = (...more: readonly string[]): Buffer =>
      Buffer.from(
        zipSync(Object.fromEntries(["word/document.xml", ...more].map((name) => [name, Buffer.from("<a/>")]))),
      );
    expect(await signed(docx("_xmlsignatures/sig1.xml"))).to.equal(true);
    expect(await signed(docx())).to.equal(false);
    expect(await signed(fixture("ecran-dmp.png"))).to.equal(null);
  });

  it("opens nothing large to tell an archive", async () => {
    const bomb = Buffer.from(zipSync({ "word/document.xml": new Uint8Array(50_000_000) }));
    expect((await mediaOf(bomb))?.type).to.match(/wordprocessingml/);
    expect(bomb.length).to.be.lessThan(200_000);
  });
});
