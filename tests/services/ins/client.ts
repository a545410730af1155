/** A plain INSi caller for tests: builds envelopes by hand and speaks HTTPS with a client certificate. */
import https from "node:https";
import type { PkiMaterial, PkiRole } from "../../../core/model/index.js";

export interface CallOptions {
  readonly role?: PkiRole | null;
  readonly path?: string;
  readonly method?: string;
  readonly contentType?: string;
  /** Aborts after that many ms. */
  readonly timeout?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export function callIns(pki: PkiMaterial, port: number, body: string, options: CallOptions = {}): Promise<Answer> {
  const role = options.role === undefined ? "insi" : options.role;
  const client = role ? { key: pki.roles[role].keyPem, cert: pki.roles[role].certPem } : {};
  return new Promise((resolve, reject) => {
    const req = https.request(
      {
        host: "127.0.0.1",
        port,
        servername: "localhost",
        path: options.path ?? "/lps",
        method: options.method ?? "POST",
        ca: pki.caBundlePem,
        agent: false,
        ...client,
        headers: {
          "content-type": options.contentType ?? "application/soap+xml; charset=utf-8",
          "content-length": Buffer.byteLength(body),
        },
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("error", reject);
        res.on("aborted", () => reject(new Error("aborted")));
        res.on("end", () =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    req.on("error", reject);
    if (options.timeout) req.setTimeout(options.timeout, () => req.destroy(new Error("client timeout")));
    req.end(body);
  });
}

export interface TraitSearch {
  readonly name?: string;
  /** One entry per `Prenom` element. */
  readonly firstNames?: readonly string[];
  readonly sex?: string;
  readonly date?: string;
  readonly place?: string;
}

const ZOE = { name: "ADRUN", firstNames: ["ZOE"], sex: "F", date: "1975-12-31" } as const;

/** Envelope of a trait search, in the shape an open client sends it (ins.md section 2.3). */
export function traitSearch(
  search: TraitSearch = ZOE,
  messageId = "uuid:7f4a0d2e-6f0e-4d0f-9d51-0d2c5f5f0001",
): string {
  const s = { ...search };
  const el = (name: string, value: string | undefined) =>
    value === undefined ? "" : `<t:${name}>${value}</t:${name}>`;
  const body =
    el("NomNaissance", s.name) +
    (s.firstNames ?? []).map((name) => el("Prenom", name)).join("") +
    el("Sexe", s.sex) +
    el("DateNaissance", s.date) +
    el("LieuNaissance", s.place);
  return envelope(
    "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite",
    messageId,
    "<c:COUVERTURE/>",
    `<t:RECSANSVITALE xmlns:t="http://www.cnamts.fr/INSiRecSans">${body}</t:RECSANSVITALE>`,
  );
}

export function cardSearch(
  number: string,
  key: string,
  messageId = "uuid:7f4a0d2e-6f0e-4d0f-9d51-0d2c5f5f0002",
): string {
  return envelope(
    "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale",
    messageId,
    `<c:COUVERTURE><c:ASSURE><c:Id><c:Num>${number}</c:Num></c:Id></c:ASSURE></c:COUVERTURE>`,
    `<v:RECVITALE xmlns:v="http://www.cnamts.fr/INSiRecVit"><v:MatriculeOD><v:NumIdentifiant>${number}</v:NumIdentifiant>` +
      `<v:Cle>${key}</v:Cle></v:MatriculeOD><v:RangNaissance>1</v:RangNaissance></v:RECVITALE>`,
  );
}

function envelope(action: string, messageId: string, couverture: string, body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header>' +
    `<a:Action>${action}</a:Action><a:MessageID>${messageId}</a:MessageID>` +
    '<c:ContexteBAM xmlns:c="urn:siram:bam:ctxbam" Version="01_02" Nature="CTXBAM"><c:Id>0f0e</c:Id>' +
    `<c:Temps>2026-11-21T10:00:00Z</c:Temps>${couverture}</c:ContexteBAM>` +
    '<l:ContexteLPS xmlns:l="urn:siram:lps:ctxlps" Version="01_00" Nature="CTXLPS"><l:Id>1a2b</l:Id>' +
    '<l:Temps>2026-11-21T10:00:00Z</l:Temps><l:LPS><l:IDAM R="4">AT00000000</l:IDAM><l:Version>1.0</l:Version>' +
    "<l:Instance>00000000-0000-4000-8000-000000000001</l:Instance><l:Nom>urn:lps:test:1.0</l:Nom></l:LPS></l:ContexteLPS>" +
    `</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}
