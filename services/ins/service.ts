/** Mock of INSi: HTTPS with mutual TLS, SOAP 1.2, search by traits and by Vitale card. README.md lists faults and refusals. */
import type { FaultSpec, MockService, RunningService, ServiceContext } from "../../core/model/index.js";
import { readCertificate, valuesOf } from "../../protocols/certificate.js";
import { type InsRequest, readInsRequest } from "../../protocols/ins.js";
import { SoapError } from "../../protocols/soap.js";
import { type HttpCall, openHttpListener, send } from "../shared/http-listener.js";
import { type AnswerStyle, type Asked, USUAL_STYLE, writeFault, writeResult, writeSoapFault } from "./answers.js";
import { type FaultRow, loadFaults } from "./faults.js";
import { findByCard, findByTraits, type Identity, identityOf } from "./identities.js";

const PATH = "/lps";
const SOAP_TYPE = "application/soap+xml; charset=utf-8";
const MAX_REQUEST = 1024 * 1024;
/** Longest a call is left without an answer, in ms: longer than any client waits. */
const HOLD = 120_000;
/** CN that INSi admits in a client certificate (ins.md section 2.2). */
const ADMITTED_CN = ["INSI-AUTO", "INSI-MANU"];

/** An answer on its way: what a fault may still change. */
interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export const insService: MockService = {
  name: "ins",
  async start(context: ServiceContext): Promise<RunningService> {
    const faults = loadFaults();
    const identities = context.patients.map(identityOf);
    const waiting = new Set<() => void>();
    const lasting = new Map<string | null, FaultSpec>();
    const listener = await openHttpListener({
      name: "ins",
      service: "ins",
      context,
      clientCertificate: "required",
      operation: (req) => (req.method === "POST" && pathOf(req.url) === PATH ? "ins.search" : "ins.unexpected"),
      handle: (call) => answer(call, { context, faults, identities, lasting, waiting }),
    });
    const base = context.settings.publicUrl?.replace(/\/$/, "") ?? listener.url;
    return {
      name: "ins",
      listeners: [{ name: listener.name, address: listener.address, port: listener.port, url: listener.url }],
      endpoints: { url: `${base}${PATH}` },
      async control(command) {
        if (command !== "reset") throw new Error(`ins has no control command ${command}`);
        lasting.clear();
        return null;
      },
      async stop() {
        for (const release of waiting) release();
        await listener.close();
      },
    };
  },
};

interface State {
  readonly context: ServiceContext;
  readonly faults: ReadonlyMap<string, FaultRow>;
  readonly identities: readonly Identity[];
  /** Faults that last (`args.lasts`), by scenario: once struck, they strike every further call of it. */
  readonly lasting: Map<string | null, FaultSpec>;
  /** Held calls (slow, timeout), let go when the service stops. */
  readonly waiting: Set<() => void>;
}

async function answer(call: HttpCall, state: State): Promise<void> {
  if (pathOf(call.req.url) !== PATH) return send(call, 404, { "content-type": "text/plain" }, "not found");
  if (call.req.method !== "POST") return send(call, 405, { allow: "POST", "content-type": "text/plain" }, "POST only");
  const body = await call.body(MAX_REQUEST);
  const broken = nextFault(call, state, "connection");
  if (broken) {
    if (broken.kind === "cut") return call.cut();
    if (broken.kind === "timeout") {
      await hold(call, state, numberArg(broken, "ms", HOLD));
      return call.cut();
    }
    throw unknownKind(broken);
  }
  let request: InsRequest;
  try {
    request = readInsRequest(body, call.req.headers["content-type"] ?? null);
  } catch (error) {
    if (!(error instanceof SoapError)) throw error;
    call.exchange.operation("ins.malformed");
    return send(
      call,
      400,
      { "content-type": SOAP_TYPE },
      writeSoapFault("Sender", "The message is not a SOAP envelope"),
    );
  }
  await reply(call, state, request);
}

async function reply(call: HttpCall, state: State, request: InsRequest): Promise<void> {
  const asked: Asked = { mode: request.mode, messageId: request.soap.addressing.messageId };
  const fault = nextFault(call, state, "answer");
  if (!fault) return write(call, regular(call, state, request, asked));
  const args = fault.args ?? {};
  const tableRow = state.faults.get(fault.kind);
  if (tableRow) return write(call, { status: 500, type: SOAP_TYPE, body: writeFault(asked, tableRow, styleOf(args)) });
  switch (fault.kind) {
    case "code":
      return write(call, result(asked, String(args.code ?? "01"), null, styleOf(args)));
    case "unknown-code":
      return write(call, result(asked, String(args.code ?? "99"), null, styleOf(args)));
    case "style":
    case "one-trait-differs":
      return write(call, regular(call, state, request, asked, styleOf(args), changeOf(fault)));
    case "slow":
      await hold(call, state, numberArg(fault, "ms", 5_000));
      return write(call, regular(call, state, request, asked));
    case "http-503":
      return write(call, { status: 503, type: "text/html", body: "<html><body>Service Unavailable</body></html>" });
    case "malformed-xml": {
      const whole = regular(call, state, request, asked);
      return write(call, { ...whole, body: whole.body.slice(0, Math.floor(whole.body.length / 2)) });
    }
    case "cut": {
      const whole = regular(call, state, request, asked);
      call.res.writeHead(whole.status, {
        "content-type": whole.type,
        "content-length": String(Buffer.byteLength(whole.body)),
      });
      call.res.write(whole.body.slice(0, Math.floor(whole.body.length / 2)), () => call.cut());
      return;
    }
    default:
      throw unknownKind(fault);
  }
}

/** The fault that strikes this call at this point, recorded; null for none. */
function nextFault(call: HttpCall, state: State, at: string): FaultSpec | null {
  const { scenario } = call.exchange;
  const lasting = state.lasting.get(scenario);
  const fault = state.context.faults.next("ins", at) ?? (lasting?.at === at ? lasting : null);
  if (!fault) return null;
  if (fault.args?.lasts === true) state.lasting.set(scenario, fault);
  call.exchange.fault(fault);
  return fault;
}

/** The answer without any scripted misbehaviour. `change` alters the identity given with a 00. */
function regular(
  call: HttpCall,
  state: State,
  request: InsRequest,
  asked: Asked,
  style: AnswerStyle = USUAL_STYLE,
  change: Partial<Identity> = {},
): Reply {
  if (request.soap.version !== "1.2") {
    return { status: 500, type: SOAP_TYPE, body: writeSoapFault("VersionMismatch", "This service speaks SOAP 1.2") };
  }
  if (request.mode === null) {
    return { status: 500, type: SOAP_TYPE, body: writeSoapFault("Sender", "The body is none of the known searches") };
  }
  const refused = admitted(call) ? null : state.faults.get("desir_560");
  if (refused) return { status: 500, type: SOAP_TYPE, body: writeFault(asked, refused, style) };
  const found = request.traits
    ? findByTraits(state.identities, request.traits)
    : request.card
      ? findByCard(state.identities, request.card)
      : [];
  const [person] = found;
  if (!person) return result(asked, "01", null, style);
  if (found.length > 1) return result(asked, "02", null, style);
  // `siram_40/insi_102`: subcode and detail code; the detail code is the key of the table.
  const scripted = state.faults.get(person.answer.split("/").pop() ?? "");
  if (scripted) return { status: 500, type: SOAP_TYPE, body: writeFault(asked, scripted, style) };
  return result(asked, person.answer, person.answer === "00" ? { ...person, ...change } : null, style);
}

function result(asked: Asked, code: string, identity: Identity | null, style: AnswerStyle): Reply {
  return { status: 200, type: SOAP_TYPE, body: writeResult(asked, code, identity, style) };
}

function write(call: HttpCall, reply: Reply): Promise<void> {
  return send(call, reply.status, { "content-type": reply.type }, reply.body);
}

/** The subject CN decides, whoever issued the certificate: TLS has already verified the chain. */
function admitted(call: HttpCall): boolean {
  const [leaf] = call.peerCertificates;
  return leaf !== undefined && valuesOf(readCertificate(leaf).subject, "CN").some((cn) => ADMITTED_CN.includes(cn));
}

function styleOf(args: Readonly<Record<string, unknown>>): AnswerStyle {
  return {
    prefix: typeof args.prefix === "string" ? args.prefix : USUAL_STYLE.prefix,
    datesFirst: args.datesFirst === true,
    without: Array.isArray(args.without) ? args.without.map(String) : [],
  };
}

const CHANGEABLE = [
  "birthName",
  "firstName",
  "birthFirstNames",
  "sex",
  "birthDate",
  "birthPlace",
  "oid",
  "key",
] as const;

/** `one-trait-differs`: `args.trait` names a member of the identity, `args.value` what the answer says instead. */
function changeOf(fault: FaultSpec): Partial<Identity> {
  if (fault.kind !== "one-trait-differs") return {};
  const trait = CHANGEABLE.find((name) => name === fault.args?.trait);
  if (!trait) throw new Error(`one-trait-differs: args.trait must be one of ${CHANGEABLE.join(", ")}`);
  return { [trait]: String(fault.args?.value ?? "") };
}

/** Waits, unless the caller leaves or the service stops before. */
function hold(call: HttpCall, state: State, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const release = (): void => {
      clearTimeout(timer);
      state.waiting.delete(release);
      resolve();
    };
    const timer = setTimeout(release, ms);
    state.waiting.add(release);
    call.res.on("close", release);
  });
}

function numberArg(fault: FaultSpec, name: string, otherwise: number): number {
  const value = fault.args?.[name];
  return typeof value === "number" ? value : otherwise;
}

function unknownKind(fault: FaultSpec): Error {
  return new Error(`ins has no fault ${fault.kind} at ${fault.at} (services/ins/README.md lists them)`);
}

function pathOf(url: string | undefined): string {
  return (url ?? "").split("?")[0] ?? "";
}
