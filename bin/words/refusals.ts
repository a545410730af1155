/**
 * Why foreign material was refused, said to people: one sentence and one way to mend per reason. The facts a refusal brings
 * (`slots`) follow the sentence in brackets, so that no sentence breaks when a fact is missing.
 */
import type { Text } from "../../core/model/index.js";
import type { Refusal, RefusalReason } from "../../core/seal/refusal.js";
import { cut, visible } from "../../reports/safe.js";
import { ARCHIVE_REFUSALS, SEAL_AGAIN } from "./refusals-archive.js";
import { REVIEW_REFUSALS } from "./refusals-review.js";

export interface RefusalWords {
  /** What is wrong, without final stop. */
  readonly says: Text;
  /** What to do about it. */
  readonly mend: Text;
}

const FROM_THE_RUN: Text = {
  fr: "demandez un paquet scellé de nouveau à partir du dossier de l'exécution ; si le refus demeure, une nouvelle exécution",
  en: "ask for a bundle sealed again from the folder of the run; if it is refused again, for a new run",
};
const RUN_AGAIN: Text = {
  fr: "demandez une nouvelle exécution, scellée sans retoucher son dossier",
  en: "ask for a new run, sealed without touching its folder",
};
const ASK_SIGNER: Text = {
  fr: "demandez à l'éditeur, par une autre voie, quelle clé signe pour lui ; corrigez ensuite le fichier de confiance s'il y a lieu",
  en: "ask the vendor, by another way, which key signs for it; then correct the trust file if need be",
};
const NEW_CERTIFICATE: Text = {
  fr: "demandez un paquet signé avec un certificat valide à la date de l'exécution",
  en: "ask for a bundle signed with a certificate valid on the day of the run",
};
const NEW_CHALLENGE: Text = {
  fr: "émettez un défi pour ce candidat (`segur challenge issue`) et demandez une exécution jouée avec lui",
  en: "issue a challenge for this candidate (`segur challenge issue`) and ask for a run played with it",
};
const COUNTERSIGN_AGAIN: Text = {
  fr: "refaites le contreseing (`segur countersign`) sur l'enregistrement que l'agence a tenu elle-même",
  en: "countersign again (`segur countersign`) on the recording that the agency itself held",
};

/** The sentence and the mend of every reason. */
export const REFUSALS: Readonly<Record<RefusalReason, RefusalWords>> = {
  ...ARCHIVE_REFUSALS,
  ...REVIEW_REFUSALS,
  attestation_payload: {
    says: {
      fr: "l'attestation n'est pas une déclaration in-toto de résultat d'essais sur ce paquet",
      en: "the attestation is not an in-toto statement of a test result about a bundle",
    },
    mend: SEAL_AGAIN,
  },
  attestation_result: {
    says: {
      fr: "l'attestation signée annonce autre chose que le résultat du paquet",
      en: "the signed attestation claims something else than the result in the bundle",
    },
    mend: FROM_THE_RUN,
  },
  attestation_subject: {
    says: {
      fr: "l'attestation signée porte sur un autre manifeste que celui du paquet",
      en: "the signed attestation is about another manifest than the one in the bundle",
    },
    mend: FROM_THE_RUN,
  },
  candidate_mismatch: {
    says: {
      fr: "les parties du paquet ne nomment pas un seul et même candidat",
      en: "the parts of the bundle do not name one and the same candidate",
    },
    mend: RUN_AGAIN,
  },
  certificate_chain: {
    says: {
      fr: "un certificat de la chaîne n'a pas été émis par le suivant",
      en: "a certificate of the chain was not issued by the next",
    },
    mend: NEW_CERTIFICATE,
  },
  certificate_expired: {
    says: {
      fr: "un certificat du signataire était expiré à la fin de l'exécution",
      en: "a certificate of the signer had expired when the run ended",
    },
    mend: NEW_CERTIFICATE,
  },
  certificate_not_trusted: {
    says: {
      fr: "le certificat du signataire ne mène pas à l'autorité de confiance de ce candidat, ou porte un autre sujet",
      en: "the certificate of the signer does not lead to the authority trusted for this candidate, or has another subject",
    },
    mend: ASK_SIGNER,
  },
  certificate_not_yet_valid: {
    says: {
      fr: "un certificat du signataire n'était pas encore valide à la fin de l'exécution",
      en: "a certificate of the signer was not yet valid when the run ended",
    },
    mend: NEW_CERTIFICATE,
  },
  certificate_revoked: {
    says: {
      fr: "un certificat du signataire était révoqué, d'après le fichier de confiance",
      en: "a certificate of the signer was revoked by then, by the trust file",
    },
    mend: ASK_SIGNER,
  },
  certificate_use: {
    says: {
      fr: "un certificat du signataire sert à ce qu'il dit lui-même ne pas permettre (longueur de chaîne, usage de la clé, ou extension critique non examinée ici)",
      en: "a certificate of the signer is used as it says itself that it may not be (path length, key usage, or a critical extension not looked at here)",
    },
    mend: {
      fr: "demandez un paquet signé avec un certificat de signature, émis par une autorité qui en a le droit",
      en: "ask for a bundle signed with a certificate for signing, issued by an authority that may issue it",
    },
  },
  challenge_agency: {
    says: {
      fr: "le défi n'est signé par aucune clé d'agence qui pouvait en émettre à cette date",
      en: "the challenge is signed by no agency key that could issue one at that time",
    },
    mend: NEW_CHALLENGE,
  },
  challenge_candidate: {
    says: { fr: "le défi a été émis pour un autre candidat", en: "the challenge was issued for another candidate" },
    mend: NEW_CHALLENGE,
  },
  challenge_dates: {
    says: {
      fr: "l'exécution n'est pas dans les dates du défi",
      en: "the run is not within the dates of the challenge",
    },
    mend: NEW_CHALLENGE,
  },
  challenge_facts: {
    says: {
      fr: "l'exécution n'a pas été jouée avec ce que le défi tire au sort",
      en: "the run was not played with what the challenge draws",
    },
    mend: NEW_CHALLENGE,
  },
  challenge_mismatch: {
    says: {
      fr: "le défi du paquet et celui que nomme l'exécution ne sont pas le même, ou l'un des deux manque",
      en: "the challenge in the bundle and the one the run names are not the same, or one of them is missing",
    },
    mend: NEW_CHALLENGE,
  },
  challenge_missing: {
    says: { fr: "une session d'homologation exige un défi", en: "a homologation session demands a challenge" },
    mend: NEW_CHALLENGE,
  },
  challenge_traces: {
    says: {
      fr: "les octets enregistrés ne portent pas ce que le défi a tiré au sort",
      en: "the recorded bytes do not carry what the challenge drew",
    },
    mend: NEW_CHALLENGE,
  },
  challenge_unreadable: {
    says: { fr: "le défi n'est pas lisible", en: "the challenge cannot be read" },
    mend: NEW_CHALLENGE,
  },
  countersignature_agency: {
    says: {
      fr: "le contreseing n'est signé par aucune clé d'agence qui pouvait contresigner",
      en: "the countersignature is signed by no agency key that may countersign",
    },
    mend: COUNTERSIGN_AGAIN,
  },
  countersignature_mismatch: {
    says: {
      fr: "le contreseing porte sur un autre enregistrement, une autre exécution ou un autre candidat",
      en: "the countersignature is about another recording, run or candidate",
    },
    mend: COUNTERSIGN_AGAIN,
  },
  countersignature_unreadable: {
    says: { fr: "le contreseing n'est pas lisible", en: "the countersignature cannot be read" },
    mend: COUNTERSIGN_AGAIN,
  },
  envelope_payload: {
    says: { fr: "le contenu signé n'est pas du JSON", en: "what is signed is not JSON" },
    mend: SEAL_AGAIN,
  },
  envelope_signatures: {
    says: {
      fr: "l'enveloppe n'a aucune signature, ou en a trop",
      en: "the envelope has no signature, or too many",
    },
    mend: SEAL_AGAIN,
  },
  envelope_type: {
    says: {
      fr: "une enveloppe signée pour un autre usage a été mise à cette place",
      en: "an envelope signed for another use was put here",
    },
    mend: SEAL_AGAIN,
  },
  envelope_unreadable: {
    says: { fr: "le fichier n'est pas une enveloppe DSSE", en: "the file is not a DSSE envelope" },
    mend: SEAL_AGAIN,
  },
  evidence_missing: {
    says: {
      fr: "l'enregistrement désigne des octets qui ne sont pas dans le paquet, ou une de ses parties manque",
      en: "the recording points at bytes that are not in the bundle, or lacks a part",
    },
    mend: FROM_THE_RUN,
  },
  evidence_order: {
    says: {
      fr: "les heures de l'enregistrement sont dans un ordre impossible, ou hors de l'exécution",
      en: "the times of the recording stand in an impossible order, or outside the run",
    },
    mend: RUN_AGAIN,
  },
  evidence_shared: {
    says: {
      fr: "deux échanges montrent les mêmes octets, ou un échange montre ceux d'une autre connexion",
      en: "two exchanges show the same bytes, or an exchange shows those of another connection",
    },
    mend: RUN_AGAIN,
  },
  evidence_unreadable: {
    says: { fr: "l'enregistrement n'est pas lisible", en: "the recording cannot be read" },
    mend: FROM_THE_RUN,
  },
  homologation_deselected: {
    says: {
      fr: "une session d'homologation ne peut rien désélectionner",
      en: "a homologation session cannot deselect anything",
    },
    mend: {
      fr: "demandez une exécution entière, sans `--only`",
      en: "ask for a whole run, without `--only`",
    },
  },
  manifest_files: {
    says: {
      fr: "les fichiers du paquet ne sont pas exactement ceux du manifeste",
      en: "the files of the bundle are not exactly those of its manifest",
    },
    mend: SEAL_AGAIN,
  },
  manifest_hash: {
    says: {
      fr: "un fichier n'a pas l'empreinte SHA-256 que donne le manifeste",
      en: "a file does not have the SHA-256 that the manifest gives",
    },
    mend: SEAL_AGAIN,
  },
  manifest_missing: {
    says: {
      fr: "il manque au paquet un fichier que tout paquet contient",
      en: "the bundle lacks a file that every bundle holds",
    },
    mend: SEAL_AGAIN,
  },
  manifest_size: {
    says: {
      fr: "un fichier n'a pas la taille que donne le manifeste",
      en: "a file does not have the size that the manifest gives",
    },
    mend: SEAL_AGAIN,
  },
  manifest_unreadable: {
    says: { fr: "le manifeste du paquet n'est pas lisible", en: "the manifest of the bundle cannot be read" },
    mend: SEAL_AGAIN,
  },
  proof_mismatch: {
    says: {
      fr: "les preuves du paquet ne sont pas celles que déclare l'exécution",
      en: "the proofs in the bundle are not those that the run declares",
    },
    mend: FROM_THE_RUN,
  },
  result_unreadable: {
    says: { fr: "le résultat annoncé n'est pas lisible", en: "the claimed result cannot be read" },
    mend: FROM_THE_RUN,
  },
  reviewed_otherwise: {
    says: {
      fr: "l'exécution dit qu'une preuve, ou la justification d'une exigence déclarée sans objet, a été relue sur d'autres octets que ceux du paquet",
      en: "the run says that a proof, or the justification of a claim, was reviewed on other bytes than those in the bundle",
    },
    mend: {
      fr: "demandez un paquet scellé de nouveau, après `segur dossier apply` sur le dossier de l'exécution",
      en: "ask for a bundle sealed again, after `segur dossier apply` on the folder of the run",
    },
  },
  run_mismatch: {
    says: {
      fr: "les parties du paquet ne parlent pas d'une seule et même exécution",
      en: "the parts of the bundle do not speak of one and the same run",
    },
    mend: FROM_THE_RUN,
  },
  run_unreadable: {
    says: {
      fr: "ce que l'exécution dit d'elle-même n'est pas lisible",
      en: "what the run says of itself cannot be read",
    },
    mend: FROM_THE_RUN,
  },
  scenario_altered: {
    says: {
      fr: "un scénario a été joué autrement que ne le veut le jeu de règles",
      en: "a scenario was played otherwise than the rule set says",
    },
    mend: RUN_AGAIN,
  },
  signature_invalid: {
    says: {
      fr: "la signature n'est pas celle de la clé présentée",
      en: "the signature is not that of the key shown",
    },
    mend: SEAL_AGAIN,
  },
  signer_algorithm: {
    says: {
      fr: "la clé présentée n'est ni Ed25519 ni ECDSA sur P-256",
      en: "the key shown is neither Ed25519 nor ECDSA on P-256",
    },
    mend: {
      fr: "demandez un paquet signé avec une clé de l'un de ces deux types (`segur keys`)",
      en: "ask for a bundle signed with a key of one of these two kinds (`segur keys`)",
    },
  },
  signer_not_trusted: {
    says: {
      fr: "la clé présentée n'est pas de confiance pour ce candidat",
      en: "the key shown is not trusted for this candidate",
    },
    mend: ASK_SIGNER,
  },
  signer_of_another: {
    says: {
      fr: "la clé présentée n'est de confiance que pour un autre candidat",
      en: "the key shown is trusted for another candidate only",
    },
    mend: ASK_SIGNER,
  },
  signer_out_of_dates: {
    says: {
      fr: "la clé est de confiance pour ce candidat, mais pas le jour de l'exécution",
      en: "the key is trusted for this candidate, but not on the day of the run",
    },
    mend: ASK_SIGNER,
  },
  signer_unreadable: {
    says: {
      fr: "le signataire ne présente ni clé publique ni chaîne de certificats",
      en: "the signer shows neither a public key nor a certificate chain",
    },
    mend: SEAL_AGAIN,
  },
  timed_out: {
    says: {
      fr: "juger ce paquet a pris plus de temps que ce qu'accepte une campagne",
      en: "judging this bundle took longer than a campaign allows",
    },
    mend: {
      fr: "vérifiez ce paquet seul ; s'il est honnête, augmentez la borne de la campagne",
      en: "verify this bundle alone; if it is honest, raise the bound of the campaign",
    },
  },
  too_heavy: {
    says: {
      fr: "juger ce paquet a demandé plus de mémoire que ce qu'accepte une campagne",
      en: "judging this bundle needed more memory than a campaign allows",
    },
    mend: {
      fr: "vérifiez ce paquet seul ; s'il est honnête, augmentez la borne de la campagne",
      en: "verify this bundle alone; if it is honest, raise the bound of the campaign",
    },
  },
};

/** How the facts of a refusal are called; a fact that is not named here is shown under its own name. */
const FACTS: Readonly<Record<string, Text>> = {
  at: { fr: "date", en: "date" },
  compressed: { fr: "compressé", en: "compressed" },
  count: { fr: "nombre", en: "count" },
  expected: { fr: "attendu", en: "expected" },
  feature: { fr: "possibilité", en: "feature" },
  found: { fr: "trouvé", en: "found" },
  from: { fr: "du", en: "from" },
  keyid: { fr: "clé", en: "key" },
  member: { fr: "membre", en: "member" },
  method: { fr: "méthode", en: "method" },
  most: { fr: "maximum", en: "most" },
  offset: { fr: "à l'octet", en: "at byte" },
  product: { fr: "produit", en: "product" },
  scenario: { fr: "scénario", en: "scenario" },
  side: { fr: "défaut", en: "fault" },
  size: { fr: "taille", en: "size" },
  subject: { fr: "sujet", en: "subject" },
  to: { fr: "au", en: "to" },
  type: { fr: "type", en: "type" },
  vendor: { fr: "éditeur", en: "vendor" },
  version: { fr: "version", en: "version" },
};

/** Values of facts that are words of ours. */
const VALUES: Readonly<Record<string, Text>> = {
  absent: { fr: "dans le manifeste, pas dans le paquet", en: "in the manifest, not in the bundle" },
  foreign: { fr: "aucune partie d'un paquet ne porte ce nom", en: "no part of a bundle has this name" },
  unlisted: { fr: "dans le paquet, pas dans le manifeste", en: "in the bundle, not in the manifest" },
};

const MAX_FACT = 160;

export interface RefusalText {
  readonly sentence: string;
  /** Null = the whole file. */
  readonly where: string | null;
  readonly mend: string;
}

/** A refusal as people read it. Foreign text in it is bounded and made visible; it still has to be escaped for its format. */
export function refusalText(
  { reason, where, slots }: Pick<Refusal, "reason" | "where" | "slots">,
  lang: "fr" | "en",
): RefusalText {
  const { says, mend } = REFUSALS[reason];
  const colon = lang === "fr" ? " : " : ": ";
  const facts = Object.entries(slots).map(([name, value]) => {
    const said = VALUES[value]?.[lang] ?? shown(String(value));
    return `${FACTS[name]?.[lang] ?? name}${colon}${said}`;
  });
  return {
    sentence: facts.length === 0 ? says[lang] : `${says[lang]} (${facts.join(lang === "fr" ? " ; " : "; ")})`,
    where: where === null ? null : shown(where),
    mend: mend[lang],
  };
}

function shown(foreign: string): string {
  const { text, left } = cut(foreign, MAX_FACT);
  return visible(text) + (left > 0 ? "…" : "");
}
