/** What `segur verify FOLDER` tells people. */
import type { Obstacle } from "../campaign/bundles.js";
import type { RepeatKind } from "../campaign/repeats.js";
import type { CampaignStatus, Fault } from "../campaign/summary.js";
import type { Lang } from "../output.js";

interface CampaignWords {
  readonly status: Readonly<Record<CampaignStatus, string>>;
  /** Width of the longest of them. */
  readonly width: number;
  readonly obstacles: Readonly<Record<Obstacle, string>>;
  readonly faults: Readonly<Record<Fault, string>>;
  readonly kinds: Readonly<Record<RepeatKind, string>>;
  /** `minutes` null = not known yet. */
  readonly live: (done: number, total: number, jobs: number, minutes: number | null) => string;
  readonly goingOn: (done: number, left: number) => string;
  readonly damaged: (count: number) => string;
  readonly retried: (count: number) => string;
  readonly fault: (file: string) => string;
  readonly interrupting: string;
  readonly interrupted: (done: number, total: number) => string;
  readonly total: (count: number) => string;
  readonly nobodyAsked: string;
  readonly unsettled: (count: number) => string;
  readonly repeats: string;
  readonly moreRepeats: (count: number) => string;
  readonly written: string;
  readonly colon: string;
}

const s = (count: number): string => (count === 1 ? "" : "s");

export const CAMPAIGN_WORDS: Readonly<Record<Lang, CampaignWords>> = {
  fr: {
    status: {
      equal: "IDENTIQUE",
      different: "DIFFÉRENT",
      refused: "REFUSÉ",
      cannot_recompute: "AUTRES RÈGLES",
      unread: "NON LU",
      failed: "DÉFAUT DE LA SUITE",
    },
    width: 18,
    obstacles: {
      link: "lien : il n'est pas suivi",
      not_a_file: "ce n'est pas un fichier ordinaire",
      unreadable: "illisible : vérifiez qui peut le lire",
    },
    faults: {
      worker_died: "le processus qui vérifiait s'est arrêté, deux fois ; cela ne dit rien du paquet",
      suite_fault: "la vérification elle-même a échoué ; cela ne dit rien du paquet",
    },
    kinds: {
      same_file: "même fichier",
      same_recording: "même enregistrement",
      same_run: "même exécution",
      same_evidence: "mêmes octets enregistrés",
      same_challenge: "même défi",
      same_key: "même clé pour plusieurs éditeurs",
    },
    live: (done, total, jobs, minutes) =>
      `${done}/${total}, ${jobs} processus${minutes === null ? "" : `, encore ${about(minutes)} environ`}`,
    goingOn: (done, left) => `${done} déjà vérifié${s(done)} ou sans objet, reste ${left}`,
    damaged: (count) => `${count} ligne${s(count)} du journal abîmée${s(count)} : ces paquets sont vérifiés de nouveau`,
    retried: (count) => `${count} paquet${s(count)} à reprendre, un par un, seul sur la machine`,
    fault: (file) => `Défaut de la suite elle-même sur ${file} ; merci de le signaler avec ce texte :`,
    interrupting: "Arrêt demandé : ce qui est vérifié est gardé…",
    interrupted: (done, total) =>
      `Interrompu : ${done} sur ${total} vérifié${s(done)} et gardé${s(done)}. La même commande reprend où elle s'est arrêtée.`,
    total: (count) => `${count} paquet${s(count)}`,
    nobodyAsked: "Intégrité seule : signataires inconnus (aucun fichier de confiance : --trust)",
    unsettled: (count) =>
      `${count} sans réponse définitive (borne de temps ou de mémoire, lecture, défaut de la suite) : la même commande ne reprend que ceux-là ; --timeout et --memory élargissent les bornes`,
    repeats: "Éléments présentés plus d'une fois (à éclaircir ; cela ne change aucun verdict) :",
    moreRepeats: (count) => `… et ${count} de plus (dans le JSON)`,
    written: "Écrit :",
    colon: " :",
  },
  en: {
    status: {
      equal: "EQUAL",
      different: "DIFFERENT",
      refused: "REFUSED",
      cannot_recompute: "OTHER RULES",
      unread: "NOT READ",
      failed: "FAULT OF THE SUITE",
    },
    width: 18,
    obstacles: {
      link: "a link: it is not followed",
      not_a_file: "not a plain file",
      unreadable: "cannot be read: check who may read it",
    },
    faults: {
      worker_died: "the process that verified it ended, twice; that says nothing about the bundle",
      suite_fault: "verifying itself failed; that says nothing about the bundle",
    },
    kinds: {
      same_file: "same file",
      same_recording: "same recording",
      same_run: "same run",
      same_evidence: "same recorded bytes",
      same_challenge: "same challenge",
      same_key: "same key for several vendors",
    },
    live: (done, total, jobs, minutes) =>
      `${done}/${total}, ${jobs} process${jobs === 1 ? "" : "es"}${minutes === null ? "" : `, about ${about(minutes)} left`}`,
    goingOn: (done, left) => `${done} already verified or not to be read, ${left} left`,
    damaged: (count) => `${count} damaged line${s(count)} of the journal: those bundles are verified again`,
    retried: (count) => `${count} bundle${s(count)} to try again, one by one, alone on the machine`,
    fault: (file) => `A fault of the suite itself on ${file}; please report it with this text:`,
    interrupting: "Asked to stop: what is verified is kept…",
    interrupted: (done, total) =>
      `Interrupted: ${done} of ${total} verified and kept. The same command goes on where it stopped.`,
    total: (count) => `${count} bundle${s(count)}`,
    nobodyAsked: "Integrity only: signers unknown (no trust file: --trust)",
    unsettled: (count) =>
      `${count} without a final answer (bound of time or memory, reading, fault of the suite): the same command tries only those again; --timeout and --memory widen the bounds`,
    repeats: "Shown more than once (to be cleared up; it changes no verdict):",
    moreRepeats: (count) => `… and ${count} more (in the JSON)`,
    written: "Written:",
    colon: ":",
  },
};

function about(minutes: number): string {
  return minutes < 1 ? `${Math.ceil(minutes * 60)} s` : `${Math.round(minutes)} min`;
}
