/** Mails and archives made by hand, and what the checks say of them as files. */
import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import { writeZip } from "../../../checks/mss/helpers/edits.js";
import { mssChecks } from "../../../checks/mss/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { CheckResult, Exchange, RecordingView } from "../../../core/model/index.js";

export interface Person {
  readonly birthName: string;
  readonly firstName: string;
  readonly birthDate: string;
  readonly matricule: string | null;
  readonly localId: string;
}

export const ZOE: Person = {
  birthName: "ADRUN",
  firstName: "ZOE",
  birthDate: "19751231",
  matricule: "275126322074974",
  localId: "IPP-0001",
};

export const COMPOUND: Person = {
  birthName: "DE VINCI-ECETINSI",
  firstName: "PIERRE-ALAIN",
  birthDate: "20090714",
  matricule: null,
  localId: "IPP-0005",
};

export const PDF = Buffer.from("%PDF-1.7\nfictitious\n%%EOF\n");

export interface DocumentFacts {
  readonly person: Person;
  readonly id: string;
  readonly code: string;
  readonly label: string;
  readonly time: string;
  readonly pdf: Buffer;
  /** Further elements before the body. */
  readonly more: string;
}

export function document(change: Partial<DocumentFacts> = {}): DocumentFacts {
  return {
    person: ZOE,
    id: "2.25.100",
    code: "11488-4",
    label: "CR ou fiche de consultation ou de visite",
    time: "20240102003000+0100",
    pdf: PDF,
    more: "",
    ...change,
  };
}

export function cda({ person, id, code, label, time, pdf, more }: DocumentFacts): Buffer {
  const ins = person.matricule ? `<id root="1.2.250.1.213.1.4.10" extension="${person.matricule}"/>` : "";
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="${id}"/>
<code code="${code}" displayName="${label}" codeSystem="2.16.840.1.113883.6.1"/><effectiveTime value="${time}"/>
<recordTarget><patientRole>${ins}<id root="2.25.9" extension="${person.localId}"/><patient>
<name><family qualifier="BR">${person.birthName}</family><given>${person.firstName}</given>
<given qualifier="BR">${person.firstName}</given></name>
<administrativeGenderCode code="F"/><birthTime value="${person.birthDate}"/></patient></patientRole></recordTarget>${more}
<component><nonXMLBody><text mediaType="application/pdf" representation="B64">${pdf.toString("base64")}</text></nonXMLBody></component>
</ClinicalDocument>`);
}

function patientCx({ matricule, localId }: Person): string {
  const cx = matricule ? `${matricule}^^^&1.2.250.1.213.1.4.10&ISO^NH` : `${localId}^^^&2.25.9&ISO^PI`;
  return cx.replaceAll("&", "&amp;");
}

function utc(time: string): string {
  const [, y, mo, d, h, mi, s, sign, oh, om] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([+-])(\d\d)(\d\d)$/.exec(time) ?? [];
  const offset = (Number(oh) * 60 + Number(om)) * (sign === "-" ? -1 : 1) * 60_000;
  const instant = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) - offset;
  return new Date(instant).toISOString().replace(/\D/g, "").slice(0, 14);
}

function entry(facts: DocumentFacts, name: string): string {
  const bytes = cda(facts);
  const slot = (slotName: string, value: string): string =>
    `<rim:Slot name="${slotName}"><rim:ValueList><rim:Value>${value}</rim:Value></rim:ValueList></rim:Slot>`;
  const external = (scheme: string, value: string): string =>
    `<rim:ExternalIdentifier identificationScheme="urn:uuid:${scheme}" value="${value}"/>`;
  return `<rim:ExtrinsicObject id="${name}" mimeType="text/xml">
${slot("creationTime", utc(facts.time))}${slot("hash", createHash("sha1").update(bytes).digest("hex"))}${slot("size", String(bytes.length))}${slot("URI", name)}
<rim:Classification classificationScheme="urn:uuid:f0306f51-975f-434e-a61c-c59651d33983" nodeRepresentation="${facts.code}"/>
${external("58a6f841-87b3-4a3e-92fd-a8ffeff98427", patientCx(facts.person))}${external("2e82c1f6-a085-4c72-9da3-8640a32e42ab", facts.id)}
</rim:ExtrinsicObject>`;
}

export type Files = Record<string, Buffer>;

export function archiveFiles(documents: readonly DocumentFacts[]): Files {
  const files: Files = { "README.TXT": Buffer.from("r"), "INDEX.HTM": Buffer.from("<html/>") };
  const names = documents.map((_, index) => `DOC000${index + 1}.XML`);
  const entries = documents.map((facts, index) => entry(facts, names[index] ?? ""));
  files["IHE_XDM/SUBSET01/METADATA.XML"] = Buffer.from(
    `<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><rim:RegistryObjectList>${entries.join("")}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>`,
  );
  for (const [index, facts] of documents.entries()) files[`IHE_XDM/SUBSET01/${names[index]}`] = cda(facts);
  return files;
}

export const zip = (files: Files): Buffer => writeZip(Object.entries(files));

/** A conforming mail with these documents; members of `change` replace those of the nodemailer message. */
export function mail(documents: readonly DocumentFacts[], change: Record<string, unknown> = {}): Promise<Buffer> {
  const [first] = documents;
  const person = first?.person ?? ZOE;
  const date = person.birthDate.replace(/(\d{4})(\d\d)(\d\d)/, "$3/$2/$1");
  const label = documents.length === 1 ? first?.label.slice(0, 40) : `${documents.length} documents`;
  const codes = documents.map(({ code }) => code).join(",");
  const options = {
    from: { name: "DR_Camille_EXEMPLE_Cabinet", address: "camille.exemple@cabinet-demo.mssante.example" },
    to: "dominique.essai@cabinet-demo.mssante.example",
    subject: `XDM/1.0/DDM+${label} ${person.birthName} ${person.firstName} ${date}`,
    text: "Bonjour, voici le compte rendu demandé. À bientôt.",
    headers: {
      "X-MSS-NIL": "3734",
      ...(documents.length > 0 ? { "X-MSS-INS": person.matricule ? "O" : "N", "X-MSS-CODECDA": codes } : {}),
    },
    attachments: [
      { filename: "IHE_XDM.zip", content: zip(archiveFiles(documents)), contentType: "application/zip" },
      ...documents.map(({ pdf }) => ({
        filename: `20240102_Compte rendu médical_${person.birthName}_${person.firstName}.pdf`,
        content: pdf,
        contentType: "application/pdf",
      })),
    ].slice(documents.length > 0 ? 0 : 1),
    ...change,
  };
  return new Promise((resolve, reject) => {
    new MailComposer(options).compile().build((error: Error | null, message: Buffer) => {
      if (error) reject(error);
      else resolve(message);
    });
  });
}

export function fileView(files: readonly { readonly operation: string; readonly bytes: Uint8Array }[]): RecordingView {
  return {
    meta: { format: "segur-recording/1", id: "test", startedAt: "2026-11-21T18:30:00.000Z" },
    connections: [],
    exchanges: files.map(({ operation, bytes }, index): Exchange => {
      const id = `x000${index + 1}`;
      return {
        id,
        connection: "c0001",
        direction: "in",
        service: "file",
        operation,
        scenario: null,
        startedAt: `2026-11-21T18:30:0${index}.000Z`,
        endedAt: null,
        request: { stream: `${id}.in`, start: 0, end: bytes.length },
        response: null,
        complete: true,
        faults: [],
        requestBytes: bytes,
        responseBytes: null,
        conn: null,
      };
    }),
    events: [],
    runs: [],
  };
}

/** Outcomes and messages of every check of the slice over files. */
export function judgeFiles(...files: readonly { readonly operation: string; readonly bytes: Uint8Array }[]): {
  readonly outcomes: ReadonlyMap<string, CheckResult["outcome"]>;
  /** `check message`, sorted. */
  readonly said: readonly string[];
} {
  const thrown: unknown[] = [];
  const results = evaluate(
    fileView(files),
    mssChecks.map((check) => ({ check, planned: true })),
    (_check, error) => thrown.push(error),
  );
  if (thrown.length > 0) throw thrown[0];
  return {
    outcomes: new Map(results.map((result) => [result.id, result.outcome])),
    said: results.flatMap((result) => result.findings.map((f) => `${f.check.slice(4)} ${f.message}`)).sort(),
  };
}

export const asMail = (bytes: Uint8Array) => ({ operation: "file.mail", bytes });
export const asArchive = (bytes: Uint8Array) => ({ operation: "file.xdm", bytes });
