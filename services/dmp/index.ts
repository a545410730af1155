/** The DMP mock: TD0.2 and TD2.1 over HTTPS with mutual TLS, and a document store behind. It answers and records. */
import { setTimeout as wait } from "node:timers/promises";
import {
  type FaultSpec,
  type MockService,
  type RunningService,
  type ServiceContext,
  SuiteError,
} from "../../core/model/index.js";
import { readVihf, securityAssertions } from "../../protocols/saml.js";
import { readSoapEnvelope, type SoapEnvelope, SoapError } from "../../protocols/soap.js";
import { REGISTRY_PARTIAL, REGISTRY_SUCCESS } from "../../protocols/xds.js";
import { type HttpCall, openHttpListener, send } from "../shared/http-listener.js";
import { registryFailure, registryResponse, type SoapAnswer, soapAnswer, soapFault } from "./answers.js";
import { type DmpState, EXISTS_ANSWER, existsAnswer, patientOf, readQuestion } from "./exists.js";
import { type DocumentStore, openStore } from "./store.js";
import { examine, isSubmission, SUBMIT_ANSWER } from "./submit.js";

const PREFIX = "/si-dmp-server/v2/services";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";

export const dmpService: MockService = { name: "dmp", start };

async function start(context: ServiceContext): Promise<RunningService> {
  const store = openStore(context.stateFolder);
  const stopping = new AbortController();
  const listener = await openHttpListener({
    name: "dmp",
    service: "dmp",
    context,
    clientCertificate: "required",
    operation: (req) => operationOf(req.method, req.url),
    handle: (call) => handle(context, store, call, stopping.signal),
  });
  const { name, address, port, url } = listener;
  return {
    name: "dmp",
    listeners: [{ name, address, port, url }],
    endpoints: { repository: `${url}${PREFIX}/repository`, patients: `${url}${PREFIX}/patients` },
    async control(command, args = {}) {
      context.recorder.event("control", { service: "dmp", command, args });
      if (command === "reset") return store.reset();
      if (command === "documents") return [...store.documents.values()];
      throw new SuiteError("ERR_USAGE", `the DMP mock has no control command ${command}`, {
        mend: "commands: reset, documents",
      });
    },
    async stop() {
      stopping.abort();
      await listener.close();
    },
  };
}

/** The last segment tells the service, whatever the prefix: vendors change the base URL only (dmp.md §1.2). */
function operationOf(method: string | undefined, url: string | undefined): string {
  const last = (url ?? "").split("?")[0]?.split("/").filter(Boolean).pop();
  if (method === "POST" && last === "patients") return "dmp.exists";
  if (method === "POST" && last === "repository") return "dmp.submit";
  return "dmp.unexpected";
}

async function handle(
  context: ServiceContext,
  store: DocumentStore,
  call: HttpCall,
  signal: AbortSignal,
): Promise<void> {
  const operation = operationOf(call.req.method, call.req.url);
  const bytes = await bodyOf(call);
  if (bytes === null) return;
  if (await breakConnection(context, call, signal)) return;
  if (operation === "dmp.unexpected") {
    await send(call, 404, { "content-type": "text/plain; charset=UTF-8" }, "no such service\n");
    return;
  }
  const answer = answerTo(context, store, call, operation, bytes);
  await send(call, answer.status, answer.headers, answer.body);
}

/** Null when the body is over the limit (413 sent). */
async function bodyOf(call: HttpCall): Promise<Buffer | null> {
  try {
    return await call.body();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    await send(call, 413, { "content-type": "text/plain; charset=UTF-8", connection: "close" }, "too large\n");
    return null;
  }
}

/** Faults of the point `connection`. True when the call is over. */
async function breakConnection(context: ServiceContext, call: HttpCall, signal: AbortSignal): Promise<boolean> {
  const fault = context.faults.next("dmp", "connection");
  if (!fault) return false;
  call.exchange.fault(fault);
  if (fault.kind === "slow") {
    // Three seconds: the throttled network of the official wave 2 scenario (dmp.md §5).
    await wait(Number(fault.args?.milliseconds ?? 3000), undefined, { signal, ref: false }).catch(() => undefined);
    return false;
  }
  if (fault.kind === "cut") call.cut();
  else if (fault.kind === "http-503") {
    await send(
      call,
      503,
      { "content-type": "text/plain; charset=UTF-8", "retry-after": "120" },
      "service unavailable\n",
    );
  } else throw unknownFault(fault);
  return true;
}

function unknownFault(fault: FaultSpec): SuiteError {
  return new SuiteError("ERR_SPEC", `the DMP mock has no fault ${fault.kind} at ${fault.at}`);
}

function answerTo(
  context: ServiceContext,
  store: DocumentStore,
  call: HttpCall,
  operation: string,
  bytes: Buffer,
): SoapAnswer {
  let envelope: SoapEnvelope;
  try {
    envelope = readSoapEnvelope(bytes, call.req.headers["content-type"] ?? null);
  } catch (error) {
    if (!(error instanceof SoapError)) throw error;
    call.exchange.operation("dmp.malformed");
    return soapFault(null, "Sender", null, "Le message reçu n'est pas un message SOAP lisible.");
  }
  return operation === "dmp.exists" ? existence(context, call, envelope) : submission(context, store, call, envelope);
}

function existence(context: ServiceContext, call: HttpCall, envelope: SoapEnvelope): SoapAnswer {
  const question = readQuestion(envelope);
  if (!question) return notServed(call, envelope);
  const fault = takeFault(context, call, "exists");
  if (fault?.kind === "soap-fault") return scriptedFault(envelope, fault);
  const refusal = refusedSigner(envelope);
  if (refusal) return refusal;
  const patient = patientOf(context.patients, question);
  let state: DmpState = patient?.dmp ?? "none";
  if (fault?.kind === "not-found") state = "none";
  else if (fault?.kind === "closed") state = "closed";
  else if (fault) throw unknownFault(fault);
  return soapAnswer(envelope, EXISTS_ANSWER, existsAnswer(question, patient, state));
}

function submission(context: ServiceContext, store: DocumentStore, call: HttpCall, envelope: SoapEnvelope): SoapAnswer {
  if (!isSubmission(envelope)) return notServed(call, envelope);
  const fault = takeFault(context, call, "submit");
  if (fault?.kind === "soap-fault") return scriptedFault(envelope, fault);
  const answer = (payload: string): SoapAnswer => soapAnswer(envelope, SUBMIT_ANSWER, payload);
  if (fault?.kind === "duplicate") {
    return answer(registryFailure({ code: "XDSDuplicateUniqueIdInRegistry", context: "identifiant déjà présent" }));
  }
  if (fault?.kind === "registry-error") {
    const code = String(fault.args?.code ?? "XDSRegistryError");
    return answer(registryFailure({ code, context: "erreur interne du registre" }));
  }
  if (fault && fault.kind !== "partial-success") throw unknownFault(fault);
  const refusal = refusedSigner(envelope);
  if (refusal) return refusal;
  const outcome = examine(envelope, store, context.patients);
  if (!outcome.accepted) return answer(registryFailure(...outcome.errors));
  store.add(outcome.setId, outcome.patientId, outcome.documents);
  if (fault) {
    const error = { code: String(fault.args?.code ?? "XDSRepositoryError"), context: "traitement incomplet" };
    return answer(registryResponse(REGISTRY_PARTIAL, [error]));
  }
  return answer(registryResponse(REGISTRY_SUCCESS, []));
}

function takeFault(context: ServiceContext, call: HttpCall, point: string): FaultSpec | null {
  const fault = context.faults.next("dmp", point);
  if (fault) call.exchange.fault(fault);
  return fault;
}

function scriptedFault(envelope: SoapEnvelope, fault: FaultSpec): SoapAnswer {
  const subcode = String(fault.args?.subcode ?? "DMPInvalidCertificate");
  return soapFault(envelope, "Sender", subcode, String(fault.args?.text ?? "Le certificat présenté n'est pas valide."));
}

/** A message this mock does not serve (another transaction at the same address). */
function notServed(call: HttpCall, envelope: SoapEnvelope): SoapAnswer {
  call.exchange.operation("dmp.unexpected");
  const name = envelope.payload?.name ?? "";
  return soapFault(envelope, "Sender", null, `Transaction non prise en charge par ce simulateur : ${name}.`);
}

/** The real DMP refuses a VIHF signed by an authentication certificate (dmp.md §1.3, S9). */
function refusedSigner(envelope: SoapEnvelope): SoapAnswer | null {
  const assertion = securityAssertions(envelope)[0];
  const uses = (assertion ? readVihf(assertion)?.signerCertificate : null)?.keyUsage ?? [];
  if (!uses.includes(CLIENT_AUTH) || uses.includes(EMAIL_PROTECTION)) return null;
  return soapFault(
    envelope,
    "Sender",
    "DMPInvalidCertificate",
    "Le certificat de signature du jeton VIHF n'est pas un certificat de signature.",
  );
}
