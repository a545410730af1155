/**
 * Whether a recording was made with a challenge: everything that was drawn from the seed is drawn again, and looked for, first in
 * what the recording says of its scenarios, then in the raw bytes that came from the vendor. docs/challenge.md says what that
 * proves and what it does not. No clock, no disk.
 */
import { factsOf } from "../core/drive/play.js";
import {
  type EventRecord,
  type Exchange,
  type RecordingView,
  type Scenario,
  type ScenarioFacts,
} from "../core/model/index.js";
import { type LayerLimits, type Unseen, walkLayers } from "../protocols/deep-bytes.js";
import { drawnWords } from "../services/shared/draw.js";
import { drawOrder, drawSession, wordsOf } from "../services/shared/draw-scenarios.js";
import type { Identities } from "../services/shared/identities.js";
import { fitsBeside } from "./lanes.js";

/**
 * What was drawn and found again. `documentWord`: the word of a document or of the text of a mail. `session`: nothing of this
 * scenario, but something drawn for another one of the session, which nobody could know before either: software that sends late,
 * or asks again about a patient it saw earlier.
 */
export type TraceKind = "birthName" | "matricule" | "localId" | "documentWord" | "professional" | "session";

export interface ScenarioTraces {
  /** `dmp-submit#1` */
  readonly key: string;
  /** At least one complete exchange of it cannot but carry something drawn. */
  readonly expected: boolean;
  /** In all bytes of the vendor under this scenario. */
  readonly found: readonly TraceKind[];
  /** Those exchanges, with what was found in each. */
  readonly exchanges: readonly {
    readonly id: string;
    readonly operation: string;
    readonly found: readonly TraceKind[];
  }[];
}

/** `unknown`: the plan has no such scenario. `order`: another one had to come first. Else the fact that is not as drawn. */
export type MismatchKind =
  "unknown" | "order" | "patient" | "professional" | "values" | "faults" | "control" | "services";

export interface TraceMismatch {
  readonly scenario: string;
  /** Id of the `scenario.open` event. */
  readonly event: string;
  readonly what: MismatchKind;
}

export interface Traces {
  /** Every attempt, in the order recorded. */
  readonly scenarios: readonly ScenarioTraces[];
  readonly mismatches: readonly TraceMismatch[];
  /** What could not be looked into, with the exchange that holds it. */
  readonly unseen: readonly (Unseen & { readonly exchange: string })[];
}

export interface Drawn {
  /** As the fixtures have them. */
  readonly identities: Identities;
  /** The scenarios of the plan of this run, as the specs have them. */
  readonly planned: readonly Scenario[];
  /** 32 bytes. */
  readonly seed: Uint8Array;
}

/** Never throws for what the recording holds. `limits` bound the decoding of all exchanges together. */
export function findTraces(view: RecordingView, drawn: Drawn, limits: Partial<LayerLimits> = {}): Traces {
  const session = drawSession(drawn.identities, drawn.planned, drawn.seed);
  const opened = view.events.filter((event) => event.kind === "scenario.open" && event.scenario !== null);
  const exchanges = new Map<string | null, Exchange[]>();
  for (const exchange of view.exchanges) {
    const known = exchanges.get(exchange.scenario);
    if (known) known.push(exchange);
    else exchanges.set(exchange.scenario, [exchange]);
  }
  const shared = { budget: { bytes: BUDGET }, inflations: { left: INFLATIONS }, ...limits };
  const unseen: (Unseen & { readonly exchange: string })[] = [];
  const expected = new Map(
    session.scenarios.map((scenario): [string, ScenarioFacts] => [
      scenario.id,
      factsOf(scenario, 1, { ...session.identities, driverCan: [] }),
    ]),
  );
  const told = opened.flatMap((event) => mismatchesOf(event, expected));
  const ofSession = [...expected.values()].flatMap(soughtFor);
  const attempts = new Map(opened.map((event) => [event.scenario ?? "", expected.get(factsIn(event).id)]));
  return {
    scenarios: [...attempts].flatMap(([key, facts]) =>
      facts ? [tracesOf(key, facts, { exchanges: exchanges.get(key) ?? [], ofSession, limits: shared, unseen })] : [],
    ),
    // Beside a scenario that nobody asked for, no order can be told.
    mismatches: [
      ...told,
      ...(told.some(({ what }) => what === "unknown")
        ? []
        : orderMismatch(view.events, drawOrder(drawn.planned, drawn.seed))),
    ],
    unseen,
  };
}

function factsIn(event: EventRecord): ScenarioFacts {
  return event.data.facts as ScenarioFacts;
}

// ---- what the recording says -------------------------------------------------------------------------------------------

const COMPARED = ["patient", "professional", "values", "faults", "control", "services"] as const;

function mismatchesOf(event: EventRecord, expected: ReadonlyMap<string, ScenarioFacts>): TraceMismatch[] {
  const facts = factsIn(event);
  const drawn = expected.get(facts.id);
  const mismatch = (what: MismatchKind): TraceMismatch => ({ scenario: facts.id, event: event.id, what });
  if (!drawn) return [mismatch("unknown")];
  return COMPARED.filter((member) => !sameAs(drawn[member], facts[member])).map(mismatch);
}

/** Equal as JSON. Goes only as deep as what is expected: what was recorded may be of any depth. */
function sameAs(expected: unknown, recorded: unknown): boolean {
  if (typeof expected !== "object" || expected === null) return expected === recorded;
  if (typeof recorded !== "object" || recorded === null || Array.isArray(expected) !== Array.isArray(recorded))
    return false;
  const [wanted, found] = [new Map(Object.entries(expected)), new Map(Object.entries(recorded))];
  return (
    wanted.size === found.size &&
    [...wanted].every(([name, value]) => found.has(name) && sameAs(value, found.get(name)))
  );
}

/** The first scenario that was opened out of turn, whether the run had one lane or two. */
function orderMismatch(events: readonly EventRecord[], ordered: readonly Scenario[]): TraceMismatch[] {
  const sessions: EventRecord[][] = [];
  for (const event of events) {
    // A run that goes on asks again for what was not done.
    if (event.kind === "recording.open") sessions.push([]);
    sessions[sessions.length - 1]?.push(event);
  }
  for (const session of sessions) {
    const [alone, beside] = [replay(session, ordered, 1), replay(session, ordered, 2)];
    if (alone && beside) return [beside];
  }
  return [];
}

/**
 * Plays the order again beside what was recorded. Only scenarios that were opened are waited for: what comes after an
 * interruption, or was done in an earlier session, never was. That none is missing at all is for the result to say.
 */
function replay(events: readonly EventRecord[], ordered: readonly Scenario[], lanes: number): TraceMismatch | null {
  const opened = new Set(events.filter(({ kind }) => kind === "scenario.open").map((event) => factsIn(event).id));
  const known = new Set(ordered.map(({ id }) => id));
  let waiting = ordered.filter(({ id }) => opened.has(id));
  const active = new Map<string, Scenario>();
  for (const event of events) {
    if (event.kind === "scenario.close") active.delete(event.scenario ?? "");
    if (event.kind !== "scenario.open" || !known.has(factsIn(event).id)) continue;
    const { id } = factsIn(event);
    const next = waiting.find((scenario) => fitsBeside(scenario, active.values(), lanes));
    if (next?.id !== id) return { scenario: id, event: event.id, what: "order" };
    waiting = waiting.filter((scenario) => scenario !== next);
    active.set(event.scenario ?? "", next);
  }
  return null;
}

// ---- what the bytes say ------------------------------------------------------------------------------------------------

type Limits = Partial<LayerLimits> & Pick<LayerLimits, "budget">;

/** Bytes, decoded or not, and compressed streams that one recording may cost. */
const BUDGET = 1024 * 1024 * 1024;
const INFLATIONS = 100_000;

/** Operations of which every request carries the patient. */
const OF_PATIENT: readonly string[] = ["ins.search", "dmp.exists", "dmp.submit"];

/** A complete exchange whose request cannot but carry something drawn: the patient, or the document of a mail. */
function mustCarry(exchange: Exchange, facts: ScenarioFacts): boolean {
  if (exchange.direction !== "in" || !exchange.complete || !facts.patient) return false;
  if (OF_PATIENT.includes(exchange.operation)) return true;
  return exchange.operation === "mss.submit" && wordsOf(facts.values).length > 0;
}

function tracesOf(
  key: string,
  facts: ScenarioFacts,
  {
    exchanges,
    ofSession,
    limits,
    unseen,
  }: {
    readonly exchanges: readonly Exchange[];
    /** Everything that was drawn, for whatever scenario. */
    readonly ofSession: readonly Sought[];
    readonly limits: Limits;
    readonly unseen: (Unseen & { readonly exchange: string })[];
  },
): ScenarioTraces {
  const sought = soughtFor(facts);
  const carrying = exchanges.filter((exchange) => mustCarry(exchange, facts));
  const found = new Map(
    exchanges.map((exchange): [Exchange, readonly TraceKind[]] => {
      const notice = (what: Unseen): void => void unseen.push({ ...what, exchange: exchange.id });
      const own = look(...fromVendor(exchange, sought), limits, notice);
      if (own.length > 0 || !carrying.includes(exchange)) return [exchange, own];
      const other = look(exchange.requestBytes, ofSession, limits, () => undefined);
      return [exchange, other.length > 0 ? ["session"] : []];
    }),
  );
  const all = new Set([...found.values()].flat());
  return {
    key,
    expected: carrying.length > 0,
    found: KINDS.filter((kind) => all.has(kind)),
    exchanges: carrying.map((exchange) => ({
      id: exchange.id,
      operation: exchange.operation,
      found: found.get(exchange) ?? [],
    })),
  };
}

const KINDS: readonly TraceKind[] = ["birthName", "matricule", "localId", "documentWord", "professional", "session"];

interface Sought {
  readonly kind: TraceKind;
  /** In small letters: a software may write a name as it likes. */
  readonly text: string;
}

function soughtFor({ patient, professional, values }: ScenarioFacts): Sought[] {
  const sought = (kind: TraceKind, ...texts: readonly string[]): Sought[] =>
    texts.map((text) => ({ kind, text: text.toLowerCase() }));
  return [
    ...(patient
      ? [
          ...sought("birthName", ...[patient.birthName, patient.usedName ?? ""].flatMap(drawnWords)),
          // Its key travels apart in a search by card.
          ...sought("matricule", ...(patient.ins ? [patient.ins.matricule.slice(0, 13)] : [])),
          ...sought("localId", patient.localId),
        ]
      : []),
    ...sought("documentWord", ...wordsOf(values)),
    ...(professional ? sought("professional", professional.nationalId, professional.familyName) : []),
  ];
}

/**
 * What the vendor sent, and what is worth looking for in it. In its answers to our driver only the professional: everything
 * else the driver has just told it.
 */
function fromVendor(
  { direction, requestBytes, responseBytes }: Exchange,
  sought: readonly Sought[],
): [Uint8Array, readonly Sought[]] {
  if (direction === "in") return [requestBytes, sought];
  return [responseBytes ?? new Uint8Array(0), sought.filter(({ kind }) => kind === "professional")];
}

function look(
  bytes: Uint8Array,
  sought: readonly Sought[],
  limits: Limits,
  unseen: (what: Unseen) => void,
): TraceKind[] {
  const left = new Set(sought);
  const found = new Set<TraceKind>();
  // Paid for here too: exchanges may point at the same bytes again and again.
  limits.budget.bytes -= bytes.length;
  if (limits.budget.bytes < 0) {
    unseen({ reason: "total_size", via: [], offset: 0 });
    return [];
  }
  walkLayers(
    bytes,
    {
      layer: (layer) => {
        const text = layer.bytes.toString("latin1").toLowerCase();
        for (const one of left) {
          if (!text.includes(one.text)) continue;
          found.add(one.kind);
          left.delete(one);
        }
        return left.size === 0 ? "stop" : undefined;
      },
      unseen,
    },
    limits,
  );
  return KINDS.filter((kind) => found.has(kind));
}
