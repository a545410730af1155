/** What a check is. A check is one small pure function over the exchanges it declares; it knows no row, no wave, no other check. */
import type { EventRecord } from "./recording.js";
import type { Connection, Exchange, ScenarioRun } from "./view.js";

/**
 * How sure the domain files are of the rule behind a message.
 * `verified` (V): read in a text of the body that owns the rule. `kit` (K): read in the official editor kit.
 * `restated` (V2): read in a public text that restates the official one with its id. `standard`: an RFC, OASIS, IHE or OIDC text.
 * The others never block: `observed` (O, C), `third-party` (T), `recalled` (R), `inferred` (I), `unconfirmed`.
 */
export type Mark =
  "verified" | "kit" | "restated" | "standard" | "observed" | "third-party" | "recalled" | "inferred" | "unconfirmed";

/** Marks on which a breach may rest (decision 7 of the architecture). */
export const BLOCKING_MARKS: readonly Mark[] = ["verified", "kit", "restated", "standard"];

export type Weight = "breach" | "remark";

export interface MessageDef {
  readonly weight: Weight;
  /** Document, section, and the key of the domain file: "CI-SIS Mapping CDA→XDS (dmp.md §4.1, S2)". */
  readonly source: string;
  readonly mark: Mark;
  /** Name of the decision (docs/decisions/NNN-….md) that makes a non-blocking mark a breach. */
  readonly decision?: string;
  /** What the message speaks of could not be judged: while it fires, the check is not met, even if all else is right. */
  readonly undecided?: true;
  /** Who outside agrees: an official sample, an official assertion, a foreign client or library. `none` is counted. */
  readonly witness: string;
  /** `{slot}` placeholders are replaced by escaped values. State expected, observed, where; blame nobody. */
  readonly fr: string;
  readonly en: string;
}

/** Where in the evidence. Exactly one of exchange, connection, event. `where`: XPath, header, claim, line, MIME part… */
export interface Pointer {
  readonly exchange?: string;
  readonly connection?: string;
  readonly event?: string;
  readonly side?: "request" | "response";
  readonly where?: string;
}

export type Slots = Readonly<Record<string, string | number | null>>;

export interface Finding {
  readonly check: string;
  readonly message: string;
  readonly weight: Weight;
  readonly slots: Slots;
  readonly at: Pointer;
}

/** Who could answer for a non-pass; `software` unless the check knows better from the evidence. */
export type Cause = "software" | "configuration" | "suite";

/** How a verdict was reached, strongest first. A verdict takes its weakest link. */
export type Strength = "witnessed" | "produced" | "answered" | "reviewed";

export type Outcome = "met" | "breached" | "unobserved" | "inapplicable" | "error";

/** The three proofs without which silence proves nothing (decision 6). Each points at evidence; null = not there. */
export interface SilenceEvidence {
  /** The driver's step, or the provoking answer fully delivered. */
  readonly trigger: Pointer | null;
  /** The same scenario without the fault, same run, in which the thing did happen. */
  readonly control: Pointer | null;
  /** A recorded window of observation that began after the trigger. */
  readonly window: Pointer | null;
}

/** How a check tells the engine what it saw. No `observed` call = the check is `unobserved`, whatever else. */
export interface Report {
  /** The check looked at one subject (an exchange, a connection, a step). */
  observed(at: Pointer): void;
  /** A message fired. Slots are cut at 300 characters. `cause` defaults to software. */
  finding(message: string, at: Pointer, slots?: Slots, cause?: Cause): void;
  /** The stated precondition was seen false in evidence for this subject. */
  inapplicable(at: Pointer, reason: string): void;
  /** Silence checks only, once per scenario run judged. */
  silence(evidence: SilenceEvidence): void;
}

/** What the check declared to need, and nothing more. */
export interface Seen {
  /** Latest attempts that hold at least one declared operation, or are named in `scenarios`. */
  readonly runs: readonly ScenarioRun[];
  /** All attributed exchanges of declared operations, in order of time. */
  readonly exchanges: readonly Exchange[];
  /** Connections of the declared services (checks with `connections: true`), refused handshakes included. */
  readonly connections: readonly Connection[];
  readonly events: readonly EventRecord[];
}

export interface CheckDef {
  /** `slice/noun-of-what-is-looked-at`. Permanent. */
  readonly id: string;
  readonly title: { readonly fr: string; readonly en: string };
  /** Operations whose exchanges it receives. */
  readonly reads: readonly string[];
  /** Scenarios without which it cannot be observed; when empty, any scenario that produces the operations read. */
  readonly scenarios?: readonly string[];
  /** Set when it also reads connections (TLS facts) of these services. */
  readonly connections?: readonly ("psc" | "ins" | "dmp" | "mss")[];
  /** `silence`: the check is about something that must not happen. */
  readonly expects?: "silence";
  /** `file.*` operations: also usable by `segur check`. */
  readonly messages: Readonly<Record<string, MessageDef>>;
  evaluate(seen: Seen, report: Report): void;
}

/** Identity function that keeps the literal types and freezes the definition. */
export function defineCheck<const T extends CheckDef>(check: T): T {
  return Object.freeze(check);
}
