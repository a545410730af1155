/**
 * One look at a file for all that the privacy gate seeks: numbers of persons, tokens, private keys, through every encoding of
 * `deep-bytes.ts`. Whoever calls says of each hit what it is worth; nothing that is kept holds a value whole.
 */
import { type Layer, type LayerLimits, type Unseen, walkLayers } from "./deep-bytes.js";
import { maskedNumber, numbersIn } from "./ins-number.js";
import { type RppsForm, rppsNumbersIn } from "./rpps-number.js";
import { type SecretKey, secretKeysIn } from "./secret-keys.js";
import { type SecretToken, secretTokensIn } from "./secret-tokens.js";

interface Place {
  /** Where in the file it stands, or the encoded part that holds it. */
  readonly offset: number;
  /** Decodings that lead to it, outermost first. */
  readonly via: readonly string[];
  /** A few of its characters, or what it is. */
  readonly shown: string;
}

/** With its value, for the judge alone. */
export type PrivateHit = Place &
  (
    | { readonly kind: "ins"; readonly form: "ins"; readonly value: string }
    | { readonly kind: "rpps"; readonly form: RppsForm; readonly value: string; readonly named: boolean }
    | ({ readonly kind: "token" } & Pick<SecretToken, "form" | "value" | "issuer" | "signer">)
    | { readonly kind: "key"; readonly form: SecretKey["form"]; readonly value: string }
  );

export type PrivateKind = PrivateHit["kind"];
export type PrivateForm = PrivateHit["form"];

/** `blocks`: nothing leaves with it. `told`: it may be harmless, a person must know. */
export type Weight = "blocks" | "told";

/** What is kept of a hit. */
export interface PrivateFound extends Place {
  readonly kind: PrivateKind;
  readonly form: PrivateForm;
  readonly weight: Weight;
}

export interface PrivateScan {
  readonly found: readonly PrivateFound[];
  readonly unseen: readonly Unseen[];
}

export interface PrivateScanOptions {
  /** Null = fictitious, or no concern. */
  judge(hit: PrivateHit): Weight | null;
  /** Called with every layer, before it is searched. */
  readonly onLayer?: (layer: Layer) => void;
  readonly limits?: Partial<LayerLimits>;
}

/** More are not listed of one file: one is enough to block. */
const MOST_LISTED = 100;

/** Never throws, whatever the bytes. */
export function scanPrivate(bytes: Uint8Array, options: PrivateScanOptions): PrivateScan {
  const found = new Map<string, PrivateFound>();
  const unseen: Unseen[] = [];
  const keys: number[] = [];
  walkLayers(
    bytes,
    {
      layer: (layer) => {
        options.onLayer?.(layer);
        for (const hit of hitsIn(layer)) {
          // What a PEM file holds is seen again in its decoded body.
          if (hit.kind === "key" && keys.some((at) => hit.offset >= at && hit.offset < at + PEM_HEAD)) continue;
          if (hit.kind === "key") keys.push(hit.offset);
          // A text and the same text without its escapes are two layers: the first one counts.
          const key = `${hit.kind} ${hit.value}@${hit.offset}`;
          if (found.has(key)) continue;
          const weight = options.judge(hit);
          if (weight === null) continue;
          const { kind, form, offset, via, shown } = hit;
          found.set(key, { kind, form, weight, offset, via, shown });
          if (found.size >= MOST_LISTED) return "stop";
        }
        return undefined;
      },
      unseen: (what) => unseen.push(what),
    },
    options.limits,
  );
  return { found: [...found.values()], unseen };
}

/** Bytes from the first line of a PEM to where its body begins, headers of an encrypted one with it. */
const PEM_HEAD = 256;

function* hitsIn(layer: Layer): Generator<PrivateHit> {
  const { bytes, via } = layer;
  const place = (at: number, shown: string): Place => ({ offset: layer.origin(at), via, shown });
  for (const { at, number } of numbersIn(bytes)) {
    yield { kind: "ins", form: "ins", value: number, ...place(at, maskedNumber(number)) };
  }
  for (const { at, rpps, form, named } of rppsNumbersIn(bytes)) {
    yield { kind: "rpps", form, value: rpps, named, ...place(at, maskedNumber(rpps)) };
  }
  const text = bytes.toString("latin1");
  for (const { at, form, value, issuer, signer, shown } of secretTokensIn(text)) {
    yield { kind: "token", form, value, issuer, signer, ...place(at, shown) };
  }
  for (const { at, form, shown } of secretKeysIn(bytes, text)) {
    yield { kind: "key", form, value: shown, ...place(at, shown) };
  }
}
