/**
 * INSi, the national identity teleservice: its requests and answers, its trait rules. Facts: domain notes ins.md,
 * sections 2 and 3 (contract DESIR_ICIR_EXP 1.5.0 as published with an open client).
 */
import { readSoapEnvelope, type SoapEnvelope } from "./soap.js";
import { attr, child, children, elements, text, trimmed, type XmlNode } from "./xml.js";

export const INS_NS = {
  traits: "http://www.cnamts.fr/INSiRecSans",
  vitale: "http://www.cnamts.fr/INSiRecVit",
  result: "http://www.cnamts.fr/INSiResultat",
  bam: "urn:siram:bam:ctxbam",
  lps: "urn:siram:lps:ctxlps",
  siram: "urn:siram",
} as const;

export type InsMode = "traits" | "vitale";

/** Body element and WS-Addressing action of each search (ins.md section 2.1). */
export const INS_OPERATIONS: Readonly<Record<InsMode, { readonly element: string; readonly action: string }>> = {
  traits: { element: "RECSANSVITALE", action: "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite" },
  vitale: { element: "RECVITALE", action: "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale" },
};

/** OIDs an INS may carry (ins.md section 3.4). */
export const INS_OIDS = {
  nir: "1.2.250.1.213.1.4.8",
  nia: "1.2.250.1.213.1.4.9",
  nirTest: "1.2.250.1.213.1.4.10",
  nirDemo: "1.2.250.1.213.1.4.11",
} as const;

/** A context header (`ContexteBAM`, `ContexteLPS`). Members are null when absent, "" when empty. */
export interface InsContext {
  readonly version: string | null;
  readonly nature: string | null;
  readonly id: string | null;
  readonly time: string | null;
  readonly sender: string | null;
  readonly node: XmlNode;
}

/** Body of a trait search as written: untouched values, one entry of `firstNames` per `Prenom` element. */
export interface InsTraits {
  readonly birthName: string | null;
  readonly firstNames: readonly string[];
  readonly sex: string | null;
  readonly birthDate: string | null;
  readonly birthPlace: string | null;
}

/** Body of a card search; numbers are the 13 characters, keys the two digits. */
export interface InsCardSearch {
  readonly own: { readonly number: string | null; readonly key: string | null } | null;
  readonly insured: { readonly number: string | null; readonly key: string | null } | null;
  readonly birthName: string | null;
  readonly birthDate: string | null;
  readonly birthRank: string | null;
}

export interface InsRequest {
  readonly soap: SoapEnvelope;
  /** Which search the body asks for; null when it is neither. */
  readonly mode: InsMode | null;
  readonly bam: InsContext | null;
  readonly lps: InsContext | null;
  readonly traits: InsTraits | null;
  readonly card: InsCardSearch | null;
}

/** An INS as answered: `number` 13 characters, `key` two digits or null. */
export interface InsNumber {
  readonly number: string | null;
  readonly key: string | null;
  readonly oid: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** Traits as INSi holds them (`TIQ`); `birthFirstNames` is the whole list, separated by spaces. */
export interface InsAnsweredTraits {
  readonly birthName: string | null;
  readonly firstName: string | null;
  readonly birthFirstNames: string | null;
  readonly sex: string | null;
  readonly birthDate: string | null;
  readonly birthPlace: string | null;
}

export interface InsAnswer {
  readonly soap: SoapEnvelope;
  /** `CodeCR`: 00 found, 01 nobody, 02 several; null for a fault or anything else. */
  readonly code: string | null;
  readonly label: string | null;
  readonly active: InsNumber | null;
  readonly history: readonly InsNumber[];
  readonly traits: InsAnsweredTraits | null;
  readonly fault: InsFault | null;
}

export interface InsFault {
  /** `Receiver` or `Sender`. */
  readonly side: string | null;
  /** Local name of the subcode, such as `siram_40`. */
  readonly subcode: string | null;
  /** `@code` of the detail, such as `insi_102`. */
  readonly code: string | null;
  readonly severity: string | null;
  readonly messageId: string | null;
}

/** Reads a request. Throws SoapError, and nothing else, on whatever bytes. */
export function readInsRequest(body: Uint8Array, contentType: string | null): InsRequest {
  const soap = readSoapEnvelope(body, contentType, { maxBytes: 1024 * 1024 });
  const payload = soap.payload;
  const mode = (["traits", "vitale"] as const).find(
    (m) => payload?.name === INS_OPERATIONS[m].element && payload.ns === INS_NS[m],
  );
  return {
    soap,
    mode: mode ?? null,
    bam: readContext(child(soap.header, "ContexteBAM", INS_NS.bam)),
    lps: readContext(child(soap.header, "ContexteLPS", INS_NS.lps)),
    traits: payload && mode === "traits" ? readTraits(payload) : null,
    card: payload && mode === "vitale" ? readCardSearch(payload) : null,
  };
}

/** Reads an answer: a result, or a fault. Throws SoapError, and nothing else, on whatever bytes. */
export function readInsAnswer(body: Uint8Array, contentType: string | null): InsAnswer {
  const soap = readSoapEnvelope(body, contentType, { maxBytes: 1024 * 1024 });
  const result = soap.payload?.name === "RESULTAT" && soap.payload.ns === INS_NS.result ? soap.payload : null;
  const cr = child(result, "CR");
  const person = child(result, "INDIVIDU");
  const active = child(person, "INSACTIF");
  const tiq = child(person, "TIQ");
  return {
    soap,
    code: trimmed(child(cr, "CodeCR")),
    label: trimmed(child(cr, "LibelleCR")),
    active: active ? readNumber(active) : null,
    history: children(person, "INSHISTO").map(readNumber),
    traits: tiq
      ? {
          birthName: text(child(tiq, "NomNaissance")),
          firstName: text(child(tiq, "Prenom")),
          birthFirstNames: text(child(tiq, "ListePrenom")),
          sex: text(child(tiq, "Sexe")),
          birthDate: text(child(tiq, "DateNaissance")),
          birthPlace: text(child(tiq, "LieuNaissance")),
        }
      : null,
    fault: readFault(soap),
  };
}

function readContext(node: XmlNode | null): InsContext | null {
  if (!node) return null;
  return {
    version: attr(node, "Version"),
    nature: attr(node, "Nature"),
    id: trimmed(child(node, "Id")),
    time: trimmed(child(node, "Temps")),
    sender: trimmed(child(node, "Emetteur")),
    node,
  };
}

function readTraits(node: XmlNode): InsTraits {
  return {
    birthName: text(child(node, "NomNaissance")),
    firstNames: children(node, "Prenom").map((name) => text(name) ?? ""),
    sex: text(child(node, "Sexe")),
    birthDate: text(child(node, "DateNaissance")),
    birthPlace: text(child(node, "LieuNaissance")),
  };
}

function readCardSearch(node: XmlNode): InsCardSearch {
  const number = (name: string) => {
    const holder = child(node, name);
    if (!holder) return null;
    return { number: trimmed(child(holder, "NumIdentifiant")), key: trimmed(child(holder, "Cle")) };
  };
  return {
    own: number("MatriculeIndividu"),
    insured: number("MatriculeOD"),
    birthName: text(child(node, "NomNaissance")),
    birthDate: text(child(node, "DateNaissance")),
    birthRank: text(child(node, "RangNaissance")),
  };
}

function readNumber(node: XmlNode): InsNumber {
  const id = child(node, "IdIndividu");
  return {
    number: trimmed(child(id, "NumIdentifiant")),
    key: trimmed(child(id, "Cle")),
    oid: trimmed(child(node, "OID")),
    from: trimmed(child(node, "DateDeb")),
    to: trimmed(child(node, "DateFin")),
  };
}

function readFault(soap: SoapEnvelope): InsFault | null {
  if (!soap.fault) return null;
  const detail = elements(soap.fault.detail ?? soap.fault.node).find(
    (n) => n.name === "Erreur" && n.ns === INS_NS.siram,
  );
  return {
    side: soap.fault.code,
    subcode: soap.fault.subcodes[0] ?? null,
    code: attr(detail, "code"),
    severity: attr(detail, "severite"),
    messageId: attr(detail, "messageID"),
  };
}

/** First names of a search as one list, whether written one per element or all in one (ins.md section 2.4: both are seen). */
export function firstNameList(traits: InsTraits): string[] {
  return traits.firstNames.flatMap((name) => name.trim().split(/\s+/)).filter((name) => name !== "");
}

/**
 * A name as INSi writes it: capitals, no accent, no ligature, straight apostrophes, single spaces (ins.md section 3.1).
 * Hyphens and apostrophes are kept.
 */
export function normaliseName(name: string): string {
  // Marks and case first: a ligature may bear an accent, and capitals of some letters are several characters.
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toUpperCase()
    .replace(/Œ/g, "OE")
    .replace(/Æ/g, "AE")
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/[‐‑‒–]/g, "-")
    .replace(/\s+/g, " ")
    .trim();
}

/** Letters, with single spaces, apostrophes, hyphens or double hyphens between them (ins.md section 3.1). */
export function isNormalisedName(name: string): boolean {
  return /^[A-Z]+(?:(?:-{1,2}|[' ])[A-Z]+)*$/.test(name);
}

/** `YYYY-MM-DD`; `00` stands for an unknown month or day (ins.md section 3.2). */
export function isInsDate(date: string): boolean {
  return /^\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])$/.test(date);
}

/** Official geographic code: five characters, Corsica with a letter (ins.md section 3.2). */
export function isPlaceCode(code: string): boolean {
  return /^(?:\d{5}|2[AB]\d{3})$/.test(code);
}

/** Key of the 13 characters, two digits; null when they are not those of a NIR (ins.md section 3.3). */
export function nirKey(number: string): string | null {
  if (!/^\d{5}(?:\d{2}|2[AB])\d{6}$/.test(number)) return null;
  const digits = number.replace(/^(\d{5})2A/, "$119").replace(/^(\d{5})2B/, "$118");
  return String(97n - (BigInt(digits) % 97n)).padStart(2, "0");
}
