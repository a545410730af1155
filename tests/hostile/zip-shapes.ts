/** A zip archive made byte by byte, every field as wrong as asked, and the shapes of archive that nobody may open. */
import { deflateRawSync } from "node:zlib";
import { crc32 } from "../../core/seal/archive-format.js";

/** One entry. What is left out is as an honest archive has it. */
export interface EntryShape {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array;
  readonly method?: number;
  /** Bytes that stand in the file; default: `data`, deflated when the method is 8. */
  readonly packed?: Uint8Array;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly attributes?: number;
  readonly madeBy?: number;
  readonly extra?: Uint8Array;
  readonly comment?: Uint8Array;
  readonly disk?: number;
  /** Where the directory says the entry begins. */
  readonly offset?: number;
  /** Fields that only the local header has so. */
  readonly local?: Pick<EntryShape, "name" | "method" | "flags" | "crc" | "size" | "compressedSize" | "extra"> | object;
  /** Bytes before the local header, and after the data. */
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
  /** In the directory only, or in the body only. */
  readonly only?: "directory" | "body";
}

export interface EndShape {
  readonly disk?: number;
  readonly countHere?: number;
  readonly count?: number;
  readonly size?: number;
  readonly offset?: number;
  readonly comment?: Uint8Array;
  /** What the comment length says, when it lies. */
  readonly commentLength?: number;
  /** Bytes between directory and end record, and after everything. */
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
}

const NOTHING = new Uint8Array();

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function fields(layout: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  const buffer = Buffer.alloc(layout.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of layout) {
    at = bytes === 2 ? buffer.writeUInt16LE(value, at) : buffer.writeUInt32LE(value, at);
  }
  return buffer;
}

function nameBytes(name: string | Uint8Array): Uint8Array {
  return typeof name === "string" ? text(name) : name;
}

function filled(shape: EntryShape): Required<Omit<EntryShape, "local" | "offset" | "only">> {
  const data = shape.data ?? text(`content of ${String(shape.name)}`);
  const method = shape.method ?? 8;
  const packed = shape.packed ?? (method === 8 ? deflateRawSync(data) : data);
  return {
    method,
    flags: 0,
    // Not for nothing: thousands of large entries are made with a sum of their own.
    crc: shape.crc ?? crc32(data),
    size: data.length,
    compressedSize: packed.length,
    attributes: 0,
    madeBy: 20,
    extra: NOTHING,
    comment: NOTHING,
    disk: 0,
    before: NOTHING,
    after: NOTHING,
    ...shape,
    data,
    packed,
  };
}

function sharedFields(entry: ReturnType<typeof filled>): (readonly [2 | 4, number])[] {
  return [
    [2, 20],
    [2, entry.flags],
    [2, entry.method],
    [2, 0],
    [2, 0x21],
    [4, entry.crc],
    [4, entry.compressedSize],
    [4, entry.size],
    [2, nameBytes(entry.name).length],
    [2, entry.extra.length],
  ];
}

/** The archive of these entries, in this order. */
export function buildZip(shapes: readonly EntryShape[], end: EndShape = {}): Uint8Array {
  const body: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const put = (...parts: Uint8Array[]): void => {
    for (const part of parts) {
      body.push(part);
      at += part.length;
    }
  };
  for (const shape of shapes) {
    const entry = filled(shape);
    const local = { ...entry, ...shape.local };
    const offset = at + entry.before.length;
    if (shape.only !== "directory") {
      put(entry.before, fields([[4, 0x04034b50], ...sharedFields(local)]), nameBytes(local.name), local.extra);
      put(entry.packed, entry.after);
    }
    if (shape.only !== "body") {
      directory.push(
        fields([
          [4, 0x02014b50],
          [2, entry.madeBy],
          ...sharedFields(entry),
          [2, entry.comment.length],
          [2, entry.disk],
          [2, 0],
          [4, entry.attributes],
          [4, shape.offset ?? offset],
        ]),
        nameBytes(entry.name),
        entry.extra,
        entry.comment,
      );
    }
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = shapes.filter((shape) => shape.only !== "body").length;
  const comment = end.comment ?? NOTHING;
  const record = fields([
    [4, 0x06054b50],
    [2, end.disk ?? 0],
    [2, end.disk ?? 0],
    [2, end.countHere ?? end.count ?? count],
    [2, end.count ?? count],
    [4, end.size ?? size],
    [4, end.offset ?? at],
    [2, end.commentLength ?? comment.length],
  ]);
  return Buffer.concat([...body, ...directory, end.before ?? NOTHING, record, comment, end.after ?? NOTHING]);
}
