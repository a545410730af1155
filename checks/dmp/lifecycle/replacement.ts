/** A corrected document replaces the former one: RPLC from the new entry to the entryUUID of the document replaced. */
import { defineCheck, type Pointer, type Report } from "../../../core/model/index.js";
import { documentIds } from "../helpers/registry.js";
import { LIFE, WITNESS } from "../helpers/sources.js";
import { asked, type Asked, member, replacementsFrom, replacingUpload, textOf } from "../helpers/steps.js";

export default defineCheck({
  id: "dmp/replacement",
  title: {
    fr: "La version corrigée remplace le document déposé (association RPLC)",
    en: "The corrected version replaces the document uploaded (RPLC association)",
  },
  reads: ["dmp.submit", "dmp.search"],
  scenarios: ["dmp-replace"],
  messages: {
    not_linked: {
      weight: "breach",
      source: `${LIFE.pdsm}: replacement by an RPLC association; ${LIFE.row("DMP/va1.16", "the replace refers to the first document")}`,
      mark: "verified",
      witness: "none",
      fr: "Le document « {uniqueId} » devait remplacer « {replaced} » ; aucune association RPLC ne part de son entrée : les deux restent en vigueur.",
      en: "The document “{uniqueId}” was to replace “{replaced}”; no RPLC association starts from its entry: both stay in use.",
    },
    target: {
      weight: "breach",
      source: `${LIFE.pdsm}: RPLC to the entryUUID found by TD3.1; IHE ITI TF-3 §4.2.2.2.3`,
      mark: "verified",
      witness: WITNESS.nist,
      fr: "L'association RPLC vise « {observed} », qui n'est pas l'entryUUID du document remplacé « {replaced} ».",
      en: "The RPLC association targets “{observed}”, which is not the entryUUID of the document replaced, “{replaced}”.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) for (const one of asked(run, "dmp.submit")) judge(one, report);
  },
});

function judge({ run, step, calls }: Asked, report: Report): void {
  const replaced = textOf(member(step.input, "replaces"));
  const upload = replacingUpload(calls);
  if (replaced === null || !upload) return;
  const { entry } = upload.document;
  const at: Pointer = { exchange: upload.exchange.id, side: "request", where: entry.id ?? "ExtrinsicObject" };
  report.observed(at);
  const links = replacementsFrom(upload);
  if (links.length === 0) return report.finding("not_linked", at, { uniqueId: entry.uniqueId, replaced });
  const ids = documentIds(run);
  const uuids = [...ids.values()].includes(replaced);
  const known = links.map(({ target }) => ids.get((target ?? "").toLowerCase()));
  if (known.includes(replaced)) return;
  const wrong = links.find(({ target }) => !target?.startsWith("urn:uuid:") || ids.has(target.toLowerCase()) || uuids);
  if (wrong) report.finding("target", at, { observed: wrong.target, replaced });
}
