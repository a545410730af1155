/** What `segur seal`, `verify`, `countersign` and `challenge` tell people. */
import type { Lang } from "../output.js";

interface VerifyWords {
  readonly status: Readonly<Record<"equal" | "different" | "refused" | "cannot_recompute", string>>;
  readonly candidate: string;
  readonly run: string;
  readonly mode: string;
  readonly modes: Readonly<Record<"sandbox" | "rehearsal" | "homologation", string>>;
  readonly signer: string;
  readonly signerTrusted: string;
  readonly signerUnknown: string;
  readonly challenge: string;
  readonly noChallenge: string;
  readonly issuerUnknown: string;
  readonly traced: (found: number, expected: number) => string;
  readonly countersignature: string;
  readonly noCountersignature: string;
  readonly reason: string;
  readonly where: string;
  readonly mend: string;
  readonly needed: (version: string, ruleSet: string, rules: string | null) => string;
  readonly decision: string;
  readonly decisions: Readonly<Record<"referencable" | "not_referencable" | "undetermined", string>>;
  readonly reasons: Readonly<Record<"breach" | "owed" | "error", string>>;
  /** Beside a good decision of a session in which the candidate speaks for itself. */
  readonly own: string;
  readonly setAside: string;
  readonly repeated: string;
  readonly played: (scenario: string, attempts: number) => string;
  readonly differences: (count: number) => string;
  readonly claimed: string;
  readonly recomputed: string;
  readonly more: (count: number) => string;
  readonly notADecision: string;
  readonly unseen: string;
  readonly told: string;
  readonly sealed: (file: string) => string;
  readonly digest: string;
  readonly countersigned: (file: string) => string;
  readonly issued: (file: string) => string;
  readonly until: string;
}

export const VERIFY_WORDS: Readonly<Record<Lang, VerifyWords>> = {
  fr: {
    status: {
      equal: "IDENTIQUE : rejugé depuis les octets enregistrés, le résultat est celui qui est affirmé",
      different: "DIFFÉRENT : rejugé depuis les octets enregistrés, le résultat n'est pas celui qui est affirmé",
      refused: "REFUSÉ",
      cannot_recompute: "NE PEUT PAS ÊTRE REJUGÉ ICI : fait avec un autre jeu de règles",
    },
    candidate: "candidat",
    run: "exécution",
    mode: "session",
    modes: { sandbox: "bac à sable", rehearsal: "répétition", homologation: "homologation" },
    signer: "signataire",
    signerTrusted: "clé de confiance pour ce candidat",
    signerUnknown: "intégrité seule, signataire inconnu (aucun fichier de confiance : --trust)",
    challenge: "défi",
    noChallenge: "aucun",
    issuerUnknown: "émetteur non vérifié",
    traced: (found, expected) => `tracé dans ${found} scénario${found > 1 ? "s" : ""} sur ${expected}`,
    countersignature: "contreseing",
    noCountersignature: "aucun",
    reason: "motif",
    where: "où",
    mend: "que faire",
    needed: (version, ruleSet, rules) =>
      `il faut la version ${version}, jeu de règles ${ruleSet}${rules === null ? "" : `, avec les règles d'agence ${rules} (--specs)`}`,
    decision: "décision recalculée",
    decisions: { referencable: "référençable", not_referencable: "non référençable", undetermined: "indéterminée" },
    reasons: { breach: "écart", owed: "reste dû", error: "erreur de la suite" },
    own: "bac à sable : le candidat relit ses propres preuves",
    setAside: "écarté par déclaration",
    repeated: "scénario rejoué",
    played: (scenario, attempts) => `${scenario} : ${attempts} tentatives, seule la dernière est jugée`,
    differences: (count) => `${count} différence${count > 1 ? "s" : ""}`,
    claimed: "affirmé",
    recomputed: "recalculé",
    more: (count) => `… et ${count} de plus (--json les donne toutes)`,
    notADecision: "Vérification technique : ce n'est pas une décision de l'agence.",
    unseen: "non exploré à la recherche de données privées :",
    told: "à regarder vous-même, peut-être une donnée privée :",
    sealed: (file) => `Paquet scellé : ${file}`,
    digest: "SHA-256",
    countersigned: (file) => `Contreseing signé : ${file}`,
    issued: (file) => `Défi signé : ${file}`,
    until: "valable jusqu'au",
  },
  en: {
    status: {
      equal: "EQUAL: judged again from the recorded bytes, the result is the one claimed",
      different: "DIFFERENT: judged again from the recorded bytes, the result is not the one claimed",
      refused: "REFUSED",
      cannot_recompute: "CANNOT BE RECOMPUTED HERE: made with another rule set",
    },
    candidate: "candidate",
    run: "run",
    mode: "session",
    modes: { sandbox: "sandbox", rehearsal: "rehearsal", homologation: "homologation" },
    signer: "signer",
    signerTrusted: "key trusted for this candidate",
    signerUnknown: "integrity only, signer unknown (no trust file: --trust)",
    challenge: "challenge",
    noChallenge: "none",
    issuerUnknown: "issuer not verified",
    traced: (found, expected) => `traced in ${found} of ${expected} scenarios`,
    countersignature: "countersignature",
    noCountersignature: "none",
    reason: "reason",
    where: "where",
    mend: "what to do",
    needed: (version, ruleSet, rules) =>
      `version ${version} is needed, rule set ${ruleSet}${rules === null ? "" : `, with the rule pack ${rules} (--specs)`}`,
    decision: "recomputed decision",
    decisions: { referencable: "referencable", not_referencable: "not referencable", undetermined: "undetermined" },
    reasons: { breach: "breach", owed: "owed", error: "error of the suite" },
    own: "sandbox: the candidate reviews its own proofs",
    setAside: "set aside by answer",
    repeated: "scenario repeated",
    played: (scenario, attempts) => `${scenario}: ${attempts} attempts, the last alone is judged`,
    differences: (count) => `${count} difference${count === 1 ? "" : "s"}`,
    claimed: "claimed",
    recomputed: "recomputed",
    more: (count) => `… and ${count} more (--json gives them all)`,
    notADecision: "A technical verification: not a decision of the agency.",
    unseen: "not looked into for private data:",
    told: "to be looked at by you, perhaps private data:",
    sealed: (file) => `Sealed bundle: ${file}`,
    digest: "SHA-256",
    countersigned: (file) => `Countersignature written: ${file}`,
    issued: (file) => `Challenge signed: ${file}`,
    until: "valid until",
  },
};
