/**
 * Uploads as the reference vendor writes them, without a network: its own CDA and ebRIM, framed as MTOM here. The vendor
 * shares no code with our readers, so these are bytes they did not shape.
 */

import type { ExchangeRecord, PatientFacts, RecordingView } from "../../../core/model/index.js";
import { type RecordingRecords, type StreamSource, viewOf } from "../../../core/record/reader.js";
import type { DefectId } from "../../../fixtures/vendors/reference/defects.js";
import { type HealthDocument, makeDocument } from "../../../fixtures/vendors/reference/document.js";
import { newOid } from "../../../fixtures/vendors/reference/identifiers.js";
import { type EntryChanges, writeMetadata } from "../../../fixtures/vendors/reference/metadata.js";
import type { Office } from "../../../fixtures/vendors/reference/office.js";

export const PATIENT: PatientFacts = {
  key: "adrtrois-dominique",
  status: "QUAL",
  birthName: "ADRTROIS",
  firstName: "DOMINIQUE",
  birthFirstNames: "DOMINIQUE",
  sex: "F",
  birthDate: "1997-02-26",
  birthPlace: "2A020",
  ins: { matricule: "297022A02077878", oid: "1.2.250.1.213.1.4.10" },
  localId: "IPP-0002",
};

const AUTHOR = {
  nationalId: "899900000011",
  familyName: "EXEMPLE",
  givenName: "CAMILLE",
  civility: "MME",
  title: "DR",
  professionCode: "10",
  skillCode: "SM26",
  structure: { id: "499900000011001", name: "CABINET DE DEMONSTRATION", sector: "SA07" },
  since: null,
};

export interface Upload {
  readonly scenario: string;
  readonly document: HealthDocument;
  readonly request: Buffer;
}

/** A document of the vendor, with its defect if one is named. */
export function document(defect?: DefectId, title = "CR de consultation"): Promise<HealthDocument> {
  const office = {
    settings: { product: { instance: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", name: "segur-reference" } },
    misbehaves: (id: DefectId) => id === defect,
  } as unknown as Office;
  return makeDocument(office, PATIENT, AUTHOR, { typeCode: "11488-4", title, text: "Compte rendu fictif." });
}

export async function upload(
  options: {
    readonly scenario?: string;
    readonly defect?: DefectId;
    readonly title?: string;
    readonly changes?: EntryChanges;
    readonly setId?: string;
    readonly stamp?: (instant: Date) => string;
  } = {},
): Promise<Upload> {
  const made = await document(options.defect, options.title);
  const metadata = writeMetadata({
    uniqueId: options.setId ?? newOid(),
    sourceId: "2.25.84120393741273098471029",
    entries: [{ document: made, id: "Document01", changes: options.changes ?? {} }],
    time: made.made,
    ...(options.stamp ? { stamp: options.stamp } : {}),
  });
  const xml = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><x:ProvideAndRegisterDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007">${metadata}<x:Document id="Document01"><xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:doc@cabinet.invalid"/></x:Document></x:ProvideAndRegisterDocumentSetRequest></s:Body></s:Envelope>`;
  const body = Buffer.concat([
    Buffer.from(
      `--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\nContent-ID: <root@cabinet.invalid>\r\n\r\n${xml}\r\n--b\r\nContent-Type: text/xml\r\nContent-ID: <doc@cabinet.invalid>\r\n\r\n`,
    ),
    made.cda,
    Buffer.from("\r\n--b--\r\n"),
  ]);
  const head = `POST /repository HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/related; type="application/xop+xml"; start="<root@cabinet.invalid>"; boundary="b"\r\nContent-Length: ${body.length}\r\n\r\n`;
  return {
    scenario: options.scenario ?? "dmp-submit",
    document: made,
    request: Buffer.concat([Buffer.from(head), body]),
  };
}

const ACCEPTED = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><rs:RegistryResponse xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"/></s:Body></s:Envelope>`;

export interface Recorded {
  readonly records: RecordingRecords;
  readonly source: StreamSource;
  readonly view: RecordingView;
}

/** The uploads as a recording, each accepted, received one second after the document was made. */
export function recorded(...uploads: readonly Upload[]): Recorded {
  const streams = new Map<string, Uint8Array>();
  const answer = Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: ${ACCEPTED.length}\r\n\r\n${ACCEPTED}`,
  );
  const exchanges = uploads.map(({ scenario, document: made, request }, index): ExchangeRecord => {
    const [input, output] = [`c000${index + 1}.in`, `c000${index + 1}.out`];
    streams.set(input, request);
    streams.set(output, answer);
    const startedAt = new Date(made.made.getTime() + 1000 * (index + 1)).toISOString();
    return {
      id: `x000${index + 1}`,
      connection: `c000${index + 1}`,
      direction: "in",
      service: "dmp",
      operation: "dmp.submit",
      scenario: `${scenario}#1`,
      startedAt,
      endedAt: startedAt,
      request: { stream: input, start: 0, end: request.length },
      response: { stream: output, start: 0, end: answer.length },
      complete: true,
      faults: [],
    };
  });
  const scenarios = [...new Set(uploads.map(({ scenario }) => scenario))];
  const records: RecordingRecords = {
    meta: { format: "segur-recording/1", id: "test", startedAt: "2026-11-21T18:30:00.000Z" },
    connections: [],
    exchanges,
    segments: [],
    events: scenarios.map((id, index) => ({
      id: `e000${index + 1}`,
      at: "2026-11-21T18:30:00.000Z",
      kind: "scenario.open",
      scenario: `${id}#1`,
      exchange: null,
      data: {
        facts: {
          id,
          attempt: 1,
          services: ["dmp"],
          patient: PATIENT,
          professional: null,
          values: {},
          control: null,
          faults: [],
          driverCan: [],
        },
      },
    })),
  };
  const source: StreamSource = (stream) => streams.get(stream) ?? null;
  return { records, source, view: viewOf(records, source) };
}
