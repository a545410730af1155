/**
 * Looks through the encodings in which software hides text: base64 (plain, folded, URL-safe), escapes inside text, UTF-16,
 * HTTP chunks, zip members, gzip and zlib (so the streams of a PDF), numbers cut by tags, and these inside one another. Whoever searches is
 * handed every layer, the outermost first. Nothing is trusted: what does not decode is passed over, depth and sizes are
 * bounded, and a bound that was hit is told. What encodings are not seen stands in docs/privacy-gate.md.
 */
import { createHash } from "node:crypto";
import type { Bounds, Opened, ShutReason } from "./deep-parts.js";
import { READERS } from "./deep-readers.js";

export interface Layer {
  readonly bytes: Buffer;
  /** Decodings that lead here, outermost first: `["base64", "zip:IHE_XDM/DOC.XML"]`. Empty for the bytes themselves. */
  readonly via: readonly string[];
  /** Where in the outermost bytes a position of this layer comes from; inside compressed data, where that data begins. */
  origin(position: number): number;
}

export type UnseenReason = ShutReason | "depth" | "total_size" | "layers";

export interface Unseen {
  readonly reason: UnseenReason;
  readonly via: readonly string[];
  readonly offset: number;
}

export interface LayerVisitor {
  /** `stop`: nothing more is wanted. */
  layer(layer: Layer): "stop" | undefined;
  /** Something was left unopened. */
  unseen(what: Unseen): void;
}

export interface LayerLimits {
  readonly maxDepth: number;
  readonly maxLayers: number;
  readonly maxLayerBytes: number;
  /** Bytes that decoding may give in all. One object may serve several walks, so that all of them together are bounded. */
  readonly budget: { bytes: number };
  /** Compressed streams that may be tried, in the same way. */
  readonly inflations: { left: number };
}

function defaultLimits(): LayerLimits {
  return {
    maxDepth: 12,
    maxLayers: 200_000,
    maxLayerBytes: 64 * 1024 * 1024,
    budget: { bytes: 1024 * 1024 * 1024 },
    inflations: { left: 100_000 },
  };
}

export function walkLayers(bytes: Uint8Array, visitor: LayerVisitor, limits: Partial<LayerLimits> = {}): void {
  const walk: Walk = {
    visitor,
    limits: { ...defaultLimits(), ...limits },
    seen: new Set(),
    layers: 0,
    stopped: false,
  };
  const root = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  visit({ bytes: root, via: [], origin: (position) => position }, walk);
}

interface Walk {
  readonly visitor: LayerVisitor;
  readonly limits: LayerLimits;
  /** Digests of the layers visited: escapes undone in another order give the same text. */
  readonly seen: Set<string>;
  layers: number;
  stopped: boolean;
}

function visit(layer: Layer, walk: Walk): void {
  if (walk.stopped) return;
  walk.layers += 1;
  if (walk.visitor.layer(layer) === "stop") {
    walk.stopped = true;
    return;
  }
  for (const read of READERS) {
    for (const part of read(layer.bytes, walk.limits satisfies Bounds)) {
      if (walk.stopped) return;
      enter(layer, part, walk);
    }
  }
}

function enter(layer: Layer, part: Opened, walk: Walk): void {
  const { limits } = walk;
  const via = [...layer.via, part.name];
  const shut = (reason: UnseenReason, offset: number) =>
    walk.visitor.unseen({ reason, via, offset: layer.origin(offset) });
  if (!("bytes" in part)) return shut(part.reason, part.offset);
  const start = part.origin(0);
  if (part.bytes.length > limits.budget.bytes || walk.layers >= limits.maxLayers) {
    shut(walk.layers >= limits.maxLayers ? "layers" : "total_size", start);
    walk.stopped = true;
    return;
  }
  limits.budget.bytes -= part.bytes.length;
  const digest = createHash("sha1").update(part.bytes).digest("base64");
  if (walk.seen.has(digest)) return;
  if (layer.via.length >= limits.maxDepth) return shut("depth", start);
  if (part.bytes.length > limits.maxLayerBytes) return shut("layer_size", start);
  walk.seen.add(digest);
  visit({ bytes: part.bytes, via, origin: (position) => layer.origin(part.origin(position)) }, walk);
}
