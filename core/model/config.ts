/** segur.yaml as loaded (defaults applied, paths absolute). Schema: specs/schemas/segur.schema.json. */

import type { MaturityAnswer, NotApplicableClaim, SuppliedProof } from "./dossier.js";
import type { ServiceName } from "./recording.js";
import type { PscClientSettings, ServiceSettings } from "./service.js";
import type { VendorOperation } from "./spec.js";

export interface SegurConfig {
  /** Absolute path of the file, or `<bundled>` for `segur demo`. */
  readonly file: string;
  readonly candidate: {
    readonly vendor: string;
    readonly product: string;
    readonly version: string;
    readonly nil?: string;
  };
  /** Perimeter ids, such as `mdv-lgc-wave-1`. */
  readonly perimeters: readonly string[];
  readonly subProfiles: readonly string[];
  /** Conditions answered; `no` needs a justification. */
  readonly conditions: Readonly<Record<string, { readonly applies: boolean; readonly justification?: string }>>;
  /** For a row whose official scenarios are alternatives: row id -> the scenario id the candidate took. */
  readonly alternatives?: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<ServiceName, ServiceSettings>>;
  readonly psc: { readonly clients: readonly PscClientSettings[] };
  readonly lifetimes: {
    readonly accessToken: number;
    readonly refreshToken: number;
    readonly session: number;
    readonly code: number;
  };
  readonly drivers: DriverConfig;
  /** Proofs supplied, here or in the dossier: official proof id -> files. What `review` says is a person's word, not ours. */
  readonly proofs: Readonly<Record<string, SuppliedProof>>;
  /** Rows the candidate says do not apply, though neither its profiles nor a condition says so. */
  readonly notApplicable?: Readonly<Record<string, NotApplicableClaim>>;
  /** How much of each domain the candidate says it does; nothing is decided by it. */
  readonly maturity?: Readonly<Record<string, MaturityAnswer>>;
  /** Folder of the dossier (docs/dossier.md), absolute; its proofs are among `proofs`. */
  readonly dossier?: string;
  /** Rules of others that judge beside ours, after the run; they change no verdict. One for now. */
  readonly validators?: readonly ValidatorConfig[];
  /** Where the test PKI and other state live; default `.segur` beside the file. */
  readonly stateFolder: string;
  readonly runsFolder: string;
}

export interface ValidatorConfig {
  /** A checkout of the agency's public rules for CDA contents (docs/official-rules.md). */
  readonly kind: "cda-official";
  /** Absolute path of the folder. */
  readonly path: string;
  /** File name of the volet to judge by; without it, each document's own. */
  readonly volet?: string;
}

export interface DriverConfig {
  readonly kind: "http" | "exec" | "manual";
  /** Operations the driver can trigger; default: what the vendor's health answer lists (http), else all. */
  readonly can: readonly VendorOperation[] | null;
  /** Two scenarios of disjoint services may be driven at once; default false: one at a time. */
  readonly concurrent?: boolean;
  /** Milliseconds without traffic that end a scenario; default 150. A scenario may ask for its own. */
  readonly quiet?: number;
  /** Seconds per operation. */
  readonly timeout: number;
  readonly http?: {
    readonly baseUrl: string;
    readonly proxy?: string;
    /** PEM texts to trust besides the test root. */
    readonly trust: readonly string[];
  };
  /** Per operation, the command; `default` for the others. JSON on stdin and stdout. */
  readonly exec?: { readonly commands: Readonly<Record<string, readonly string[]>>; readonly cwd?: string };
  readonly manual?: { readonly answerFile?: string };
  /** How to start the vendor's software for the time of the run; `{port}` and `{env}` are replaced. Optional. */
  readonly start?: {
    readonly command: readonly string[];
    readonly cwd?: string;
    readonly env: Readonly<Record<string, string>>;
    /** Port given to the vendor (`{port}`); 0 = a free one. */
    readonly port: number;
    /** Seconds to answer its first health call. */
    readonly timeout: number;
  };
}
