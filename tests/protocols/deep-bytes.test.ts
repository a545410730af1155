import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { type LayerLimits, type Unseen, walkLayers } from "../../protocols/deep-bytes.js";
import { ENCODINGS } from "../support/encodings.js";

interface Walked {
  /** Layers that hold the text: how they were reached, and where it comes from. */
  readonly hits: readonly { readonly via: string; readonly origin: number }[];
  readonly unseen: readonly Unseen[];
  readonly layers: number;
}

function walk(bytes: Uint8Array, text = "a text to be found", limits: Partial<LayerLimits> = {}): Walked {
  const hits: { via: string; origin: number }[] = [];
  const unseen: Unseen[] = [];
  let layers = 0;
  walkLayers(
    bytes,
    {
      layer: (layer) => {
        layers += 1;
        const at = layer.bytes.indexOf(text);
        if (at >= 0) hits.push({ via: layer.via.join(" > "), origin: layer.origin(at) });
        return undefined;
      },
      unseen: (what) => unseen.push(what),
    },
    limits,
  );
  return { hits, unseen, layers };
}

const CONTENT = Buffer.from(`<p>${"before 12 ".repeat(20)}a text to be found${" after".repeat(20)}</p>`);

describe("layers of bytes", () => {
  for (const [index, { name, encode }] of ENCODINGS.entries()) {
    it(`looks through ${name} (${index})`, () => {
      const bytes = Buffer.concat([Buffer.from("head: \r\n\r\n"), encode(CONTENT), Buffer.from("\r\ntail")]);
      const { hits } = walk(bytes);
      const found = hits.map(({ via }) => via.replace("zip:IHE_XDM/DOC.XML", "zip"));
      expect(found).to.include(name);
      expect(walk(Buffer.from("nothing of it")).hits).to.deep.equal([]);
    });
  }

  it("looks through what real mails nest: base64, zip, CDA, base64, PDF", () => {
    const [base64, mime] = ENCODINGS;
    const zip = ENCODINGS.find(({ name }) => name === "zip");
    const zlib = ENCODINGS.find(({ name }) => name === "zlib");
    const string = ENCODINGS.find(({ name }) => name === "pdf-string");
    if (!base64 || !mime || !zip || !zlib || !string) throw new Error("no such encoding");
    const pdf = zlib.encode(string.encode(CONTENT));
    const cda = Buffer.from(
      `<text mediaType="application/pdf" representation="B64">${base64.encode(pdf).toString()}</text>`,
    );
    const mail = Buffer.concat([
      Buffer.from("Content-Transfer-Encoding: base64\r\n\r\n"),
      mime.encode(zip.encode(cda)),
    ]);
    expect(walk(mail).hits.map(({ via }) => via)).to.deep.equal([
      "base64 > zip:IHE_XDM/DOC.XML > base64 > zlib > pdf-string",
    ]);
  });

  it("tells where in the outermost bytes it stands", () => {
    const text = "a text to be found";
    const plain = Buffer.from(`12345${text}`);
    expect(walk(plain).hits).to.deep.equal([{ via: "", origin: 5 }]);
    // Three escapes of six bytes stand before it.
    const escaped = Buffer.from(`"\\u0041\\u0042\\u0043 ${text.replace("text", "\\u0074ext")}"`);
    expect(walk(escaped).hits).to.deep.equal([{ via: "json-escapes", origin: 20 }]);
    const encoded = Buffer.from(`x: ${Buffer.from(`123456${text}`).toString("base64")}`);
    expect(walk(encoded).hits).to.deep.equal([{ via: "base64", origin: 3 + 8 }]);
    const packed = Buffer.concat([Buffer.from("0123456789"), gzipSync(plain), Buffer.from("tail")]);
    expect(walk(packed).hits).to.deep.equal([{ via: "gzip", origin: 10 }]);
  });

  it("finds base64 glued to what precedes it", () => {
    const encoded = CONTENT.toString("base64");
    for (const glue of ["/", "a/", "ab/", "/path/of/"]) {
      expect(walk(Buffer.from(`${glue}${encoded}`)).hits, glue).to.have.lengthOf(1);
    }
  });

  it("takes lines of words for no folded text", () => {
    // Joined to the line above, the base64 would begin in the middle of four characters.
    const lines = `one\nanother\nword\n${CONTENT.toString("base64").replace(/.{76}/g, "$&\n")}\n`;
    expect(walk(Buffer.from(lines)).hits).to.have.lengthOf(1);
  });

  it("visits a text once, whichever way its escapes are undone", () => {
    const { layers } = walk(Buffer.from("a&#32;text%20to=20be\\u0020found ".repeat(20)));
    // Each of the four kinds is undone or not: sixteen texts.
    expect(layers).to.equal(16);
  });

  it("undoes no escape in the middle of binary bytes", () => {
    const binary = Buffer.concat([Buffer.alloc(64, 1), Buffer.from("%41&#66;\\n=43"), Buffer.alloc(64, 1)]);
    expect(walk(binary).layers).to.equal(1);
    expect(walk(Buffer.from("text %41&#66;\\n=43 text")).layers).to.equal(16);
  });

  it("stops when nothing more is wanted", () => {
    let layers = 0;
    walkLayers(Buffer.from(CONTENT.toString("base64")), {
      layer: () => {
        layers += 1;
        return "stop";
      },
      unseen: () => undefined,
    });
    expect(layers).to.equal(1);
  });

  describe("within bounds, and says so", () => {
    const reasons = (walked: Walked): string[] => [...new Set(walked.unseen.map(({ reason }) => reason))];

    it("depth", () => {
      let bytes: Buffer = CONTENT;
      for (let i = 0; i < 4; i += 1) bytes = Buffer.from(bytes.toString("base64"));
      const shallow = walk(bytes, undefined, { maxDepth: 3 });
      expect(reasons(shallow)).to.deep.equal(["depth"]);
      expect(shallow.hits).to.deep.equal([]);
      expect(walk(bytes, undefined, { maxDepth: 4 }).hits).to.have.lengthOf(1);
    });

    it("size of a layer: a bomb", () => {
      const bomb = gzipSync(Buffer.alloc(20_000_000, 0x61));
      const walked = walk(bomb, undefined, { maxLayerBytes: 1_000_000 });
      expect(walked.unseen).to.deep.equal([{ reason: "layer_size", via: ["gzip"], offset: 0 }]);
    });

    it("bytes in all, shared by several walks", () => {
      const budget = { bytes: 1000 };
      const encoded = Buffer.from(CONTENT.toString("base64"));
      const runs = Array.from({ length: 8 }, () => walk(encoded, undefined, { budget }));
      expect(runs[0]?.hits).to.have.lengthOf(1);
      expect(runs[7]?.hits).to.deep.equal([]);
      expect(reasons(runs[7] as Walked)).to.deep.equal(["total_size"]);
    });

    it("layers", () => {
      const many = Array.from({ length: 50 }, () => Buffer.concat([CONTENT, randomBytes(8)]).toString("base64")).join(
        " ",
      );
      const walked = walk(Buffer.from(many), undefined, { maxLayers: 10 });
      expect(reasons(walked)).to.deep.equal(["layers"]);
      expect(walked.layers).to.equal(10);
    });

    it("streams that look compressed", () => {
      const flood = Buffer.alloc(20_000);
      for (let at = 0; at < flood.length; at += 2) flood.writeUInt16BE(0x789c, at);
      const walked = walk(flood, undefined, { inflations: { left: 100 } });
      expect(reasons(walked)).to.deep.equal(["inflations"]);
    });

    it("zip members that cannot be opened", () => {
      const zip = Buffer.from(zipSync({ "a.txt": strToU8("a text to be found ".repeat(9)) }));
      const encrypted = Buffer.from(zip);
      encrypted.writeUInt16LE(1, 6);
      expect(walk(encrypted).unseen).to.deep.equal([{ reason: "encrypted", via: ["zip:a.txt"], offset: 0 }]);
      const lzma = Buffer.from(zip);
      lzma.writeUInt16LE(14, 8);
      expect(walk(lzma).unseen).to.deep.equal([{ reason: "method", via: ["zip:a.txt"], offset: 0 }]);
      expect(walk(zip).unseen).to.deep.equal([]);
    });
  });

  it("reads what there is of a stream cut short", () => {
    const whole = gzipSync(Buffer.from(`a text to be found ${randomBytes(4000).toString("hex")}`));
    expect(walk(whole.subarray(0, whole.length - 500)).hits).to.deep.include({ via: "gzip", origin: 0 });
  });

  it("never throws, whatever the bytes", () => {
    for (let i = 0; i < 200; i += 1) {
      const bytes = randomBytes(2000);
      for (const head of [
        "PK\u0003\u0004",
        "\u001f\u008b\u0008",
        "x\u009c",
        "chunked\r\n\r\nffffffff\r\n",
        "<00",
        "&#x",
        "\\u",
        "=",
        "%",
      ]) {
        bytes.write(head, Math.floor(Math.random() * 1990), "latin1");
      }
      expect(() => walk(bytes)).not.to.throw();
    }
  });
});
