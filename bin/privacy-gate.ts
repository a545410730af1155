/** The privacy gate: no person's number, token or private key leaves in a bundle or a dossier (docs/privacy-gate.md). */
import type { ByteRange, ChallengeFacts, Exchange, RecordingView } from "../core/model/index.js";
import { type Problem, refuse } from "../core/plan/problems.js";
import { type BundleManifest, NAMES } from "../core/seal/bundle/manifest.js";
import type { Layer, LayerLimits } from "../protocols/deep-bytes.js";
import { pdfText } from "../protocols/document-text/pdf.js";
import {
  type PrivateFound,
  type PrivateForm,
  type PrivateHit,
  scanPrivate,
  type Weight,
} from "../protocols/private-scan.js";
import type { Identities } from "../services/shared/identities.js";
import { type KnownFictitious, knownOf } from "./privacy-known.js";
import { type Area, weigh } from "./privacy-rules.js";

/** Places named at once; whoever mends them runs again anyway. */
const MOST_NAMED = 20;

export interface GateFacts {
  readonly view: RecordingView;
  /** As the fixtures have them. */
  readonly identities: Identities;
  readonly challenge: ChallengeFacts | null;
  /** Names in the bundle are ours: which proof and which file of the user each is. */
  readonly proofs: BundleManifest["proofs"];
}

export interface GateReport {
  /** What could not be looked into (an encrypted archive, a bound that was hit), one line each: the user must know. */
  readonly unseen: readonly string[];
  /** What may be private and may be harmless, one line each. */
  readonly told: readonly string[];
}

/** Something found in a file, and where; nothing of it is shown whole. */
export interface PrivateFinding extends PrivateFound {
  readonly file: string;
}

interface UnseenPlace {
  readonly file: string;
  readonly offset: number;
  readonly via: readonly string[];
  readonly reason: string;
}

/**
 * `files`: everything that is to leave, by name. Throws MistakesError ERR_SEAL that says where each number, token or key stands.
 */
export async function demandFictitious(files: ReadonlyMap<string, Uint8Array>, facts: GateFacts): Promise<GateReport> {
  const { view, identities, challenge, proofs } = facts;
  const known = knownOf(view, identities, challenge);
  const { findings, unseen } = await search(files, known, (file) =>
    file.startsWith(NAMES.proofs) ? "proof" : "recording",
  );
  const exchangeAt = exchangesByPlace(view);
  const ownerOf = (file: string, offset: number): string | null => {
    const proof = proofs.find((one) => one.file === file);
    return proof ? `${proof.id}, ${proof.name}` : exchangeAt(file, offset);
  };
  const place = (file: string, offset: number, via: readonly string[]) => placeOf(file, offset, via, ownerOf);
  refuse(
    "ERR_SEAL",
    findings
      .filter(({ weight }) => weight === "blocks")
      .slice(0, MOST_NAMED)
      .map(({ file, offset, form, shown, via }): Problem => ({
        what: `${WHAT[form]}: ${shown}`,
        where: place(file, offset, via),
        mend: mendOf(form, file.startsWith(NAMES.proofs)),
      })),
  );
  return {
    unseen: unseen.map(({ file, offset, via, reason }) => `${place(file, offset, via)} [${reason}]`),
    told: onceEach(findings).map(
      ({ file, offset, form, shown, via }) => `${place(file, offset, via)} [${form} ${shown}]`,
    ),
  };
}

/** The same over proofs alone, before there is anything to seal: `files` by whatever names the caller has. Never throws. */
export async function findPrivate(
  files: ReadonlyMap<string, Uint8Array>,
  known: KnownFictitious,
): Promise<PrivateFinding[]> {
  return (await search(files, known, () => "proof")).findings;
}

/** The gate of a dossier, where there is no recording to seal. Throws MistakesError ERR_DOSSIER. */
export async function demandFictitiousProofs(
  files: ReadonlyMap<string, Uint8Array>,
  known: KnownFictitious,
): Promise<void> {
  const findings = await findPrivate(files, known);
  refuse(
    "ERR_DOSSIER",
    findings
      .filter(({ weight }) => weight === "blocks")
      .slice(0, MOST_NAMED)
      .map(({ file, offset, form, shown, via }): Problem => ({
        what: `${WHAT[form]}: ${shown}`,
        where: `${file}:${offset}${via.length > 0 ? ` ${via.join(" > ")}` : ""}`,
        mend: "Replace this file (segur dossier remove, then add), and revoke what was shown if it is a secret.",
      })),
  );
}

/** `findPrivate` and what could not be looked into. */
async function search(
  files: ReadonlyMap<string, Uint8Array>,
  known: KnownFictitious,
  areaOf: (file: string) => Area,
): Promise<{ readonly findings: PrivateFinding[]; readonly unseen: UnseenPlace[] }> {
  const findings: PrivateFinding[] = [];
  const unseen: UnseenPlace[] = [];
  for (const [file, bytes] of files) {
    const area = areaOf(file);
    const pdfs: Layer[] = [];
    const judge = (hit: PrivateHit): Weight | null => weigh(hit, area, known);
    const onLayer = (layer: Layer): void => {
      if (area === "proof" && pdfs.length < MOST_PDFS && mayHoldText(layer.bytes)) pdfs.push(layer);
    };
    const scan = scanPrivate(bytes, { judge, onLayer });
    const found = [...scan.found];
    unseen.push(...scan.unseen.map((one) => ({ file, ...one })));
    for (const pdf of pdfs) {
      const text = await pdfText(pdf.bytes, MOST_PDF_TEXT);
      const offset = pdf.origin(0);
      if (text === null) unseen.push({ file, offset, via: pdf.via, reason: "pdf_text" });
      else found.push(...inPdfText(text, pdf, judge).filter((hit) => !found.some((one) => isSame(one, hit))));
    }
    findings.push(...found.map((one) => ({ file, ...one })));
  }
  return { findings, unseen };
}

/** PDFs of one proof whose text is read: each takes a thread. */
const MOST_PDFS = 20;
const MOST_PDF_TEXT = 20_000_000;
const PDF_HEAD = Buffer.from("%PDF-");
/** What else a text may be hidden in stands in the bytes of the PDF too: here only the text itself is looked at. */
const TEXT_ONLY: Partial<LayerLimits> = { maxDepth: 1 };

/** A PDF that names a font, or that may name one inside a compressed object. */
function mayHoldText(bytes: Buffer): boolean {
  return bytes.subarray(0, 1024).includes(PDF_HEAD) && (bytes.includes("/Font") || bytes.includes("/ObjStm"));
}

function inPdfText(text: string, pdf: Layer, judge: (hit: PrivateHit) => Weight | null): PrivateFound[] {
  const offset = pdf.origin(0);
  const { found } = scanPrivate(Buffer.from(text, "utf8"), { judge, limits: TEXT_ONLY });
  return found.map((one) => ({ ...one, offset, via: [...pdf.via, "pdf-text", ...one.via] }));
}

/** What the bytes of the PDF already showed is not told again for its text. */
function isSame(a: PrivateFound, b: PrivateFound): boolean {
  return a.kind === b.kind && a.shown === b.shown;
}

// ---- words -------------------------------------------------------------------------------------------------------------

const RPPS = "a number that could be a real professional's RPPS";
const KEY = "a private key";
const WHAT: Readonly<Record<PrivateForm, string>> = {
  ins: "a number that could be a real person's INS",
  idnat: RPPS,
  employee: RPPS,
  structure: RPPS,
  bare: RPPS,
  jwt: "a token (JWT) that the mock services did not issue",
  jwe: "an encrypted token (JWE)",
  access_token: "an access token",
  refresh_token: "a refresh token",
  bearer: "an access token",
  saml: "a SAML assertion that is of no test certificate",
  basic: "a user name with its password (Basic)",
  password: "a password in an address",
  client_secret: "a client secret",
  api_key: "an API key",
  named_api_key: "an API key",
  pem: KEY,
  pkcs8: KEY,
  "encrypted-pkcs8": KEY,
  pkcs1: KEY,
  sec1: KEY,
  pkcs12: KEY,
  jks: KEY,
  openssh: KEY,
  pgp: KEY,
  putty: KEY,
  jwk: KEY,
};

function mendOf(form: PrivateForm, isProof: boolean): string {
  if (WHAT[form] === WHAT.ins || WHAT[form] === RPPS) {
    return isProof
      ? "Replace this proof by one with fictitious identities, and seal again."
      : "Run again with the fictitious identities of the suite only.";
  }
  return isProof
    ? "Replace this proof by one without it (segur proof RUN --remove, then --add), seal again, and revoke what was shown."
    : "Run again with tokens and certificates of the mock services only, and revoke what was shown.";
}

/** The first place of each value that is told: a number that stands in every exchange makes one line. */
function onceEach(findings: readonly PrivateFinding[]): PrivateFinding[] {
  const first = new Map<string, PrivateFinding>();
  for (const finding of findings) {
    const key = `${finding.kind} ${finding.shown}`;
    if (finding.weight === "told" && !first.has(key)) first.set(key, finding);
  }
  return [...first.values()].slice(0, MOST_NAMED);
}

// ---- places ------------------------------------------------------------------------------------------------------------

type Owner = (file: string, offset: number) => string | null;

/** `x0042 dmp.submit, dmp-submit#1`: the exchange whose bytes stand at a place of a stream; null when none do. */
function exchangesByPlace(view: RecordingView): Owner {
  const byStream = new Map<string, { readonly range: ByteRange; readonly exchange: Exchange }[]>();
  for (const exchange of view.exchanges) {
    for (const range of [exchange.request, exchange.response]) {
      if (!range) continue;
      const known = byStream.get(range.stream);
      if (known) known.push({ range, exchange });
      else byStream.set(range.stream, [{ range, exchange }]);
    }
  }
  const streams = `${NAMES.recording}streams/`;
  return (file, offset) => {
    const ranges = file.startsWith(streams) ? byStream.get(file.slice(streams.length)) : undefined;
    const hit = ranges?.find(({ range }) => range.start <= offset && offset < range.end)?.exchange;
    return hit ? `${hit.id} ${hit.operation}, ${hit.scenario ?? "unattributed"}` : null;
  };
}

/** `recording/streams/c0012.in:5120 (x0042 dmp.submit, dmp-submit#1) base64 > zip:DOC.XML` */
function placeOf(file: string, offset: number, via: readonly string[], ownerOf: Owner): string {
  const owner = ownerOf(file, offset);
  return `${file}:${offset}${owner === null ? "" : ` (${owner})`}${via.length > 0 ? ` ${via.join(" > ")}` : ""}`;
}
