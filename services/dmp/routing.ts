/** From an HTTP call to the handler of its transaction, and back. */
import { type ServiceContext, SuiteError } from "../../core/model/index.js";
import { readSoapEnvelope, type SoapEnvelope, SoapError } from "../../protocols/soap.js";
import { type HttpCall, send } from "../shared/http-listener.js";
import { notServed, type SoapAnswer, soapFault } from "./answers.js";
import { setAuthorisation } from "./authorise.js";
import { tellExistence } from "./exists.js";
import { breakConnection } from "./faults.js";
import { registryService } from "./registry.js";
import { retrieveDocuments } from "./retrieve.js";
import type { DmpRoom, Handler } from "./room.js";
import { isSubmission, submitDocuments } from "./submit.js";

export const SERVICES = ["patients", "repository", "registry", "habilitations"] as const;
type ServiceSegment = (typeof SERVICES)[number];

/** The last segment tells the service, whatever the prefix: vendors change the base URL only (dmp.md §1.2). */
function segmentOf(method: string | undefined, url: string | undefined): ServiceSegment | null {
  const last = (url ?? "").split("?")[0]?.split("/").filter(Boolean).pop();
  return method === "POST" ? (SERVICES.find((name) => name === last) ?? null) : null;
}

/** Name of the operation before the body is read. */
const FIRST_NAME: Readonly<Record<ServiceSegment, string>> = {
  patients: "dmp.exists",
  repository: "dmp.submit",
  registry: "dmp.search",
  habilitations: "dmp.authorise",
};

export function operationOf(method: string | undefined, url: string | undefined): string {
  const segment = segmentOf(method, url);
  return segment === null ? "dmp.unexpected" : FIRST_NAME[segment];
}

const HANDLERS: Readonly<Record<ServiceSegment, Handler>> = {
  patients: tellExistence,
  habilitations: setAuthorisation,
  registry: registryService,
  repository: (room, call, envelope) => {
    if (isSubmission(envelope)) return submitDocuments(room, call, envelope);
    if (envelope.payload?.name !== "RetrieveDocumentSetRequest") return notServed(call, envelope);
    call.exchange.operation("dmp.retrieve");
    return retrieveDocuments(room, call, envelope);
  },
};

const TEXT = { "content-type": "text/plain; charset=UTF-8" };

export async function handle(room: DmpRoom, call: HttpCall, signal: AbortSignal): Promise<void> {
  const segment = segmentOf(call.req.method, call.req.url);
  const bytes = await bodyOf(call);
  if (bytes === null) return;
  if (await breakConnection(room.context, call, signal)) return;
  if (segment === null) {
    await send(call, 404, TEXT, "no such service\n");
    return;
  }
  await deliver(call, answerTo(room, call, HANDLERS[segment], bytes));
}

/** Null when the body is over the limit of 64 MB (413 sent). */
async function bodyOf(call: HttpCall): Promise<Buffer | null> {
  try {
    return await call.body();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    await send(call, 413, { ...TEXT, connection: "close" }, "too large\n");
    return null;
  }
}

function answerTo(room: DmpRoom, call: HttpCall, handler: Handler, bytes: Buffer): SoapAnswer {
  let envelope: SoapEnvelope;
  try {
    envelope = readSoapEnvelope(bytes, call.req.headers["content-type"] ?? null);
  } catch (error) {
    if (!(error instanceof SoapError)) throw error;
    call.exchange.operation("dmp.malformed");
    return soapFault(null, "Sender", null, "Le message reçu n'est pas un message SOAP lisible.");
  }
  try {
    return handler(room, call, envelope);
  } catch (error) {
    if (!(error instanceof SuiteError) || error.code !== "ERR_DISK") throw error;
    return ownFailure(room.context, call, envelope, error);
  }
}

/** The disk takes nothing more: the caller gets a fault of ours, the recording and the user learn whose it is. */
function ownFailure(context: ServiceContext, call: HttpCall, envelope: SoapEnvelope, error: SuiteError): SoapAnswer {
  context.log(`dmp: ${error.code}: ${error.message}: ${error.where ?? ""}; ${error.mend ?? ""}`);
  const { id, scenario } = call.exchange;
  context.recorder.event("suite.error", { listener: "dmp", code: error.code }, { scenario, exchange: id });
  return soapFault(envelope, "Receiver", null, "Le simulateur ne peut plus écrire sur son disque.");
}

/** Sends an answer, whole or as a scripted loss leaves it. */
async function deliver(call: HttpCall, answer: SoapAnswer): Promise<void> {
  if (answer.cut === "before") call.cut();
  else if (answer.cut === "middle") await sendHalf(call, answer);
  else await send(call, answer.status, answer.headers, answer.body);
}

/** Announces the whole length, writes half of it, and destroys the connection. */
function sendHalf(call: HttpCall, { status, headers, body }: SoapAnswer): Promise<void> {
  return new Promise((resolve) => {
    call.res.on("close", () => resolve());
    call.res.writeHead(status, { ...headers, "content-length": String(body.length) });
    call.res.write(body.subarray(0, Math.floor(body.length / 2)), () => call.cut());
  });
}
