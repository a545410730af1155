/** What the host hands to a mock service, and what a service gives back. Services answer and record; they never judge. */
import type { Duplex } from "node:stream";
import type {
  EventRecord,
  FaultSpec,
  PatientFacts,
  ScenarioFacts,
  ServiceName,
  TlsAlert,
  TlsFacts,
} from "./recording.js";

/** Appends to the recording. Bytes are on disk before anybody parses them. Never throws on foreign bytes. */
export interface Recorder {
  openConnection(facts: {
    listener: string;
    service: ServiceName | "vendor";
    direction: "in" | "out";
    remote: { address: string; port: number };
    local: { address: string; port: number };
    /** Calls out only: the scenario they are made for. A call in belongs to the scenario open for its service. */
    scenario?: string | null;
  }): ConnectionRecorder;
  event(
    kind: EventRecord["kind"],
    data: Record<string, unknown>,
    options?: { scenario?: string | null; exchange?: string | null },
  ): EventRecord;
  /** Key of the scenario now open for the service, or null. */
  currentScenario(service: ServiceName | "vendor"): string | null;
}

/** A recording being written: what the player of scenarios needs of it. */
export interface OpenRecording {
  readonly folder: string;
  readonly recorder: Recorder;
  /** Opens a scenario attempt: from here on exchanges of its services belong to it. Returns its key (`id#attempt`). */
  openScenario(facts: ScenarioFacts): string;
  closeScenario(key: string, state: "done" | "failed" | "interrupted", reason: string | null): void;
  /** Time (ms since epoch) of the last byte seen by one of the services; 0 when none. */
  lastActivity(services: readonly ServiceName[]): number;
  close(): void;
}

export interface ConnectionRecorder {
  readonly id: string;
  /** Decrypted or plain bytes from the peer / to the peer. Returns the offset of their first byte in the stream. */
  bytesIn(chunk: Uint8Array, phase: "plain" | "tls"): number;
  bytesOut(chunk: Uint8Array, phase: "plain" | "tls"): number;
  clientHello(bytes: Uint8Array): void;
  tls(facts: Omit<TlsFacts, "startedAt">, peerCertificates: readonly Uint8Array[]): void;
  alert(alert: TlsAlert): void;
  /** How many bytes each stream holds so far. */
  readonly lengthIn: number;
  readonly lengthOut: number;
  /** The bytes recorded so far (for framing); `start` inclusive. */
  readIn(start: number, end?: number): Uint8Array;
  readOut(start: number, end?: number): Uint8Array;
  openExchange(operation: string, requestStart: number, responseStart: number): ExchangeRecorder;
  close(): void;
}

export interface ExchangeRecorder {
  readonly id: string;
  readonly scenario: string | null;
  /** Renames the operation once the body told it (SOAP). */
  operation(name: string): void;
  /** Marks that a fault touched it; writes the `fault.injected` event. */
  fault(fault: FaultSpec): void;
  close(facts: { requestEnd: number; responseEnd: number | null; complete: boolean }): void;
}

/** Faults of the open scenario of a service. `next` consumes one strike of the first fault at this point, or gives null. */
export interface FaultPlan {
  next(service: ServiceName, at: string): FaultSpec | null;
  peek(service: ServiceName, at: string): FaultSpec | null;
}

/** Access tokens known to be good: PSC writes, MSSanté (and others) read, so that services need not import each other. */
/** A fault plan that scenarios are put into. */
export interface ScriptedFaults extends FaultPlan {
  arm(scenario: string, faults: readonly FaultSpec[]): void;
  /** Forgets what did not strike. Returns how many strikes were left: a fault that never struck proves nothing. */
  disarm(scenario: string): number;
}

export interface TokenBoard {
  issued(token: string, facts: { subject: string; clientId: string; expiresAt: number }): void;
  revoked(token: string): void;
  /** Null when never issued; `live` is false when expired or revoked. */
  lookup(token: string): { subject: string; clientId: string; expiresAt: number; live: boolean } | null;
}

/** Paths of the test PKI on disk. Made at first use; no private key is ever committed. */
export interface PkiMaterial {
  readonly folder: string;
  /** Root and intermediate, PEM, for clients and servers to trust. */
  readonly caBundlePem: string;
  readonly caBundleFile: string;
  readonly rootCerFile: string;
  readonly roles: Readonly<Record<PkiRole, PkiEntry>>;
}
/** `server`: our listeners. `auth`: ORG AUTH_CLI. `sign`: ORG SIGN. `insi`: CN=INSI-AUTO. `vendor`: server certificate lent to a vendor on this machine. */
export type PkiRole = "server" | "auth" | "sign" | "insi" | "vendor";
export interface PkiEntry {
  readonly keyPem: string;
  /** Leaf then intermediate. */
  readonly certPem: string;
  readonly keyFile: string;
  readonly certFile: string;
  readonly p12File: string;
  readonly p12Password: string;
}

export interface PscClientSettings {
  readonly id: string;
  readonly method: "client_secret_basic" | "client_secret_post" | "tls_client_auth";
  readonly secret?: string;
  /** Subject DN of the client certificate, for `tls_client_auth`. */
  readonly subjectDn?: string;
  readonly redirectUris: readonly string[];
  readonly logoutUris: readonly string[];
}

/** Reachability of one service, from `services.<name>` of segur.yaml. */
export interface ServiceSettings {
  readonly bind: string;
  /** 0 = given by the system. Services with several listeners take `ports` by listener name first. */
  readonly port: number;
  readonly ports?: Readonly<Record<string, number>>;
  /** Public base URL as the vendor reaches it (proxy, hosts file). */
  readonly publicUrl?: string;
  /** Served names and certificate SANs, besides localhost and 127.0.0.1. */
  readonly names: readonly string[];
  /** The vendor's own server certificate instead of ours. */
  readonly tls?: { readonly keyPem: string; readonly certPem: string };
  /** Further client CAs (PEM). */
  readonly trust: readonly string[];
}

export interface PatientFixture extends PatientFacts {
  /** OID that the INSi test environment returns for the person (`…4.8`, `…4.9`), if known there. */
  readonly insiOid: string | null;
  /** How INSi answers a search that matches: `00`, `01`, `02`, or a fault key. */
  readonly insiAnswer: string;
  /** What INSi holds where it differs from the patient's file (a first name the base does not know…). */
  readonly insi?: {
    readonly firstName?: string;
    readonly birthFirstNames?: string;
    readonly birthDate?: string;
    readonly birthPlace?: string;
  };
  /** Former INS, as INSHISTO lists them. */
  readonly history: readonly {
    readonly matricule: string;
    readonly oid: string;
    readonly from?: string;
    readonly to?: string;
  }[];
  /** `active`, `none` or `closed`: what TD0.2 says. */
  readonly dmp: "active" | "none" | "closed";
}

export interface ProfessionalFixture {
  readonly key: string;
  readonly nationalId: string;
  readonly familyName: string;
  readonly givenName: string;
  /** PSC userinfo claims, as psc.md §6.3 shapes them. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** MSSanté mailboxes the person may use. */
  readonly mailboxes: readonly string[];
}

export interface ServiceContext {
  readonly recorder: Recorder;
  readonly faults: FaultPlan;
  readonly tokens: TokenBoard;
  readonly pki: PkiMaterial;
  readonly settings: ServiceSettings;
  readonly pscClients: readonly PscClientSettings[];
  /** `--learn`: accept an unknown PSC client once and tell what to paste. */
  readonly learn: ((block: string) => void) | null;
  readonly patients: readonly PatientFixture[];
  readonly professionals: readonly ProfessionalFixture[];
  /** Folder for state that survives a call (documents stored…); made by the host. */
  readonly stateFolder: string;
  /** Overrides of the lifetimes, in seconds. */
  readonly lifetimes: {
    readonly accessToken: number;
    readonly refreshToken: number;
    readonly session: number;
    readonly code: number;
  };
  log(line: string): void;
}

/** What `segur mock --json` prints per service. */
export interface RunningService {
  readonly name: ServiceName;
  readonly listeners: readonly {
    readonly name: string;
    readonly address: string;
    readonly port: number;
    readonly url: string;
  }[];
  /** Everything a vendor has to type in: URLs, hosts, ports, domains. Plain values. */
  readonly endpoints: Readonly<Record<string, string | number>>;
  /** Control calls: `expire-access-token`, `expire-session`, `reset`… Each is recorded as an event by the service. Unknown command: throws. */
  control(command: string, args?: Record<string, unknown>): Promise<unknown>;
  stop(): Promise<void>;
}

export interface MockService {
  readonly name: ServiceName;
  start(context: ServiceContext): Promise<RunningService>;
}

/** A decrypted connection of a listener, already recorded. */
export interface AcceptedConnection {
  readonly stream: Duplex;
  readonly recorder: ConnectionRecorder;
  /** DER, leaf first. */
  readonly peerCertificates: readonly Uint8Array[];
  readonly authorized: boolean;
}
