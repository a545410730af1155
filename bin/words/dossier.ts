/** What `segur dossier` says. */
import type { ProofState } from "../../core/model/index.js";

interface Words {
  readonly states: Readonly<Record<ProofState, string>>;
  readonly kinds: Readonly<Record<string, string>>;
  readonly stale: Readonly<Record<string, string>>;
  readonly origins: Readonly<Record<"run" | "person", string>>;
  readonly produced: Readonly<Record<"mail" | "archive" | "cda", string>>;
  readonly head: (product: string, on: string) => string;
  readonly bundled: string;
  readonly noRun: string;
  readonly counts: (counts: Readonly<Record<ProofState, number>>, total: number) => string;
  readonly mandatory: (open: number, total: number) => string;
  readonly claim: string;
  readonly claimStates: Readonly<Record<"accepted" | "refused" | "to_review", string>>;
  readonly otherText: string;
  readonly by: (by: string, on: string) => string;
  readonly serves: string;
  readonly bytes: string;
  readonly more: string;
  readonly written: (file: string) => string;
  readonly made: (folder: string, proofs: number) => string;
  readonly next: string;
  readonly added: (ids: string, file: string) => string;
  readonly removed: (ids: string) => string;
  readonly reviewed: (ids: string, state: string) => string;
  readonly nothingProduced: string;
  readonly applied: (run: string) => string;
  readonly imported: (entries: number, claims: number, missing: number) => string;
  readonly exported: (folder: string, lines: number, files: number) => string;
  readonly lacks: (file: string) => string;
  readonly perimeter: string;
  readonly notAllowed: string;
}

const fr: Words = {
  states: {
    owed: "due",
    blocked: "bloquée",
    refused: "refusée",
    stale: "périmée",
    accepted: "acceptée",
    to_review: "à relire",
  },
  kinds: {
    "video-or-screenshot": "vidéo ou capture d'écran",
    documentation: "documentation",
    "cnda-certificate": "certificat CNDA",
    "test-space-report": "rapport de l'espace de test",
    "document-file": "document produit (CDA, IHE_XDM, PDF)",
    "config-or-log": "configuration ou trace",
    attestation: "attestation signée",
    "smtp-source": "source du courriel",
    "pentest-form": "formulaire de tests d'intrusion",
  },
  stale: { missing: "fichier absent", bytes: "le fichier a changé", product: "montre une autre version du produit" },
  origins: { run: "tirée d'une exécution", person: "fournie" },
  produced: { mail: "source du courriel", archive: "archive IHE_XDM", cda: "document CDA" },
  head: (product, on) => `Dossier de ${product}, au ${on}`,
  bundled: "Pas de segur.yaml ici : candidat d'exemple fourni, avec son dossier fictif.",
  noRun: "Aucune exécution donnée : ce que la machine établit n'est pas montré (--run last).",
  counts: (n, total) =>
    `${total} preuves demandées : ${n.accepted} acceptées, ${n.to_review} à relire, ${n.stale} périmées, ${n.refused} refusées, ${n.blocked} bloquées, ${n.owed} dues`,
  mandatory: (open, total) => `dont obligatoires : ${total}, encore ouvertes : ${open}`,
  claim: "déclarée non applicable",
  claimStates: { accepted: "accepté", refused: "refusé", to_review: "à relire" },
  otherText: "la justification a changé depuis sa relecture",
  by: (by, on) => `par ${by} le ${on}`,
  serves: "sert à",
  bytes: "octets",
  more: "Que montrer, pas à pas : segur dossier plan, ou segur explain ID",
  written: (file) => `Écrit : ${file}`,
  made: (folder, proofs) => `${folder} : ${proofs} preuves demandées. Plan de preuves : PLAN.md`,
  next: "Ensuite : dossier: ./dossier dans segur.yaml, segur dossier add FICHIER ID, segur dossier status",
  added: (ids, file) => `+ ${ids} : ${file}`,
  removed: (ids) => `- ${ids}`,
  reviewed: (ids, state) => `${ids} : ${state}`,
  nothingProduced: "Cette exécution n'a produit aucun fichier qui suffise seul à une preuve encore due.",
  applied: (run) => `Dossier repris dans l'exécution, rejugée : ${run}`,
  imported: (entries, claims, missing) =>
    `${entries} entrées et ${claims} exigences non applicables reprises${missing > 0 ? ` ; ${missing} fichiers absents, à remettre` : ""}`,
  exported: (folder, lines, files) => `${folder} : ${lines} lignes de preuve, ${files} fichiers`,
  lacks: (file) => `fichier absent, laissé de côté : ${file}`,
  perimeter: "Périmètre",
  notAllowed: "auto-évaluation, jamais une décision de l'ANS",
};

const en: Words = {
  states: {
    owed: "owed",
    blocked: "blocked",
    refused: "refused",
    stale: "stale",
    accepted: "accepted",
    to_review: "to review",
  },
  kinds: {
    "video-or-screenshot": "video or screenshot",
    documentation: "documentation",
    "cnda-certificate": "CNDA certificate",
    "test-space-report": "report of the test space",
    "document-file": "document produced (CDA, IHE_XDM, PDF)",
    "config-or-log": "configuration or trace",
    attestation: "signed attestation",
    "smtp-source": "source of the mail",
    "pentest-form": "penetration-test form",
  },
  stale: { missing: "file missing", bytes: "the file changed", product: "shows another version of the product" },
  origins: { run: "taken from a run", person: "supplied" },
  produced: { mail: "source of the mail", archive: "IHE_XDM archive", cda: "CDA document" },
  head: (product, on) => `Dossier of ${product}, on ${on}`,
  bundled: "No segur.yaml here: the bundled example candidate, with its fictitious dossier.",
  noRun: "No run was named: what the machine establishes is not shown (--run last).",
  counts: (n, total) =>
    `${total} proofs demanded: ${n.accepted} accepted, ${n.to_review} to review, ${n.stale} stale, ${n.refused} refused, ${n.blocked} blocked, ${n.owed} owed`,
  mandatory: (open, total) => `of which mandatory: ${total}, still open: ${open}`,
  claim: "declared not applicable",
  claimStates: { accepted: "accepted", refused: "refused", to_review: "to review" },
  otherText: "the justification has changed since it was reviewed",
  by: (by, on) => `by ${by} on ${on}`,
  serves: "serves",
  bytes: "bytes",
  more: "What to show, step by step: segur dossier plan, or segur explain ID",
  written: (file) => `Written: ${file}`,
  made: (folder, proofs) => `${folder}: ${proofs} proofs demanded. Proof plan: PLAN.md`,
  next: "Next: dossier: ./dossier in segur.yaml, segur dossier add FILE ID, segur dossier status",
  added: (ids, file) => `+ ${ids}: ${file}`,
  removed: (ids) => `- ${ids}`,
  reviewed: (ids, state) => `${ids}: ${state}`,
  nothingProduced: "This run produced no file that alone would serve a proof still owed.",
  applied: (run) => `Dossier taken into the run, judged again: ${run}`,
  imported: (entries, claims, missing) =>
    `${entries} entries and ${claims} rows not applicable taken over${missing > 0 ? `; ${missing} files missing, to be put back` : ""}`,
  exported: (folder, lines, files) => `${folder}: ${lines} proof lines, ${files} files`,
  lacks: (file) => `file missing, left out: ${file}`,
  perimeter: "Perimeter",
  notAllowed: "a self-assessment, never a decision of the ANS",
};

export const DOSSIER_WORDS = { fr, en } as const;
