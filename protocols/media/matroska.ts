/**
 * Length and size of a WebM or Matroska file (RFC 9559), those that a browser wrote while recording included: they announce
 * neither length nor size, so their blocks are counted. No frame is decoded. Never throws.
 */
import type { VideoFacts } from "../media.js";

const MOST_ELEMENTS = 3_000_000;
const UNKNOWN: VideoFacts = { seconds: null, width: null, height: null };

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TRACKS = 0x1654ae6b;
const CLUSTER = 0x1f43b675;
/** What may stand in a segment: one of these ends a cluster of unknown size. */
const SEGMENT_LEVEL = new Set([INFO, TRACKS, CLUSTER, 0x114d9b74, 0x1c53bb6b, 0x1941a469, 0x1043a770, 0x1254c367]);
const TIMESTAMP_SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const TRACK_ENTRY = 0xae;
const TRACK_TYPE = 0x83;
const VIDEO = 0xe0;
const WIDTH = 0xb0;
const HEIGHT = 0xba;
const DEFAULT_DURATION = 0x23e383;
const TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const BLOCK_DURATION = 0x9b;

interface Element {
  readonly id: number;
  readonly from: number;
  /** Null: size unknown, allowed for segments and clusters only. */
  readonly to: number | null;
}

interface State {
  left: number;
  cut: boolean;
}

export function readMatroska(view: Buffer): VideoFacts {
  const state: State = { left: MOST_ELEMENTS, cut: false };
  const head = element(view, 0, view.length, state);
  if (head?.id !== EBML || head.to === null) return UNKNOWN;
  const segment = element(view, head.to, view.length, state);
  if (segment?.id !== SEGMENT) return UNKNOWN;
  const end = segment.to ?? view.length;
  let scale = 1_000_000;
  let announced: number | null = null;
  let picture: { width: number; height: number; frame: number } | null = null;
  let clusters = 0;
  let last = 0;
  let at = segment.from;
  while (at < end) {
    const one = element(view, at, end, state);
    if (one === null) break;
    if (one.id === INFO && one.to !== null) {
      const inside = list(view, one.from, one.to, state);
      scale =
        unsigned(
          view,
          inside.find((field) => field.id === TIMESTAMP_SCALE),
        ) || scale;
      announced = float(
        view,
        inside.find((field) => field.id === DURATION),
      );
    } else if (one.id === TRACKS && one.to !== null) picture = readPicture(view, one.from, one.to, state);
    if (one.id === CLUSTER) {
      clusters += 1;
      // With a length announced and a size known, a cluster need not be walked.
      const walked: { to: number; last: number } =
        announced !== null && one.to !== null ? { to: one.to, last: 0 } : readCluster(view, one, end, state);
      last = Math.max(last, walked.last);
      at = walked.to;
    } else if (one.to === null) {
      state.cut = true;
      break;
    } else at = one.to;
  }
  if (picture === null) return UNKNOWN;
  const size = { width: picture.width || null, height: picture.height || null };
  if (state.cut || clusters === 0) return { seconds: null, ...size };
  const counted = (last * scale + picture.frame) / 1e9;
  const seconds = announced === null ? counted : (announced * scale) / 1e9;
  return { seconds: Number.isFinite(seconds) && seconds >= 0 && seconds < 1e9 ? seconds : null, ...size };
}

/** The element at `at`; null where there is none. Marks the state when one is larger than what holds it. */
function element(view: Buffer, at: number, end: number, state: State): Element | null {
  state.left -= 1;
  const id = state.left > 0 ? vint(view, at, end, 4, true) : null;
  const size = id === null ? null : vint(view, at + id.length, end, 8, false);
  if (id === null || size === null) {
    state.cut = true;
    return null;
  }
  const from = at + id.length + size.length;
  if (size.value === null) return { id: id.value ?? 0, from, to: null };
  if (from + size.value > end) {
    state.cut = true;
    return null;
  }
  return { id: id.value ?? 0, from, to: from + size.value };
}

/** Variable-length integer (RFC 8794, 4). An id keeps its marker; a size of all ones is unknown: `value` null. */
function vint(
  view: Buffer,
  at: number,
  end: number,
  most: number,
  marker: boolean,
): { value: number | null; length: number } | null {
  const first = view[at];
  if (first === undefined || first === 0 || at >= end) return null;
  const length = Math.clz32(first) - 23;
  if (length > most || at + length > end) return null;
  let value = marker ? first : first & (0xff >> length);
  let ones = (first & (0xff >> length)) === 0xff >> length;
  for (let i = 1; i < length; i += 1) {
    const byte = view[at + i] ?? 0;
    ones &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return { value: ones && !marker ? null : value, length };
}

/** The elements between two offsets, each of known size. */
function list(view: Buffer, from: number, to: number, state: State): (Element & { readonly to: number })[] {
  const all: (Element & { readonly to: number })[] = [];
  for (let at = from; at < to;) {
    const one = element(view, at, to, state);
    if (one === null || one.to === null) break;
    all.push({ ...one, to: one.to });
    at = one.to;
  }
  return all;
}

function readPicture(
  view: Buffer,
  from: number,
  to: number,
  state: State,
): { width: number; height: number; frame: number } | null {
  for (const entry of list(view, from, to, state).filter((one) => one.id === TRACK_ENTRY)) {
    const fields = list(view, entry.from, entry.to, state);
    if (
      unsigned(
        view,
        fields.find((field) => field.id === TRACK_TYPE),
      ) !== 1
    )
      continue;
    const video = fields.find((field) => field.id === VIDEO);
    const inside = video === undefined ? [] : list(view, video.from, video.to, state);
    return {
      width: unsigned(
        view,
        inside.find((field) => field.id === WIDTH),
      ),
      height: unsigned(
        view,
        inside.find((field) => field.id === HEIGHT),
      ),
      frame: unsigned(
        view,
        fields.find((field) => field.id === DEFAULT_DURATION),
      ),
    };
  }
  return null;
}

/** Where the cluster ends, and the highest timestamp of its blocks (with the duration of a block that states one). */
function readCluster(view: Buffer, cluster: Element, end: number, state: State): { to: number; last: number } {
  const stop = cluster.to ?? end;
  let base = 0;
  let last = 0;
  let at = cluster.from;
  while (at < stop) {
    const one = element(view, at, stop, state);
    if (one === null || (cluster.to === null && SEGMENT_LEVEL.has(one.id))) break;
    if (one.to === null) {
      state.cut = true;
      break;
    }
    if (one.id === TIMESTAMP) base = unsigned(view, { ...one, to: one.to });
    if (one.id === SIMPLE_BLOCK) last = Math.max(last, base + blockTime(view, one.from, one.to));
    if (one.id === BLOCK_GROUP) {
      const fields = list(view, one.from, one.to, state);
      const block = fields.find((field) => field.id === BLOCK);
      const lasts = unsigned(
        view,
        fields.find((field) => field.id === BLOCK_DURATION),
      );
      if (block !== undefined) last = Math.max(last, base + blockTime(view, block.from, block.to) + lasts);
    }
    at = one.to;
  }
  return { to: cluster.to ?? (state.cut ? end : at), last };
}

/** Track number, then the timestamp relative to its cluster as a signed 16-bit integer. */
function blockTime(view: Buffer, from: number, to: number): number {
  const track = vint(view, from, to, 8, false);
  const at = from + (track?.length ?? 0);
  return track !== null && at + 2 <= to ? view.readInt16BE(at) : 0;
}

/** 0 where there is no such element, or one that is too long. */
function unsigned(view: Buffer, field: { readonly from: number; readonly to: number | null } | undefined): number {
  if (field === undefined || field.to === null) return 0;
  const length = field.to - field.from;
  if (length < 1 || length > 6) return length === 8 ? Number(view.readBigUInt64BE(field.from)) : 0;
  return view.readUIntBE(field.from, length);
}

function float(view: Buffer, field: { readonly from: number; readonly to: number } | undefined): number | null {
  if (field === undefined) return null;
  const length = field.to - field.from;
  if (length !== 4 && length !== 8) return null;
  const value = length === 4 ? view.readFloatBE(field.from) : view.readDoubleBE(field.from);
  return Number.isFinite(value) && value >= 0 ? value : null;
}
