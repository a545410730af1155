/** What `segur review` says. */
import type { ReviewState } from "../../core/model/index.js";

const states: Readonly<Record<ReviewState, string>> = {
  accepted: "acceptée",
  refused: "refusée",
  complement: "complément demandé",
};

const fr = {
  waiting: "Preuves à examiner",
  complements: "Compléments demandés",
  lacking: "Exigences que seul l'adaptateur du logiciel affirme, sans preuve fournie",
  reviewed: "Preuves examinées",
  setAside: "Exigences écartées par les réponses du candidat, à vérifier aussi",
  repeated: "Scénarios rejoués : seul le dernier essai est jugé, les autres sont dans l'enregistrement",
  played: (attempts: number) => `${attempts} essais`,
  none: "aucune",
  states,
  bytes: "octets",
  by: (reviewer: string, agency: string, on: string) => `${reviewer} (${agency}), ${on}`,
  decisions: "Décision avec ces examens",
  complete: "Examens complets.",
  incomplete: "Examens incomplets : tout ce qui est fourni n'est pas tranché.",
  notALabel: "Ce n'est pas un label : seul `segur label issue` énonce une décision de l'agence.",
  written: (count: number, file: string) => `${count} ${count < 2 ? "examen écrit" : "examens écrits"} dans ${file}`,
  different:
    "! Le résultat annoncé n'est pas celui qu'un nouveau jugement donne (segur verify dit où) : aucun label ne peut en sortir.",
  refused: "Examens refusés",
  where: "où :",
  mend: "que faire :",
};

const en: typeof fr = {
  waiting: "Proofs to review",
  complements: "Complements asked for",
  lacking: "Requirements that the software's adapter alone answers for, without a proof supplied",
  reviewed: "Proofs reviewed",
  setAside: "Requirements set aside by the candidate's own answers, to be looked at too",
  repeated: "Scenarios played more than once: the latest attempt alone is judged, the others stand in the recording",
  played: (attempts) => `${attempts} attempts`,
  none: "none",
  states: { accepted: "accepted", refused: "refused", complement: "complement asked" },
  bytes: "bytes",
  by: (reviewer, agency, on) => `${reviewer} (${agency}), ${on}`,
  decisions: "Decision with these reviews",
  complete: "Reviews complete.",
  incomplete: "Reviews incomplete: not all that is supplied is settled.",
  notALabel: "This is no label: only `segur label issue` states a decision of the agency.",
  written: (count, file) => `${count} ${count === 1 ? "review" : "reviews"} written to ${file}`,
  different:
    "! The claimed result is not the one that judging again gives (segur verify says where): no label can come of it.",
  refused: "Reviews refused",
  where: "where:",
  mend: "what to do:",
};

export const REVIEW_WORDS = { fr, en } as const;
