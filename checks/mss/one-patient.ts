import { defineCheck } from "../../core/model/index.js";
import type { Cda } from "../../protocols/cda.js";
import { parseCx } from "../../protocols/xds.js";
import { folded } from "./helpers/expected.js";
import { ARCHIVE_OPERATIONS, archives, at } from "./helpers/mails.js";

const RULE = "REF2 v1.0 ECO.2.1.1 / MSS/CONF.23 (mssante.md §2.3 and §2.4, V)";

/** One mail, one patient: the documents of the archive among themselves, and the entries of its metadata. */
export default defineCheck({
  id: "mss/one-patient",
  title: { fr: "Un seul patient par message", en: "One patient per mail" },
  reads: ARCHIVE_OPERATIONS,
  messages: {
    "documents-differ": {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "CI-SIS volet Transmission au LPS (IG-MDM): one mail, one patient",
      fr: "{first} et {other} concernent deux patients différents.",
      en: "{first} and {other} are about two different patients.",
    },
    "metadata-differ": {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "IHE ITI TF-3 4.2.3.3, SubmissionSet.patientId: the set and its documents name one patient",
      fr: "METADATA.XML nomme plusieurs patients : {observed}.",
      en: "METADATA.XML names several patients: {observed}.",
    },
  },
  evaluate(seen, report) {
    for (const archive of archives(seen)) {
      const [first, ...others] = archive.documents;
      if (!first) continue;
      report.observed(at(archive, first.file.path));
      const other = others.find((document) => areDifferent(first.cda, document.cda));
      if (other) {
        report.finding("documents-differ", at(archive, other.file.path), {
          first: first.file.path,
          other: other.file.path,
        });
      }
      const entries = archive.submission?.documents.map((entry) => entry.patientId) ?? [];
      const written = [...entries, archive.submission?.submissionSet?.patientId].flatMap((id) => id || []);
      // Number and authority make the identity: components that follow may differ.
      const named = new Map(written.map((id) => [`${parseCx(id)?.id} ${parseCx(id)?.oid}`, id]));
      // Entries of two documents about two patients differ by nature: told once.
      if (named.size > 1 && !other) {
        report.finding("metadata-differ", at(archive, archive.metadata?.path), {
          observed: [...named.values()].join(" ; "),
        });
      }
    }
  },
});

/** Two INS that differ, or no identifier in common and other traits. Silence of one of them is not a difference. */
function areDifferent(a: Cda, b: Cda): boolean {
  if (a.ins && b.ins) return a.ins.extension !== b.ins.extension;
  const ids = (cda: Cda): string[] => (cda.patient?.ids ?? []).map((id) => `${id.root} ${id.extension}`);
  if (ids(a).some((id) => ids(b).includes(id))) return false;
  const traits = (cda: Cda): string[] => [
    folded(cda.patient?.birthName?.value ?? ""),
    folded(cda.patient?.firstBirthGiven?.value ?? "").split(" ")[0] ?? "",
    (cda.patient?.birthTime?.value ?? "").slice(0, 8),
    cda.patient?.sex?.code ?? "",
  ];
  const ours = traits(a);
  return traits(b).some((trait, index) => trait !== "" && ours[index] !== "" && trait !== ours[index]);
}
