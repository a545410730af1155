/** Hash and size, when the metadata give them, are those of the bytes sent. */
import { createHash } from "node:crypto";
import { defineCheck } from "../../../core/model/index.js";
import { seenDocuments } from "../helpers/submission.js";

const RULE =
  "DocumentEntry.hash (SHA-1, 40 hexadecimal characters) and size of the MTOM part (dmp.md §2.3, S1; ITI TF-3 §4.2.3.2)";

export default defineCheck({
  id: "dmp/document-hash",
  title: {
    fr: "L'empreinte et la taille annoncées sont celles du document envoyé",
    en: "The hash and size announced are those of the document sent",
  },
  reads: ["dmp.submit"],
  messages: {
    hash_differs: {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "sha1sum of the MIME part",
      fr: "hash annoncé « {observed} » ; l'empreinte SHA-1 des octets reçus est {expected}.",
      en: "hash announced “{observed}”; the SHA-1 of the bytes received is {expected}.",
    },
    size_differs: {
      weight: "breach",
      source: RULE,
      mark: "verified",
      witness: "byte count of the MIME part (wc -c)",
      fr: "size annoncé « {observed} » ; le document reçu compte {expected} octets.",
      en: "size announced “{observed}”; the document received has {expected} bytes.",
    },
    absent: {
      weight: "remark",
      source:
        "hash and size: 1..1 in the registry, absent from the editor kit's request, computed by the repository (dmp.md §2.3, S8)",
      mark: "kit",
      witness: "editor kit sample request: absent",
      fr: "{attribute} n'est pas annoncé : l'entrepôt le calculera.",
      en: "{attribute} is not announced: the repository will compute it.",
    },
  },
  evaluate(seen, report) {
    for (const { document, at } of seenDocuments(seen)) {
      const { entry, bytes } = document;
      if (!bytes) continue;
      report.observed(at());
      const hash = createHash("sha1").update(bytes).digest("hex");
      if (entry.hash === null) report.finding("absent", at("hash"), { attribute: "hash" });
      else if (entry.hash.toLowerCase() !== hash) {
        report.finding("hash_differs", at("hash"), { observed: entry.hash, expected: hash });
      }
      if (entry.size === null) report.finding("absent", at("size"), { attribute: "size" });
      else if (entry.size !== String(bytes.length)) {
        report.finding("size_differs", at("size"), { observed: entry.size, expected: bytes.length });
      }
    }
  },
});
