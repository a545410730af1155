/** The encodings that `protocols/deep-bytes.ts` looks through, written: each takes bytes and gives bytes that hold them. */
import { deflateSync, gzipSync } from "node:zlib";
import { zipSync } from "fflate";

export interface Encoding {
  /** As a layer names it, without the name of a zip member. */
  readonly name: string;
  /** What it takes: any bytes, or ASCII text only. */
  readonly takes: "bytes" | "text";
  /** What it gives: `same` as it took. */
  readonly gives: "bytes" | "text" | "same";
  encode(content: Buffer): Buffer;
}

const each = (content: Buffer, write: (byte: number) => string): Buffer =>
  Buffer.from([...content].map(write).join(""), "latin1");
const hex = (byte: number, digits = 2): string => byte.toString(16).padStart(digits, "0");
const folded = (text: string): string => text.replace(/.{76}/g, "$&\r\n");

export const ENCODINGS: readonly Encoding[] = [
  { name: "base64", takes: "bytes", gives: "text", encode: (content) => Buffer.from(content.toString("base64")) },
  {
    name: "base64",
    takes: "bytes",
    gives: "text",
    encode: (content) => Buffer.from(`${folded(content.toString("base64"))}\r\n`),
  },
  {
    name: "base64url",
    takes: "bytes",
    gives: "text",
    encode: (content) => Buffer.from(`eyJhbGciOiJub25lIn0.${content.toString("base64url")}._-_`),
  },
  {
    name: "quoted-printable",
    takes: "bytes",
    gives: "text",
    encode: (content) =>
      Buffer.from(
        each(content, (byte) => `=${hex(byte).toUpperCase()}`)
          .toString()
          .replace(/.{75}/g, "$&=\r\n"),
      ),
  },
  {
    name: "percent-encoding",
    takes: "bytes",
    gives: "text",
    encode: (content) => each(content, (byte) => `%${hex(byte)}`),
  },
  {
    name: "json-escapes",
    takes: "text",
    gives: "text",
    encode: (content) => each(content, (byte) => `\\u${hex(byte, 4)}`),
  },
  {
    name: "character-references",
    takes: "text",
    gives: "text",
    encode: (content) => each(content, (byte) => (byte % 2 ? `&#x${hex(byte)};` : `&#${byte};`)),
  },
  {
    name: "utf-16",
    takes: "text",
    gives: "bytes",
    encode: (content) => Buffer.from(content.toString("latin1"), "utf16le"),
  },
  {
    name: "utf-16",
    takes: "text",
    gives: "bytes",
    encode: (content) => Buffer.from(content.toString("latin1"), "utf16le").swap16(),
  },
  {
    name: "zip",
    takes: "bytes",
    gives: "bytes",
    encode: (content) => Buffer.from(zipSync({ "IHE_XDM/DOC.XML": content }, { level: 6 })),
  },
  { name: "gzip", takes: "bytes", gives: "bytes", encode: (content) => gzipSync(content) },
  {
    name: "zlib",
    takes: "bytes",
    gives: "bytes",
    encode: (content) =>
      Buffer.concat([
        Buffer.from("5 0 obj <</Filter /FlateDecode>>\nstream\n"),
        deflateSync(content),
        Buffer.from("\nendstream\n"),
      ]),
  },
  {
    name: "pdf-string",
    takes: "bytes",
    gives: "text",
    encode: (content) => Buffer.from(`BT <${content.toString("hex")}> Tj ET`),
  },
  {
    name: "cut-by-tags",
    takes: "text",
    gives: "same",
    encode: (content) =>
      Buffer.from(content.toString("latin1").replace(/\d(?=\d)/g, '$&</w:t></w:r><w:r w:rsidR="AB"><w:t>'), "latin1"),
  },
  {
    name: "chunked",
    takes: "bytes",
    gives: "same",
    encode: (content) => {
      const half = Math.floor(content.length / 2);
      const chunk = (part: Buffer) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")];
      return Buffer.concat([
        Buffer.from("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ...chunk(content.subarray(0, half)),
        ...chunk(content.subarray(half)),
        Buffer.from("0\r\n\r\n"),
      ]);
    },
  },
];
