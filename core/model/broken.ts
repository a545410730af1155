/** Counter-examples of a check: how a good recording or the reference vendor is broken, and which message must fire. */
import type { Exchange, RecordingView, ScenarioRun } from "./view.js";

/** Edits a copy of a good recording, on raw bytes; everything is parsed again afterwards. */
export interface RecordingEditor {
  readonly view: RecordingView;
  /** First exchange of the operation, in the scenario when named; throws when there is none. */
  exchange(operation: string, scenario?: string): Exchange;
  exchanges(operation: string, scenario?: string): readonly Exchange[];
  run(scenario: string): ScenarioRun;
  setRequest(exchange: Exchange, bytes: Uint8Array): void;
  setResponse(exchange: Exchange, bytes: Uint8Array): void;
  /** Replaces text in the request bytes (latin1 view, so binary parts survive); throws when `from` does not occur. HTTP Content-Length is set again. */
  replaceInRequest(exchange: Exchange, from: string | RegExp, to: string): void;
  replaceInResponse(exchange: Exchange, from: string | RegExp, to: string): void;
  /** Removes an exchange, as if the vendor never made the call. */
  remove(exchange: Exchange): void;
  /** Adds a copy of an exchange at another time (ISO), in the same scenario unless said otherwise. */
  duplicate(exchange: Exchange, change?: { at?: string; scenario?: string | null; operation?: string }): Exchange;
  /** Changes facts of a record that are not bytes: times, TLS facts, certificates, scenario. */
  patchExchange(exchange: Exchange, change: Partial<Exchange>): void;
  patchConnection(id: string, change: Record<string, unknown>): void;
  patchEvent(id: string, change: Record<string, unknown>): void;
  removeEvent(id: string): void;
  /** Private key (PEM) and certificate (PEM) of a role of the test PKI, to sign again what was edited. */
  key(role: "sign" | "auth" | "insi"): { readonly key: string; readonly cert: string };
}

export interface Mutation {
  /** Short noun phrase, unique in the file. */
  readonly id: string;
  /** Message id that must fire; the check must then be `breached` (breach) or still `met` with a remark. */
  readonly message: string;
  /** Other messages of this check that the same edit cannot but fire (bytes changed: hash and size both differ). */
  readonly also?: readonly string[];
  edit(recording: RecordingEditor): void | Promise<void>;
}

/** A trait of the reference vendor that breaks this check for real (`--defect ID`). */
export interface DefectCase {
  readonly defect: string;
  /** Message id of this check that must fire. */
  readonly message: string;
  /** Other messages of this check that the same defect cannot but fire. */
  readonly also?: readonly string[];
  /** Scenarios that show it; the selftest plays these and their controls only. */
  readonly scenarios: readonly string[];
  /** Other checks that fire too, each with the reason; anything else that fires is a failure of the selftest. */
  readonly collateral?: readonly { readonly check: string; readonly reason: string }[];
}

export interface Broken {
  readonly check: string;
  readonly mutations: readonly Mutation[];
  readonly defects: readonly DefectCase[];
}

export function defineBroken(broken: Broken): Broken {
  return Object.freeze(broken);
}
