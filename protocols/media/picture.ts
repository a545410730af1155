/** Width and height of a PNG, JPEG, GIF, WebP or BMP, from its headers. Never throws. */

const MOST_MARKERS = 1000;

export function pictureSize(view: Buffer, type: string): { readonly width: number; readonly height: number } | null {
  switch (type) {
    case "image/png":
    case "image/apng":
      return view.length >= 24 ? { width: view.readUInt32BE(16), height: view.readUInt32BE(20) } : null;
    case "image/gif":
      return view.length >= 10 ? { width: view.readUInt16LE(6), height: view.readUInt16LE(8) } : null;
    case "image/bmp":
      return view.length >= 26 ? { width: view.readInt32LE(18), height: Math.abs(view.readInt32LE(22)) } : null;
    case "image/jpeg":
      return jpegSize(view);
    case "image/webp":
      return webpSize(view);
    default:
      return null;
  }
}

/** First frame header (SOF0 to SOF15 but DHT, JPG and DAC: ITU-T T.81, table B.1). */
function jpegSize(view: Buffer): { width: number; height: number } | null {
  let at = 2;
  for (let count = 0; count < MOST_MARKERS && at + 9 <= view.length; count += 1) {
    if (view[at] !== 0xff) return null;
    const marker = view[at + 1] ?? 0;
    // Fill bytes may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { height: view.readUInt16BE(at + 5), width: view.readUInt16BE(at + 7) };
    }
    at += 2 + view.readUInt16BE(at + 2);
  }
  return null;
}

/** RFC 9649: the first chunk is `VP8X`, `VP8L` or `VP8 `. */
function webpSize(view: Buffer): { width: number; height: number } | null {
  if (view.length < 30) return null;
  switch (view.toString("latin1", 12, 16)) {
    case "VP8X":
      return { width: view.readUIntLE(24, 3) + 1, height: view.readUIntLE(27, 3) + 1 };
    case "VP8L": {
      const bits = view.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      return { width: view.readUInt16LE(26) & 0x3fff, height: view.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}
