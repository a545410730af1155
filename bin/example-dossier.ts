/**
 * Writes fixtures/dossier/dossier.yaml: the example dossier, every proof that the bundled candidate owes served by one of the
 * fictitious files beside it. A test holds the file against what this gives.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { demanded, type DemandedProof, type DossierEntry, DOSSIER_FORMAT } from "../core/dossier/index.js";
import { packageRoot, type ProofFacts } from "../core/model/index.js";
import { bundledConfig } from "./bundled.js";
import { digestOf } from "./dossier/folder.js";
import { writeFileAtomic } from "./run-folder.js";
import { openSuite, type Suite } from "./suite.js";

/** Day the example files are said to have been added and reviewed. */
const ADDED = "2026-11-22";

const FILES: Readonly<Record<string, { readonly file: string; readonly facts?: ProofFacts }>> = {
  "video-or-screenshot": { file: "demonstration.mp4" },
  psc: { file: "connexion-psc.webm" },
  documentation: { file: "documentation.pdf" },
  "cnda-certificate": {
    file: "certificat-cnda-fictif.pdf",
    facts: { kind: "certificate", number: "FICTIF-0001", version: "1.0", issued: "2026-09-01", expires: "2029-09-01" },
  },
  "test-space-report": {
    file: "espace-de-test.txt",
    facts: { kind: "execution", reference: "FICTIF-2026-0042", testCase: "CI-SIS-IHE-XDM-PMC-Sc1-INS" },
  },
  "document-file": { file: "compte-rendu.xml" },
  "config-or-log": { file: "journal-mss.log" },
  attestation: {
    file: "attestation-signee.pdf",
    facts: { kind: "commitment", signedBy: "Camille Signataire-Fictif", on: "2026-10-15" },
  },
  "smtp-source": { file: "message.eml" },
  "pentest-form": {
    file: "test-intrusion-signe.pdf",
    facts: {
      kind: "pentest",
      on: "2026-10-15",
      auditor: "Audit-Fictif SAS",
      failures: { high: 0, medium: 2 },
      uncommented: 0,
    },
  },
  ins: { file: "ecran-identite.png" },
  dmp: { file: "ecran-dmp.png" },
};

export function exampleText(suite: Suite): string {
  const { config } = bundledConfig({ root: suite.root, specs: suite.specs, port: 0 });
  const perimeters = suite.specs.perimeters.filter(({ id }) => config.perimeters.includes(id));
  const wanted = demanded({
    perimeters,
    requirements: suite.specs.requirements,
    answers: config,
  });
  const byFile = new Map<string, string[]>();
  for (const proof of wanted) {
    const key = servedBy(proof);
    byFile.set(key, [...(byFile.get(key) ?? []), proof.id]);
  }
  const proofs = [...byFile].map(([key, ids]): DossierEntry => {
    const { file = "", facts } = FILES[key] ?? {};
    const sha256 = digestOf(path.join(suite.root, "fixtures", "dossier", "files", file)) ?? "";
    return {
      ids,
      product: config.candidate.version,
      files: [{ path: `files/${file}`, sha256, added: ADDED }],
      ...(facts ? { facts } : {}),
      reviews: [{ state: "accepted", by: "Relectrice Fictive", on: ADDED, why: "exemple fictif", sha256: [sha256] }],
    };
  });
  return `${HEAD}${stringify({ format: DOSSIER_FORMAT, proofs, notApplicable: [] }, { lineWidth: 120, flowCollectionPadding: false })}`;
}

const HEAD = `# The example dossier: fictitious proofs of the bundled candidate, all accepted by a fictitious reviewer.
# Written by \`npm run example\`; do not edit.
`;

/** The first kind that the rows name, with pictures of their own for some domains. */
function servedBy({ id, rows }: DemandedProof): string {
  const kind = rows.flatMap(({ proofs }) => proofs.kinds)[0] ?? "video-or-screenshot";
  if (kind !== "video-or-screenshot") return kind;
  const [domain = ""] = id.split(/[/.]/);
  return { PSC: "psc", INS: "ins", DMP: "dmp" }[domain] ?? kind;
}

export function exampleFile(root: string): string {
  return path.join(root, "fixtures", "dossier", "dossier.yaml");
}

if (process.argv[1] === import.meta.filename) {
  const suite = openSuite();
  const file = exampleFile(packageRoot(import.meta.url));
  writeFileAtomic(file, exampleText(suite));
  process.stdout.write(`${file} (${readFileSync(file, "utf8").split("\n").length} lines)\n`);
}
