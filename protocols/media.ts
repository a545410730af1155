/**
 * What the first bytes and the container of a supplied file say: its real type, how long it lasts, how large its picture is,
 * whether it carries a signature. Reads headers only, decodes nothing, never throws; every loop is bounded.
 */
import type { MediaFacts } from "../core/model/index.js";
import { pictureSize } from "./media/picture.js";
import { readIsoMedia } from "./media/iso-media.js";
import { readMatroska } from "./media/matroska.js";
import { isSigned } from "./media/signed.js";
import { sniffType } from "./media/sniff.js";

/** What a container of moving pictures says. `seconds` is null when it is cut short, broken, or holds no picture. */
export interface VideoFacts {
  readonly seconds: number | null;
  readonly width: number | null;
  readonly height: number | null;
}

const ISO_MEDIA = new Set(["video/mp4", "video/quicktime", "video/x-m4v", "video/3gpp", "video/3gpp2"]);
const MATROSKA = new Set(["video/webm", "video/matroska", "video/x-matroska"]);

/** Null when nothing was recognised (an empty file included). */
export async function mediaOf(bytes: Uint8Array): Promise<MediaFacts | null> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = await sniffType(view);
  if (type === null) return null;
  const signed = isSigned(view, type);
  if (ISO_MEDIA.has(type)) return { type, ...readIsoMedia(view), signed };
  if (MATROSKA.has(type)) return { type, ...readMatroska(view), signed };
  const size = pictureSize(view, type);
  return { type, seconds: null, width: size?.width ?? null, height: size?.height ?? null, signed };
}
