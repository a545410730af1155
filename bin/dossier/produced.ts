/**
 * Proofs that a run made: the source of a mail, its IHE_XDM archive, a CDA sent to the DMP. Taken byte for byte from the recording,
 * from the exchange that the row's own checks looked at, else from a plain scenario of the service. Never accepted by themselves.
 */
import { createHash } from "node:crypto";
import { type DemandedProof } from "../../core/dossier/index.js";
import {
  byCodeUnit,
  type Exchange,
  type RecordingView,
  type Requirement,
  type RunResult,
  type Seen,
} from "../../core/model/index.js";
import { submissionOf, healthDocuments } from "../../checks/dmp/helpers/submission.js";
import { sentMails } from "../../checks/mss/helpers/mails.js";

/** Kinds of the register that a recording can serve whole. Logs are the software's own, a recording has none of them. */
const SERVED: ReadonlySet<string> = new Set(["smtp-source", "document-file"]);

export interface Produced {
  readonly ids: readonly string[];
  readonly what: "mail" | "archive" | "cda";
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly ending: ".eml" | ".zip" | ".xml";
  /** `x0042 mss.submit mss-send-professional#1`. */
  readonly from: string;
}

/**
 * One entry per file, with every proof it serves. A proof whose row wants other kinds too is left to the candidate: the source does
 * not say which of its proofs is the file.
 */
export function producedBy(wanted: readonly DemandedProof[], view: RecordingView, result: RunResult): Produced[] {
  const found = new Map<string, { made: Omit<Produced, "ids">; ids: string[] }>();
  for (const { id, rows } of wanted) {
    const row = rows.find(({ proofs }) => proofs.kinds.length > 0 && proofs.kinds.every((kind) => SERVED.has(kind)));
    const made = row ? fileFor(row, view, result) : null;
    if (!made) continue;
    const known = found.get(made.sha256) ?? { made, ids: [] };
    known.ids.push(id);
    found.set(made.sha256, known);
  }
  return [...found.values()].map(({ made, ids }) => ({ ...made, ids: ids.sort(byCodeUnit) }));
}

function fileFor(row: Requirement, view: RecordingView, result: RunResult): Omit<Produced, "ids"> | null {
  const mail = row.proofs.kinds.includes("smtp-source");
  const archive = !mail && row.services.includes("mssante");
  const operation = mail || archive ? "mss.submit" : "dmp.submit";
  for (const exchange of likely(row, operation, view, result)) {
    const made = mail || archive ? fromMail(exchange, mail) : fromSubmission(exchange);
    if (made) return made;
  }
  return null;
}

/** What the row's checks saw first, then plain scenarios: those that inject no fault and came to their end. */
function likely(row: Requirement, operation: string, view: RecordingView, result: RunResult): Exchange[] {
  const checks = new Set([...row.checks, ...row.supports]);
  const seen = new Set(
    result.checks
      .filter(({ id, outcome }) => checks.has(id) && outcome === "met")
      .flatMap(({ observed }) => observed.at.map(({ exchange }) => exchange)),
  );
  const plain = new Set(
    view.runs.filter(({ state, facts }) => state === "done" && facts.faults.length === 0).map(({ key }) => key),
  );
  const candidates = view.exchanges.filter(
    (exchange) => exchange.operation === operation && exchange.scenario !== null && plain.has(exchange.scenario),
  );
  return [...candidates.filter(({ id }) => seen.has(id)), ...candidates.filter(({ id }) => !seen.has(id))];
}

function fromMail(exchange: Exchange, whole: boolean): Omit<Produced, "ids"> | null {
  const seen: Seen = { runs: [], exchanges: [exchange], connections: [], events: [] };
  const [mail] = sentMails(seen);
  if (!mail) return null;
  if (whole) {
    const bytes = mail.transaction?.message;
    return bytes ? made("mail", bytes, ".eml", exchange) : null;
  }
  const part = mail.archive?.part;
  return part ? made("archive", part.body, ".zip", exchange) : null;
}

function fromSubmission(exchange: Exchange): Omit<Produced, "ids"> | null {
  const submission = submissionOf(exchange);
  const bytes = submission ? healthDocuments(submission).find((document) => document.cda !== null)?.bytes : null;
  return bytes ? made("cda", bytes, ".xml", exchange) : null;
}

function made(
  what: Produced["what"],
  bytes: Uint8Array,
  ending: Produced["ending"],
  { id, operation, scenario }: Exchange,
): Omit<Produced, "ids"> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { what, bytes, sha256, ending, from: `${id} ${operation} ${scenario ?? ""}`.trim() };
}
