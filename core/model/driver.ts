/** A driver makes the vendor act. It is handed the recorder and gives back what the vendor said; it judges nothing. */

import type { Recorder } from "./service.js";
import type { VendorOperation } from "./spec.js";

export interface OperationAnswer {
  readonly status: "done" | "refused" | "failed";
  /** JSON the vendor gave (bounded); for `failed`, `{ error: code, detail }` of ours. */
  readonly answer: unknown;
}

export interface OperationContext {
  readonly scenario: string;
  /** Key of the attempt (`psc-login#1`): calls made for it are recorded under it. */
  readonly key: string;
  readonly title: { readonly fr: string; readonly en: string };
  readonly instruction: { readonly fr: string; readonly en: string };
  readonly signal: AbortSignal;
}

export interface Driver {
  /** What can be triggered; asked once, after `open`. */
  can(): Promise<readonly VendorOperation[]>;
  /** First contact. Throws SuiteError ERR_VENDOR_UNREACHABLE / ERR_VENDOR_START (exit 2). */
  open(): Promise<{ name?: string; version?: string }>;
  perform(
    operation: VendorOperation,
    input: Readonly<Record<string, unknown>>,
    context: OperationContext,
  ): Promise<OperationAnswer>;
  /** True after the vendor's first valid answer: from then on its silence is its own (exit 1). */
  readonly contacted: boolean;
  close(): Promise<void>;
}

export interface DriverContext {
  readonly recorder: Recorder;
  /** PEM bundle of the test PKI. */
  readonly caBundlePem: string;
  /** File with the JSON of `segur mock --json`, for a vendor started by us (`SEGUR_ENV`). */
  readonly environmentFile: string;
  progress(line: string): void;
}
