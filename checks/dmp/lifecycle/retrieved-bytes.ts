/** What the software keeps of a document of the DMP is what the repository gave, whole. */
import { createHash } from "node:crypto";
import { defineCheck, type Exchange, type Pointer, type Report } from "../../../core/model/index.js";
import { CONSULTATION, retrievalOf, servedBy } from "../helpers/consultation.js";
import { LIFE, WITNESS } from "../helpers/sources.js";
import { answerAt, asked, type Asked, listOf, member, textOf } from "../helpers/steps.js";

export default defineCheck({
  id: "dmp/retrieved-bytes",
  title: {
    fr: "Les documents lus au DMP sont gardés tels quels, et entiers",
    en: "Documents read from the DMP are kept as they are, and whole",
  },
  reads: CONSULTATION,
  scenarios: ["dmp-retrieve", "dmp-retrieve-cut"],
  messages: {
    differs: {
      weight: "breach",
      source: LIFE.row(
        "DMP/UX.31",
        "documents selected are taken into the local file, equal to those retrieved by TD3.2",
      ),
      mark: "verified",
      witness: WITNESS.kitSearch,
      fr: "Document « {document} », {what} : servi {expected}, gardé par le logiciel {observed}.",
      en: "Document “{document}”, {what}: served {expected}, kept by the software {observed}.",
    },
    incomplete: {
      weight: "breach",
      source: "RFC 9112 §8, an incomplete response is recorded as incomplete; RFC 2046 §5.1.1, closing boundary",
      mark: "standard",
      witness: "none",
      fr: "La réponse du DMP (échange {exchange}) a été coupée avant la fin ; le logiciel dit pourtant avoir lu le document « {document} ».",
      en: "The answer of the DMP (exchange {exchange}) was cut before its end; the software says all the same that it read the document “{document}”.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const one of asked(run, "dmp.retrieve")) judge(one, report);
    }
  },
});

function judge({ run, step, calls }: Asked, report: Report): void {
  const told = listOf(member(step.answer, "documents"));
  for (const document of told) {
    const uniqueId = textOf(member(document, "uniqueId"));
    if (uniqueId === null) continue;
    // Software may have fetched the document earlier: any time in the run counts.
    const copies = run.exchanges.flatMap(servedBy).filter((served) => served.uniqueId === uniqueId);
    const at = answerAt(step, `documents[${uniqueId}]`);
    const cut = calls.find((x) => wasCut(x, uniqueId));
    if (copies.length > 0)
      compare(
        document,
        uniqueId,
        copies.map(({ bytes }) => bytes),
        report,
        at,
      );
    else if (cut) {
      report.observed(at);
      if (step.status === "done") report.finding("incomplete", at, { document: uniqueId, exchange: cut.id });
    }
  }
  // Told as not read: nothing was kept of the cut answer.
  const lost = calls.find((x) => x.operation === "dmp.retrieve" && !x.complete);
  if (lost && step.status !== "done") report.observed({ exchange: lost.id, side: "response" });
}

function wasCut(exchange: Exchange, uniqueId: string): boolean {
  const named = retrievalOf(exchange) ?? [];
  return !exchange.complete && named.some(({ documentUniqueId }) => documentUniqueId === uniqueId);
}

function compare(
  document: unknown,
  uniqueId: string,
  copies: readonly Uint8Array[],
  report: Report,
  at: Pointer,
): void {
  const digest = textOf(member(document, "sha256"))?.toLowerCase() ?? null;
  const size = member(document, "size");
  if (digest === null && typeof size !== "number") return;
  report.observed(at);
  const digests = copies.map((bytes) => createHash("sha256").update(bytes).digest("hex"));
  if (digest !== null && !digests.includes(digest)) {
    report.finding("differs", at, {
      document: uniqueId,
      what: "SHA-256",
      expected: digests[0] ?? null,
      observed: digest,
    });
  } else if (typeof size === "number" && !copies.some((bytes) => bytes.length === size)) {
    const expected = copies[0]?.length ?? null;
    report.finding("differs", at, { document: uniqueId, what: "size", expected, observed: size });
  }
}
