/** Writes INSi answers. The usual shape is that of published recordings; `style` gives the variants they also show (ins.md §2.5). */
import { randomUUID } from "node:crypto";
import { INS_NS, INS_OPERATIONS, type InsMode } from "../../protocols/ins.js";
import { SOAP12_NS, WSA_NS } from "../../protocols/soap.js";
import { escapeXml } from "../../protocols/xml.js";
import type { FaultRow } from "./faults.js";
import type { Identity } from "./identities.js";

export interface AnswerStyle {
  /** Prefix of Body and Fault, declared on Body; the envelope keeps `soap`. Published recordings show `S` and `env`. */
  readonly prefix: string;
  /** `DateDeb` and `DateFin` before `IdIndividu`, against the schema, as one published answer has them. */
  readonly datesFirst: boolean;
  /** Leaves these elements of `TIQ`, or `Cle`, out. */
  readonly without: readonly string[];
}

export const USUAL_STYLE: AnswerStyle = { prefix: "S", datesFirst: false, without: [] };

/** What an answer needs to know of its request. */
export interface Asked {
  readonly mode: InsMode | null;
  readonly messageId: string | null;
}

/** Labels are on the wire without accents; whoever matches on them is wrong (ins.md section 2.5). */
const LABELS: Readonly<Record<string, string>> = {
  "00": "OK",
  "01": "Aucune identite trouvee",
  "02": "Plusieurs identites trouvees",
};

/** A functional answer. `identity` goes with code 00 and no other. */
export function writeResult(asked: Asked, code: string, identity: Identity | null, style: AnswerStyle): string {
  const label = LABELS[code] ?? `Code ${code}`;
  const person = identity ? writePerson(identity, style) : "";
  const payload =
    `<RESULTAT xmlns="${INS_NS.result}" xmlns:ns2="${INS_NS.traits}" xmlns:ns3="${INS_NS.vitale}">` +
    `${element("CR", element("CodeCR", escapeXml(code)) + element("LibelleCR", escapeXml(label)))}${person}</RESULTAT>`;
  const action = asked.mode ? `${INS_OPERATIONS[asked.mode].action}Response` : null;
  return envelope(asked, action, payload, style);
}

/** A technical fault (ins.md section 2.6). */
export function writeFault(asked: Asked, fault: FaultRow, style: AnswerStyle): string {
  const echo = asked.messageId === null ? "" : ` messageID="${escapeXml(asked.messageId)}"`;
  const detail = `<siram:Erreur xmlns:siram="${INS_NS.siram}" severite="fatal" code="${escapeXml(fault.code)}"${echo}/>`;
  return envelope(
    asked,
    null,
    soapFault(style.prefix, fault.side, `siram:${fault.subcode}`, fault.text, detail),
    style,
  );
}

/** A fault of SOAP itself: not an envelope, another version, a body nobody knows (SOAP 1.2 part 1, section 5.4). */
export function writeSoapFault(side: "Sender" | "VersionMismatch", text: string): string {
  return envelope({ mode: null, messageId: null }, null, soapFault("S", side, null, text, ""), USUAL_STYLE);
}

function soapFault(prefix: string, side: string, subcode: string | null, text: string, detail: string): string {
  const p = prefix;
  const inner = subcode
    ? `<${p}:Subcode><${p}:Value xmlns:siram="${INS_NS.siram}">${escapeXml(subcode)}</${p}:Value></${p}:Subcode>`
    : "";
  return (
    `<${p}:Fault><${p}:Code><${p}:Value>${p}:${side}</${p}:Value>${inner}</${p}:Code>` +
    `<${p}:Reason><${p}:Text xml:lang="fr">${escapeXml(text)}</${p}:Text></${p}:Reason>` +
    `${detail === "" ? "" : `<${p}:Detail>${detail}</${p}:Detail>`}</${p}:Fault>`
  );
}

/** WS-Addressing headers answer the request's: RelatesTo echoes its MessageID (WS-Addressing 1.0 Core, section 3.4). */
function envelope(asked: Asked, action: string | null, payload: string, style: AnswerStyle): string {
  const headers =
    asked.messageId === null || asked.messageId === ""
      ? ""
      : `<soap:Header>${action ? `<wsa:Action xmlns:wsa="${WSA_NS}">${action}</wsa:Action>` : ""}` +
        `<wsa:MessageID xmlns:wsa="${WSA_NS}">uuid:${randomUUID()}</wsa:MessageID>` +
        `<wsa:RelatesTo xmlns:wsa="${WSA_NS}">${escapeXml(asked.messageId)}</wsa:RelatesTo></soap:Header>`;
  const body = `<${style.prefix}:Body xmlns:${style.prefix}="${SOAP12_NS}">${payload}</${style.prefix}:Body>`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<soap:Envelope xmlns:soap="${SOAP12_NS}">${headers}${body}</soap:Envelope>`
  );
}

function writePerson(identity: Identity, style: AnswerStyle): string {
  const traits: [string, string][] = [
    ["NomNaissance", identity.birthName],
    ["Prenom", identity.firstName],
    ["ListePrenom", identity.birthFirstNames],
    ["Sexe", identity.sex],
    ["DateNaissance", identity.birthDate],
    ["LieuNaissance", identity.birthPlace],
  ];
  const tiq = traits
    .filter(([name]) => !style.without.includes(name))
    .map(([name, value]) => element(name, escapeXml(value)))
    .join("");
  const active = writeNumber(
    "INSACTIF",
    { number: identity.number ?? "", key: identity.key ?? "", oid: identity.oid },
    style,
  );
  const history = identity.history.map((past) => writeNumber("INSHISTO", past, style)).join("");
  return element("INDIVIDU", active + history + element("TIQ", tiq));
}

function writeNumber(
  name: string,
  ins: { number: string; key: string; oid: string; from?: string; to?: string },
  style: AnswerStyle,
): string {
  const key = style.without.includes("Cle") ? "" : element("Cle", escapeXml(ins.key));
  const id = element("IdIndividu", element("NumIdentifiant", escapeXml(ins.number)) + key);
  const oid = element("OID", escapeXml(ins.oid));
  const dates =
    (ins.from ? element("DateDeb", escapeXml(ins.from)) : "") + (ins.to ? element("DateFin", escapeXml(ins.to)) : "");
  return element(name, style.datesFirst ? dates + id + oid : id + oid + dates);
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
