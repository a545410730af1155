/**
 * Recording format v1, as types. Raw bytes are the truth: every exchange points into byte streams; whatever is
 * parsed from them is derived again by whoever reads (see docs/recording-format.md).
 */

export const RECORDING_FORMAT = "segur-recording/1";

/** The slices of the suite. The same word names the folder of a service, of its checks and of its scenarios. */
export type ServiceName = "psc" | "ins" | "dmp" | "mss";

/** Who opened the connection: `in` = the vendor calls a national service, `out` = the suite calls the vendor. */
export type Direction = "in" | "out";

/** Half-open range [start, end) of a byte stream of the recording. Stream ids: `c0001.in`, `c0001.out`, `c0001.hello`. */
export interface ByteRange {
  readonly stream: string;
  readonly start: number;
  readonly end: number;
}

/** A refused or broken handshake. `from`: who gave up. `code`: our own closed code, never a library's message. */
export interface TlsAlert {
  readonly from: "client" | "server" | "unknown";
  /** One of `unknown_ca`, `bad_certificate`, `certificate_expired`, `certificate_unknown`, `handshake_failure`, `protocol_version`, `no_client_certificate`, `client_certificate_refused`, `no_shared_cipher`, `connection_reset`, `not_tls`, `other`. */
  readonly code: string;
}

export interface TlsFacts {
  readonly startedAt: string;
  /** As node reports it: `TLSv1.2`, `TLSv1.3`. */
  readonly protocol: string;
  /** IANA name of the negotiated suite. */
  readonly cipher: string;
  readonly serverName: string | null;
  readonly alpn: string | null;
}

/** One TCP connection. Written when opened and again when something becomes known: the last line of an id counts. */
export interface ConnectionRecord {
  readonly id: string;
  /** Which of our listeners took it (`psc-auth`, `psc-wallet`, `ins`, `dmp`, `mss-smtp`), or `driver`, `agent` for calls out. */
  readonly listener: string;
  readonly service: ServiceName | "vendor";
  readonly direction: Direction;
  /** Key of the scenario open for the service when it was opened, null = none. */
  readonly scenario: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly remote: { readonly address: string; readonly port: number };
  readonly local: { readonly address: string; readonly port: number };
  /** The first TLS record(s) of the client, before the socket went to TLS; null when nothing like TLS came. */
  readonly clientHello: ByteRange | null;
  readonly tls: TlsFacts | null;
  /** DER certificates of the peer in base64, leaf first; empty when none was presented. */
  readonly peerCertificates: readonly string[];
  readonly alert: TlsAlert | null;
}

/** A chunk of a line protocol or HTTP stream, in the order seen. `phase`: before or after TLS started on it. */
export interface Segment {
  readonly connection: string;
  readonly at: string;
  readonly direction: "in" | "out";
  readonly phase: "plain" | "tls";
  readonly start: number;
  readonly end: number;
}

/** One request with its answer (HTTP), one mail transaction or one whole session (SMTP), or one file judged. */
export interface ExchangeRecord {
  readonly id: string;
  readonly connection: string;
  readonly direction: Direction;
  readonly service: ServiceName | "vendor" | "file";
  /** `psc.token`, `ins.search`, `dmp.submit`, `mss.submit`, `vendor.agent`, `file.cda`…; `<service>.unexpected` for a route nobody serves, `<service>.malformed` for what is not the protocol. */
  readonly operation: string;
  /** Key of the scenario attempt (`psc-login#1`), null = unattributed. */
  readonly scenario: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** HTTP: head and body as on the wire. SMTP: the client's bytes. File: the whole file. */
  readonly request: ByteRange;
  readonly response: ByteRange | null;
  /** False when the peer or a fault cut it before the answer was fully written. */
  readonly complete: boolean;
  /** Ids of the `fault.injected` events that touched this exchange. */
  readonly faults: readonly string[];
}

export type EventKind =
  | "recording.open"
  | "recording.close"
  | "scenario.open"
  | "scenario.close"
  | "step.begin"
  | "step.end"
  | "window"
  | "fault.injected"
  | "control"
  | "key.change"
  | "certificate.change"
  | "vendor.start"
  | "vendor.exit"
  | "suite.error";

/** Something that happened besides traffic. `data` is JSON; its shape by kind is in specs/schemas/recording.schema.json. */
export interface EventRecord {
  readonly id: string;
  readonly at: string;
  readonly kind: EventKind;
  readonly scenario: string | null;
  readonly exchange: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a scenario was played with; data of the `scenario.open` event, so that judging needs no spec to know it. */
export interface ScenarioFacts {
  readonly id: string;
  readonly attempt: number;
  readonly services: readonly ServiceName[];
  readonly patient: PatientFacts | null;
  readonly professional: ProfessionalFacts | null;
  /** Free values of the scenario file (`document`, `recipient`, `alternative`…). */
  readonly values: Readonly<Record<string, unknown>>;
  /** Scenario id of the positive control (same thing without the fault), if any. */
  readonly control: string | null;
  readonly faults: readonly FaultSpec[];
  /** The operations the driver says it can trigger. */
  readonly driverCan: readonly string[];
}

export type InsStatus = "PROV" | "RECUP" | "VALI" | "QUAL";

/** A fictitious patient. Names are as INSi writes them (capitals, no accents); dates are strings (`1950-00-00` is legal). */
export interface PatientFacts {
  readonly key: string;
  readonly status: InsStatus;
  readonly birthName: string;
  readonly usedName?: string;
  /** First birth first name. */
  readonly firstName: string;
  /** All birth first names, separated by a space. */
  readonly birthFirstNames: string;
  readonly sex: "M" | "F";
  readonly birthDate: string;
  /** COG of the birth place, 5 characters. */
  readonly birthPlace: string;
  /** 15 characters and OID; what the vendor's software knows of it depends on the status. */
  readonly ins: { readonly matricule: string; readonly oid: string } | null;
  readonly localId: string;
}

export interface ProfessionalFacts {
  readonly key: string;
  /** PS_IdNat, `8` + RPPS. Opaque. */
  readonly nationalId: string;
  readonly familyName: string;
  readonly givenName: string;
}

/** A scripted misbehaviour of a service, from the scenario file. `at` names the point, `kind` the fault; the service's README lists both. */
export interface FaultSpec {
  readonly service: ServiceName;
  readonly at: string;
  readonly kind: string;
  /** How many times it strikes; default 1. */
  readonly times?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** What segur.yaml says of the candidate; data member `candidate` of the `recording.open` event. */
export interface CandidateFacts {
  readonly vendor: string;
  readonly product: string;
  readonly version: string;
  /** Product reference of Convergence, expected in X-MSS-NIL. */
  readonly nil?: string;
}

/**
 * What a session is worth. `sandbox`: anything goes. `rehearsal`: scored as the real thing. `homologation`: nothing deselected,
 * the challenge of an agency demanded. Data member `mode` of the `recording.open` event.
 */
export const SESSION_MODES = ["sandbox", "rehearsal", "homologation"] as const;
export type SessionMode = (typeof SESSION_MODES)[number];

/**
 * What a run was drawn from. `seed`: 32 bytes in lower-case hex. The `recording.open` event names the id only (data member
 * `challenge`): with the seed beside the bytes, anybody could draw the same identities before the session.
 */
export interface ChallengeFacts {
  readonly id: string;
  readonly seed: string;
}

export interface RecordingMeta {
  readonly format: typeof RECORDING_FORMAT;
  readonly id: string;
  readonly startedAt: string;
}
