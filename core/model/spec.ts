/** Specs as data: rows, perimeters, scenarios. Loaded and validated by core/plan; nobody imports the files themselves. */
import type { FaultSpec, InsStatus, ServiceName } from "./recording.js";

/** Care sector / kind of software. The last five are only named by one row of the register. */
export type Couloir =
  | "MDV/LGC"
  | "HOP/DPI"
  | "HOP/PFI"
  | "BIO/SGL"
  | "RAD/RIS"
  | "RAD/DRIMbox"
  | "OFF/LGO"
  | "ESMS/DUI"
  | "SF"
  | "CD"
  | "PARAMED";
export type Level = "mandatory" | "conditional" | "optional" | "unknown";
export type Verification = "observed" | "artifact" | "answered" | "declared" | "demonstration";

export interface Text {
  readonly fr: string;
  readonly en: string;
}

/** One row of a REM. `id` verbatim without the `SC.` prefix. */
export interface Requirement {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly wave: "1" | "2" | null;
  readonly domain: string;
  readonly couloirs: readonly Couloir[];
  readonly obsoleteFor: readonly Couloir[];
  readonly profiles: readonly string[];
  readonly level: Level;
  readonly title: Text;
  readonly verification: Verification;
  readonly services: readonly string[];
  /** What would be compared; of the rows a machine can establish. */
  readonly how?: Text;
  readonly scenarios: readonly string[];
  /** Official proofs, ids verbatim. */
  readonly proofs: { readonly ids: readonly string[]; readonly kinds: readonly string[]; readonly summary?: Text };
  /** Our checks that together cover what `how` says: all met (or inapplicable, one met at least) = conform. */
  readonly checks: readonly string[];
  /**
   * Where not all that a tied check looks at bears on the row: the breach messages that do, by check id. A breach by another
   * message leaves the row untested; an empty list means that the check must be met and can never breach the row.
   */
  readonly messages?: Readonly<Record<string, readonly string[]>>;
  /** Our checks that cover a part of `how` only: shown by `explain`, never a verdict. */
  readonly supports: readonly string[];
  /** Why nothing here serves the row (neither check nor listed proof): what no check covers, in one sentence. */
  readonly excluded?: Text;
  /** Name of a condition of segur.yaml; answered `no` there with a justification = not applicable. */
  readonly condition?: string;
  /** The official scenarios are alternatives: the candidate names the one it took (`alternatives` of segur.yaml). */
  readonly oneOfScenarios?: true;
  /** Couloirs where the same id carries another statement. `how` speaks of the main statement only. */
  readonly variants?: Readonly<Partial<Record<Couloir, Text>>>;
  readonly legacyIds?: Readonly<Record<string, string>>;
  readonly source: string;
  readonly confidence: "verified" | "inferred";
  /** Other keys of the register, kept. */
  readonly register?: Readonly<Record<string, unknown>>;
  /** File and line it was read from, for messages. */
  readonly origin?: string;
}

/** A row whose official id nobody has read: listed, never in a perimeter, no verdict. */
export type UnidentifiedRequirement = Omit<Requirement, "id"> & { readonly id: null };

/** A named question of segur.yaml; rows point at it with `condition`. */
export interface Condition {
  readonly id: string;
  readonly question: Text;
  readonly origin?: string;
}

/** Profile × wave: a frozen, dated list of rows. */
export interface Perimeter {
  readonly id: string;
  readonly couloir: Couloir;
  readonly wave: "1" | "2";
  readonly title: Text;
  readonly frozen: string;
  /** `working-draft-2023-02`… printed with every decision. */
  readonly basis: string;
  readonly basisNote: Text;
  readonly knownGap: Text;
  readonly subProfiles: readonly string[];
  readonly groups: readonly { readonly id: string; readonly title: Text; readonly rows: readonly string[] }[];
  readonly origin?: string;
}

/** Which rule pack of an agency stands over our own specs. `digest`: SHA-256 of its manifest, in hexadecimal. */
export interface RulePackFacts {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
}

/** What the vendor is brought to do: the operations a driver triggers (specs/vendor-endpoints.yaml). */
export type VendorOperation =
  | "patient.put"
  | "patient.get"
  | "login"
  | "session.get"
  | "logout"
  | "ins.search"
  | "ins.confirm"
  | "dmp.exists"
  | "dmp.authorise"
  | "dmp.submit"
  | "document.validate"
  | "dmp.pending"
  | "patient.choice"
  | "dmp.search"
  | "dmp.retrieve"
  | "dmp.update"
  | "mss.send";

export const VENDOR_OPERATIONS: readonly VendorOperation[] = [
  "patient.put",
  "patient.get",
  "login",
  "session.get",
  "logout",
  "ins.search",
  "ins.confirm",
  "dmp.exists",
  "dmp.authorise",
  "dmp.submit",
  "document.validate",
  "dmp.pending",
  "patient.choice",
  "dmp.search",
  "dmp.retrieve",
  "dmp.update",
  "mss.send",
];

export type ScenarioStep =
  | { readonly operation: VendorOperation; readonly input?: Readonly<Record<string, unknown>> }
  | {
      readonly control: {
        readonly service: ServiceName;
        readonly command: string;
        readonly args?: Readonly<Record<string, unknown>>;
      };
    }
  /** Waits that many milliseconds and records the window of observation. */
  | { readonly observe: number };

/**
 * A scenario. In `input`, `$patient`, `$professional`, `$values.x` and `$step.N.path` are replaced by what they name
 * (`$step.0.patientId` = member of the answer of the first step).
 */
export interface Scenario {
  readonly id: string;
  readonly title: Text;
  /** Why it exists, and what a person does when no driver can trigger it (manual driver). */
  readonly instruction: Text;
  readonly services: readonly ServiceName[];
  /** Operations seen at our services when a vendor behaves. */
  readonly produces: readonly string[];
  /** Key of fixtures/identities/patients.yaml and the status the vendor's file is put in. */
  readonly patient?: { readonly key: string; readonly status: InsStatus };
  readonly professional?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly faults?: readonly FaultSpec[];
  /** Scenario that does the same without the fault; it is planned whenever this one is. */
  readonly control?: string;
  /** Faults a certificate, a key set, discovery or a listener. */
  readonly exclusive?: boolean;
  readonly steps: readonly ScenarioStep[];
  /** Milliseconds without traffic the host waits for after the last step; default 150. */
  readonly quiet?: number;
  /** File and line it was read from, for messages. */
  readonly origin?: string;
}
