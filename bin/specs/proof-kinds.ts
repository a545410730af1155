/** What kind of proof a French sentence of a REM asks for, by its words. Indicative: whoever reads the draft over has the last word. */
import type { Verification } from "../../core/model/index.js";

/** As in requirements.schema.json. */
export const PROOF_KINDS = [
  "video-or-screenshot",
  "test-space-report",
  "documentation",
  "config-or-log",
  "document-file",
  "cnda-certificate",
  "smtp-source",
  "attestation",
  "pentest-form",
] as const;
export type ProofKind = (typeof PROOF_KINDS)[number];

/** Longer texts are looked at up to here: a proof is named in its first lines. */
const LOOKED_AT = 4_000;

/** Over text without accents, in lower case. */
const WORDS: Readonly<Record<ProofKind, RegExp>> = {
  "video-or-screenshot":
    /\bvideos?\b|\bcaptures?\b|\bcopies? d'?ecran|\bimpressions? d'?ecran|\bdemonstration\b|\bscreenshots?\b/,
  "test-space-report":
    /\bespace de tests?\b|\bgazelle\b|\blien permanent\b|\bpermalien\b|\bidentifiants? (?:d'|de l')execution\b|\bcas de test\b|\brapport (?:de validation|d'execution)\b/,
  documentation:
    /\bdocumentations?\b|\bprocedures?\b|\bmanuel\b|\bguide utilisateur\b|\bmatrice\b|\bplan d'assurance\b|\bpssi\b|\bdocument (?:decrivant|expliquant|presentant)\b/,
  "config-or-log":
    /\btraces?\b|\bjournal\b|\bjournaux\b|\blogs?\b|\bfichiers? de configuration\b|\bdumps?\b|\bextraits? (?:de (?:la )?configuration|du code|de code)\b/,
  "document-file":
    /\bcda\b|\bxdm\b|\bihe_xdm\b|\bfichiers? (?:produit|genere|pdf|xml)s?\b|\bpdf\/?a|\bmessages? hl7\b|\bscans?\b|\barchives?\b/,
  "cnda-certificate":
    /\bcnda\b|\bhomologations?\b|\bjustificatif (?:de l'homologation|d'homologation|d'agrement|de l'agrement)\b|\bcertificat d'homologation\b/,
  "smtp-source":
    /\bsource (?:smtp|du mail|du message|du courriel|de l'email|mail)\b|\bsmtp\b|\bcode source du (?:mail|message|courriel)\b/,
  attestation: /\battestations?\b|\battestant\b|\bengagements?\b|\bdeclarations?\b|\bsur l'honneur\b/,
  "pentest-form": /\btests? d'intrusion\b|\bpentest\b|\bpassi\b/,
};

/** In the order of the schema; [] when no word is known. */
export function proofKindsOf(text: string): readonly ProofKind[] {
  const plain = plainText(text.slice(0, LOOKED_AT));
  return PROOF_KINDS.filter((kind) => WORDS[kind].test(plain));
}

/**
 * How a row without checks can be established, from the kinds of its proofs: what only a signature shows is declared; files that
 * a machine could read make an artifact; as soon as a video or nothing known is asked for, somebody must look.
 */
export function verificationOf(kinds: readonly ProofKind[]): Verification {
  const declared: readonly ProofKind[] = ["attestation", "documentation", "cnda-certificate", "pentest-form"];
  if (kinds.length === 0 || kinds.includes("video-or-screenshot")) return "demonstration";
  return kinds.every((kind) => declared.includes(kind)) ? "declared" : "artifact";
}

/** Lower case, without accents, one kind of apostrophe and of space. */
export function plainText(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[\u2019\u2018\u02bc]/g, "'")
    .replace(/\s+/g, " ")
    .toLowerCase()
    .trim();
}
