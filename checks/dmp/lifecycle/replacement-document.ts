/** The CDA that replaces another names it (relatedDocument RPLC), in the same set and with a higher version. */
import { defineCheck, type Pointer, type Report } from "../../../core/model/index.js";
import type { Cda, CdaId } from "../../../protocols/cda.js";
import { LIFE } from "../helpers/sources.js";
import { asked, type Asked, member, replacingUpload, textOf, uploadsIn } from "../helpers/steps.js";

export default defineCheck({
  id: "dmp/replacement-document",
  title: {
    fr: "Le CDA corrigé désigne celui qu'il remplace",
    en: "The corrected CDA names the one it replaces",
  },
  reads: ["dmp.submit"],
  scenarios: ["dmp-replace"],
  messages: {
    related: {
      weight: "breach",
      source: `${LIFE.pdsm}: relatedDocument RPLC of the new CDA = former uniqueId`,
      mark: "verified",
      witness: "none",
      fr: "relatedDocument attendu : RPLC vers « {expected} » ; observé : {type} vers « {observed} ».",
      en: "relatedDocument expected: RPLC to “{expected}”; observed: {type} to “{observed}”.",
    },
    set_id: {
      weight: "remark",
      source: "HL7 CDA R2 §4.2.3.1, setId commun aux versions (dmp.md §5)",
      mark: "inferred",
      witness: "none",
      fr: "setId attendu : celui du document remplacé, « {expected} » ; observé : « {observed} ».",
      en: "setId expected: that of the document replaced, “{expected}”; observed: “{observed}”.",
    },
    version: {
      weight: "remark",
      source: "HL7 CDA R2 §4.2.3.1, versionNumber croissant (dmp.md §5)",
      mark: "inferred",
      witness: "none",
      fr: "versionNumber attendu : plus que {expected}, celui du document remplacé ; observé : « {observed} ».",
      en: "versionNumber expected: more than {expected}, that of the document replaced; observed: “{observed}”.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) for (const one of asked(run, "dmp.submit")) judge(one, report);
  },
});

function judge({ run, step, calls }: Asked, report: Report): void {
  const replaced = textOf(member(step.input, "replaces"));
  const upload = replacingUpload(calls);
  const cda = upload?.document.cda;
  if (replaced === null || !upload || !cda) return;
  const at: Pointer = { exchange: upload.exchange.id, side: "request", where: "ClinicalDocument/relatedDocument" };
  report.observed(at);
  const { relatedDocument } = cda;
  if (relatedDocument?.typeCode !== "RPLC" || !isId(relatedDocument.id, replaced)) {
    const slots = { type: relatedDocument?.typeCode ?? "–", observed: written(relatedDocument?.id ?? null) };
    report.finding("related", at, { expected: replaced, ...slots });
  }
  const former = uploadsIn(run.exchanges).find(({ document }) => document.entry.uniqueId === replaced)?.document.cda;
  if (former) judgeVersions(former, cda, report, at);
}

function judgeVersions(former: Cda, cda: Cda, report: Report, at: Pointer): void {
  const [expected, observed] = [written(former.setId), written(cda.setId)];
  if (former.setId && expected !== observed) report.finding("set_id", at, { expected, observed });
  const before = Number(former.versionNumber?.value ?? NaN);
  const now = Number(cda.versionNumber?.value ?? NaN);
  // A document without a version number is judged by the checks of CDA.
  if (now <= before) report.finding("version", at, { expected: before, observed: now });
}

/** The uniqueId of XDS is the root alone, or `root^extension`. */
function isId(id: CdaId | null, uniqueId: string): boolean {
  return id !== null && (written(id) === uniqueId || (id.extension === null && id.root === uniqueId));
}

function written(id: CdaId | null): string | null {
  if (!id) return null;
  return id.extension === null ? id.root : `${id.root ?? ""}^${id.extension}`;
}
