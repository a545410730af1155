/** What the handlers of the DMP mock share. */
import type { ServiceContext } from "../../core/model/index.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import type { HttpCall } from "../shared/http-listener.js";
import type { AccessBook } from "./access.js";
import type { SoapAnswer } from "./answers.js";
import type { DocumentStore } from "./store.js";

export interface DmpRoom {
  readonly context: ServiceContext;
  readonly store: DocumentStore;
  readonly access: AccessBook;
}

/** Answers one SOAP message. A throw is our fault, never the vendor's. */
export type Handler = (room: DmpRoom, call: HttpCall, envelope: SoapEnvelope) => SoapAnswer;
