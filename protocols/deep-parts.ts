/** Parts that readers of hidden bytes give to `deep-bytes.ts`. */

/**
 * `layer_size`: it would decode to more than is allowed. `inflations`: more compressed streams, or what looks like one, than
 * are tried. `encrypted`, `method`: a zip member that cannot be opened here.
 */
export type ShutReason = "layer_size" | "inflations" | "encrypted" | "method";

/** A decoded part of a layer. `origin`: from a position in it to one of the layer. */
export interface Part {
  readonly name: string;
  readonly bytes: Buffer;
  origin(position: number): number;
}

/** A part that was recognised and cannot be opened. */
export interface Shut {
  readonly name: string;
  readonly reason: ShutReason;
  readonly offset: number;
}

export type Opened = Part | Shut;

/** What readers may spend; they count down what nobody sees: streams that lead nowhere. */
export interface Bounds {
  readonly maxLayerBytes: number;
  readonly budget: { bytes: number };
  readonly inflations: { left: number };
}

export type Reader = (bytes: Buffer, bounds: Bounds) => Iterable<Opened>;

export interface Piece {
  readonly from: number;
  readonly bytes: Buffer;
}

/** Pieces put together. `width`: bytes of the layer per further byte of a piece, 0 for as many as the piece has. */
export function joined(name: string, pieces: readonly Piece[], width: number): Part {
  // Where each piece begins in the whole, so that a long text cut in many places is not searched from its start each time.
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.bytes.length;
  }
  return {
    name,
    bytes: Buffer.concat(pieces.map((piece) => piece.bytes)),
    origin: (position) => {
      let [low, high] = [0, starts.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= position) low = middle;
        else high = middle - 1;
      }
      const piece = pieces[low];
      const left = position - (starts[low] ?? 0);
      return piece ? piece.from + Math.min(left, piece.bytes.length) * (width || 1) : 0;
    },
  };
}
