/** TD0.3: the professional adds or removes the own access authorisation. Shapes of Habilitations.wsdl 1.0.0 (editor kit). */
import type { SoapEnvelope } from "../../protocols/soap.js";
import { child, escapeXml, trimmed } from "../../protocols/xml.js";
import { readVihf, securityAssertions } from "../../protocols/saml.js";
import { callerOf, patientKeyOf } from "./access.js";
import { notServed, type SoapAnswer, soapAnswer, soapFault } from "./answers.js";
import { scriptedSoapFault, takeFault, textArg, unknownFault } from "./faults.js";
import type { DmpRoom, Handler } from "./room.js";
import { refusedSigner } from "./signer.js";

const NS = "urn:si-dmp-habilitations";
const ANSWER_ACTION = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorizationResponse";
/** As every sample answer of the kit writes it; its code compares it in both cases. */
const DONE = "DMPOk";

export const setAuthorisation: Handler = (room, call, envelope) => {
  const payload = envelope.payload;
  if (payload?.name !== "setAuthorization" || payload.ns !== NS) return notServed(call, envelope);
  const fault = takeFault(room, call, "authorise");
  const faulted = scriptedSoapFault(envelope, fault) ?? refusedSigner(envelope);
  if (faulted) return faulted;
  if (fault) {
    if (fault.kind !== "status") throw unknownFault(fault);
    return written(envelope, textArg(fault, "status", DONE), textArg(fault, "context", ""));
  }
  const value = (name: string): string | null => trimmed(child(payload, name, NS));
  const outcome = change(room, envelope, value("action"), value("role"));
  return outcome.done ? written(envelope, DONE, outcome.says) : soapFault(envelope, "Sender", null, outcome.says);
};

function written(envelope: SoapEnvelope, status: string, context: string): SoapAnswer {
  const text = `<hab:status>${escapeXml(status)}</hab:status><hab:context>${escapeXml(context)}</hab:context>`;
  const payload = `<hab:setAuthorizationResponse xmlns:hab="${NS}"><hab:output>${text}</hab:output></hab:setAuthorizationResponse>`;
  return soapAnswer(envelope, ANSWER_ACTION, payload);
}

interface Outcome {
  readonly done: boolean;
  /** Sentence of the context, or of the fault. */
  readonly says: string;
}

/** The patient is that of the VIHF: the request itself names nobody. */
function change(room: DmpRoom, envelope: SoapEnvelope, action: string | null, role: string | null): Outcome {
  const { access, context } = room;
  const { nationalId, mode, purpose } = callerOf(envelope);
  const assertion = securityAssertions(envelope)[0];
  const resource = (assertion ? readVihf(assertion)?.resourceId : null) ?? null;
  const key = patientKeyOf(context.patients, resource);
  const file = context.patients.find((p) => p.key === key)?.dmp ?? "none";
  if (action !== "AJOUT" && action !== "SUPPRESSION") return refused("L'action demandée n'est pas connue.");
  if (key === null || file === "none") return refused("Ce patient n'a pas de DMP.");
  if (file === "closed") return refused("Le DMP de ce patient est fermé.");
  if (nationalId === null) return refused("Le jeton VIHF ne désigne pas de professionnel.");
  if (mode === "INDIRECTE") return refused("Cette transaction n'est pas ouverte au mode d'authentification indirecte.");
  if (purpose !== null && purpose !== "normal") return refused("Cette transaction demande le mode d'accès normal.");
  if (action === "AJOUT") {
    const state = access.authorisation(key, nationalId);
    if (state === "denied" || access.choices(key).blocked.includes(nationalId)) {
      return refused("Le patient a bloqué l'accès de ce professionnel à son DMP.");
    }
    if (state === "valid") return { done: true, says: "Autorisation déjà présente." };
    access.setAuthorisation(key, nationalId, "valid");
    return { done: true, says: "Autorisation ajoutée." };
  }
  if (role === "MEDECIN_TRAITANT") {
    const attending = access.choices(key).attending.filter((id) => id !== nationalId);
    access.choose(key, { attending });
    return { done: true, says: "Le professionnel n'est plus médecin traitant." };
  }
  access.setAuthorisation(key, nationalId, "none");
  return { done: true, says: "Autorisation supprimée." };
}

function refused(says: string): Outcome {
  return { done: false, says };
}
