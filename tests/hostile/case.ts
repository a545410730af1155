/** One row of the table of hostile bundles. */
import type { DifferenceKind } from "../../core/compare/index.js";
import type { RowResult } from "../../core/model/index.js";
import type { RefusalReason } from "../../core/seal/refusal.js";
import type { Trust } from "../../core/seal/trust.js";
import type { Stage } from "./stage.js";

export type Expected =
  | { readonly status: "refused"; readonly reason: RefusalReason }
  /** `kind` and `id`: a difference that must be named. */
  | { readonly status: "different"; readonly kind: DifferenceKind; readonly id?: string }
  /** Nothing is false in it, and nothing is won by it: `row` is where it was before, or worse. */
  | { readonly status: "equal"; readonly row: Pick<RowResult, "id" | "verdict" | "dossier"> }
  | { readonly status: "cannot_recompute" };

export interface HostileCase {
  /** Short noun phrase, unique in the table. */
  readonly id: string;
  /** One line: what was done to a good bundle. */
  readonly what: string;
  readonly expected: Expected;
  /** Default: the trust of the stage. Null = none given. */
  readonly trust?: (stage: Stage) => Trust | null | Promise<Trust>;
  readonly build: (stage: Stage) => Uint8Array | Promise<Uint8Array>;
  /** The file of an agency's reviews beside the bundle: read once the bundle itself is accepted, and `expected` speaks of it. */
  readonly reviews?: (stage: Stage, bundle: Uint8Array) => string;
}

export function refused(reason: RefusalReason): Expected {
  return { status: "refused", reason };
}
