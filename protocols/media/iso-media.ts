/**
 * Length and size of an MP4, M4V, MOV or 3GP file (ISO/IEC 14496-12), recordings written in fragments included. Reads the box
 * headers and the few header boxes of the tracks; no sample is decoded. Never throws.
 */
import type { VideoFacts } from "../media.js";

const MOST_BOXES = 200_000;
const MOST_DEPTH = 8;
const UNKNOWN: VideoFacts = { seconds: null, width: null, height: null };

interface Box {
  readonly type: string;
  /** Payload. */
  readonly from: number;
  readonly to: number;
}

interface Track {
  readonly id: number;
  readonly video: boolean;
  readonly timescale: number;
  readonly duration: number;
  readonly width: number;
  readonly height: number;
}

export function readIsoMedia(view: Buffer): VideoFacts {
  const budget = { boxes: MOST_BOXES };
  const top = boxes(view, 0, view.length, budget);
  const movie = top.list.find((box) => box.type === "moov");
  if (movie === undefined) return UNKNOWN;
  const inside = boxes(view, movie.from, movie.to, budget).list;
  const tracks = inside.filter((box) => box.type === "trak").map((box) => readTrack(view, box, budget));
  const video = tracks.filter((track) => track.video).sort((a, b) => b.width * b.height - a.width * a.height)[0];
  if (video === undefined) return UNKNOWN;
  const size = { width: video.width || null, height: video.height || null };
  const data = top.list.some((box) => box.type === "mdat" && box.to > box.from);
  // A box that claims more than the file has: the recording was cut, whatever length its header promises.
  if (top.cut || !data || budget.boxes <= 0) return { seconds: null, ...size };
  const seconds =
    headerSeconds(view, inside, budget) ??
    trackSeconds(video) ??
    fragmentSeconds(view, top.list, inside, video, budget);
  return { seconds, ...size };
}

function boxes(view: Buffer, from: number, to: number, budget: { boxes: number }): { list: Box[]; cut: boolean } {
  const list: Box[] = [];
  let at = from;
  while (at + 8 <= to) {
    budget.boxes -= 1;
    if (budget.boxes <= 0) return { list, cut: true };
    const short = view.readUInt32BE(at);
    const type = view.toString("latin1", at + 4, at + 8);
    let header = 8;
    let size = short;
    if (short === 1) {
      if (at + 16 > to) return { list, cut: true };
      size = Number(view.readBigUInt64BE(at + 8));
      header = 16;
    } else if (short === 0) size = to - at;
    if (size < header) return { list, cut: true };
    if (at + size > to) return { list: [...list, { type, from: at + header, to }], cut: true };
    list.push({ type, from: at + header, to: at + size });
    at += size;
  }
  return { list, cut: false };
}

/** First box at a path such as `mdia/mdhd`. */
function find(view: Buffer, box: Box, path: string, budget: { boxes: number }): Box | null {
  let here: Box | null = box;
  for (const type of path.split("/").slice(0, MOST_DEPTH)) {
    here =
      here === null ? null : (boxes(view, here.from, here.to, budget).list.find((one) => one.type === type) ?? null);
  }
  return here;
}

function readTrack(view: Buffer, trak: Box, budget: { boxes: number }): Track {
  const head = find(view, trak, "tkhd", budget);
  const media = find(view, trak, "mdia/mdhd", budget);
  const handler = find(view, trak, "mdia/hdlr", budget);
  const long = head !== null && view[head.from] === 1;
  const time = media === null ? null : times(view, media);
  return {
    id: head === null ? 0 : u32(view, head, long ? 20 : 12),
    video: handler !== null && view.toString("latin1", handler.from + 8, handler.from + 12) === "vide",
    timescale: time?.scale ?? 0,
    duration: time?.duration ?? 0,
    // 16.16 fixed point at the end of the box.
    width: head === null ? 0 : u32(view, head, head.to - head.from - 8) >>> 16,
    height: head === null ? 0 : u32(view, head, head.to - head.from - 4) >>> 16,
  };
}

/** Timescale and duration of `mvhd` and `mdhd`, which begin alike; a duration of all ones means unknown. */
function times(view: Buffer, box: Box): { scale: number; duration: number } | null {
  const long = view[box.from] === 1;
  if (box.to - box.from < (long ? 32 : 20)) return null;
  const scale = u32(view, box, long ? 20 : 12);
  const short = u32(view, box, 16);
  const duration = long ? Number(view.readBigUInt64BE(box.from + 24)) : short === 0xffffffff ? 0 : short;
  return { scale, duration: duration >= 2 ** 53 ? 0 : duration };
}

/** By the movie header, else by what it announces of its fragments (`mvex/mehd`). */
function headerSeconds(view: Buffer, movie: readonly Box[], budget: { boxes: number }): number | null {
  const header = movie.find((box) => box.type === "mvhd");
  const time = header === undefined ? null : times(view, header);
  if (time === null || time.scale === 0) return null;
  if (time.duration > 0) return time.duration / time.scale;
  const extends_ = movie.find((box) => box.type === "mvex");
  const announced = extends_ === undefined ? null : find(view, extends_, "mehd", budget);
  if (announced === null) return null;
  const long = view[announced.from] === 1 && announced.to - announced.from >= 12;
  const duration = long ? Number(view.readBigUInt64BE(announced.from + 4)) : u32(view, announced, 4);
  return duration > 0 && duration < 2 ** 53 ? duration / time.scale : null;
}

function trackSeconds(track: Track): number | null {
  return track.timescale > 0 && track.duration > 0 ? track.duration / track.timescale : null;
}

/** Sum of the samples of the fragments; a file without any lasts 0 seconds. */
function fragmentSeconds(
  view: Buffer,
  top: readonly Box[],
  movie: readonly Box[],
  track: Track,
  budget: { boxes: number },
): number | null {
  if (track.timescale === 0) return null;
  const extends_ = movie.find((box) => box.type === "mvex");
  const usual = extends_ === undefined ? 0 : usualDuration(view, extends_, track.id, budget);
  let total = 0;
  for (const fragment of top.filter((box) => box.type === "moof")) {
    for (const part of boxes(view, fragment.from, fragment.to, budget).list.filter((box) => box.type === "traf")) {
      total += partDuration(view, boxes(view, part.from, part.to, budget).list, track.id, usual, budget);
    }
  }
  return budget.boxes <= 0 ? null : total / track.timescale;
}

/** `trex`: duration of a sample whose fragment does not say it. */
function usualDuration(view: Buffer, extends_: Box, id: number, budget: { boxes: number }): number {
  const all = boxes(view, extends_.from, extends_.to, budget).list.filter((box) => box.type === "trex");
  const own = all.find((box) => u32(view, box, 4) === id);
  return own === undefined ? 0 : u32(view, own, 12);
}

function partDuration(
  view: Buffer,
  part: readonly Box[],
  id: number,
  usual: number,
  budget: { boxes: number },
): number {
  const head = part.find((box) => box.type === "tfhd");
  if (head === undefined || u32(view, head, 4) !== id) return 0;
  const flags = u32(view, head, 0) & 0xffffff;
  const durationAt = 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  const each = flags & 0x8 ? u32(view, head, durationAt) : usual;
  let total = 0;
  for (const run of part.filter((box) => box.type === "trun")) total += runDuration(view, run, each, budget);
  return total;
}

function runDuration(view: Buffer, run: Box, each: number, budget: { boxes: number }): number {
  const flags = u32(view, run, 0) & 0xffffff;
  const count = u32(view, run, 4);
  if ((flags & 0x100) === 0) return count * each;
  const stride = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
  let at = 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
  let total = 0;
  for (let i = 0; i < count && run.from + at + 4 <= run.to; i += 1) {
    total += u32(view, run, at);
    at += stride;
    budget.boxes -= 0.01;
  }
  return total;
}

/** 0 where the box is too short. */
function u32(view: Buffer, box: Box, offset: number): number {
  const at = box.from + offset;
  return offset >= 0 && at + 4 <= box.to ? view.readUInt32BE(at) : 0;
}
