/**
 * What is said of labels, in French and English. ANSWER_WORDS also stand in `reports/label-page/label-check.html`, word by word
 * (a test compares them): the page and the command give the same answer in the same words. `{slots}` are filled by `fillWords`.
 */
import type { Label, LabelObstacle } from "../../core/seal/label.js";
import type { LabelReason, LabelState } from "../../core/seal/label-check.js";
import type { Lang } from "../output.js";

export interface AnswerWords {
  /** The answer. Slots: at, on, issuedAt, validUntil. */
  readonly states: Readonly<Record<LabelState, string>>;
  /** Why, and what to do. Slots of the list: number, thisUpdate, nextUpdate. */
  readonly reasons: Readonly<Record<LabelReason, string>>;
  readonly fields: Readonly<Record<LabelField, string>>;
  readonly decision: Readonly<Record<Label["decision"], string>>;
  readonly none: string;
  /** Stands above the content of the label. */
  readonly says: string;
  /** Slots: number, thisUpdate, nextUpdate. */
  readonly list: string;
  /** Slot: reason. */
  readonly revocation: string;
}

export type LabelField =
  | "vendor"
  | "product"
  | "version"
  | "perimeter"
  | "basis"
  | "decision"
  | "issuer"
  | "issuedAt"
  | "validUntil"
  | "id"
  | "bundle"
  | "reviews"
  | "ruleSet"
  | "keyid";

export const ANSWER_WORDS: Readonly<Record<Lang, AnswerWords>> = {
  fr: {
    states: {
      valid: "Label authentique, valide au {at}",
      revoked: "Label authentique, mais révoqué le {on}",
      expired: "Label authentique, mais expiré depuis le {validUntil}",
      not_yet_valid: "Label authentique, mais pas encore valide : il prend effet le {issuedAt}",
      forged: "Label contrefait ou altéré : il ne vaut rien",
      cannot_tell: "Impossible de dire si ce label est valide au {at}",
    },
    reasons: {
      label_unreadable: "Ce fichier n'a pas la forme d'une déclaration signée.",
      label_type: "Ce fichier est une déclaration signée d'une autre nature : ce n'est pas un label.",
      label_signature:
        "Aucune clé reconnue pour signer des labels n'a signé ce contenu : il a été modifié après la signature, ou signé par quelqu'un d'autre.",
      label_key_dates: "La clé qui l'a signé n'était pas reconnue à la date d'émission que le label indique.",
      label_issuer: "Il se réclame d'une autre agence que celle dont la clé l'a signé.",
      no_key: "Aucune clé d'agence reconnue pour signer des labels n'a été donnée. Demandez-la à l'agence.",
      label_payload:
        "Une clé reconnue l'a signé, mais cette version ne sait pas lire son contenu. Essayez une version plus récente, ou demandez à l'agence.",
      list_missing: "Il manque la liste de révocation de l'agence. Demandez-lui la plus récente.",
      list_unreadable: "Le fichier donné comme liste de révocation n'en est pas une. Demandez-la à l'agence.",
      list_signature:
        "Aucune clé reconnue n'a signé la liste de révocation : elle a été modifiée, ou vient de quelqu'un d'autre. Demandez-la à l'agence.",
      list_issuer:
        "La liste de révocation est celle d'une autre agence. Demandez celle de l'agence qui a émis le label.",
      list_key_dates:
        "La clé qui a signé la liste de révocation n'était pas reconnue le jour de cette liste. Demandez à l'agence la plus récente.",
      list_stale:
        "La liste de révocation ne vaut que jusqu'au {nextUpdate} : depuis, le label a pu être révoqué. Demandez à l'agence la plus récente.",
      list_before_label:
        "La liste de révocation est du {thisUpdate}, avant l'émission du label : elle n'en dit rien. Demandez à l'agence la plus récente.",
    },
    fields: {
      vendor: "Éditeur",
      product: "Produit",
      version: "Version",
      perimeter: "Périmètre",
      basis: "Base du périmètre",
      decision: "Décision",
      issuer: "Émis par",
      issuedAt: "Émis le",
      validUntil: "Valable jusqu'au",
      id: "Identifiant du label",
      bundle: "Paquet scellé (SHA-256)",
      reviews: "Examens (SHA-256)",
      ruleSet: "Jeu de règles",
      keyid: "Clé de l'agence",
    },
    decision: { referencable: "référençable" },
    none: "aucun",
    says: "Ce que dit le label :",
    list: "Liste de révocation n° {number} du {thisUpdate}, qui vaut jusqu'au {nextUpdate}",
    revocation: "Motif donné par l'agence : {reason}",
  },
  en: {
    states: {
      valid: "Genuine label, valid as of {at}",
      revoked: "Genuine label, but revoked on {on}",
      expired: "Genuine label, but expired since {validUntil}",
      not_yet_valid: "Genuine label, but not yet valid: it takes effect on {issuedAt}",
      forged: "Forged or altered label: it is worth nothing",
      cannot_tell: "Cannot tell whether this label is valid as of {at}",
    },
    reasons: {
      label_unreadable: "This file has not the form of a signed statement.",
      label_type: "This file is a signed statement of another kind: it is no label.",
      label_signature:
        "No key trusted for labels signed this content: it was changed after it was signed, or signed by somebody else.",
      label_key_dates: "The key that signed it was not trusted on the date of issue that the label gives.",
      label_issuer: "It names another agency than the one whose key signed it.",
      no_key: "No agency key trusted for labels was given. Ask the agency for it.",
      label_payload:
        "A trusted key signed it, but this version cannot read its content. Try a newer version, or ask the agency.",
      list_missing: "The agency's revocation list is missing. Ask the agency for its newest one.",
      list_unreadable: "The file given as revocation list is none. Ask the agency for it.",
      list_signature:
        "No trusted key signed the revocation list: it was changed, or comes from somebody else. Ask the agency for it.",
      list_issuer: "The revocation list is that of another agency. Ask for that of the agency that issued the label.",
      list_key_dates:
        "The key that signed the revocation list was not trusted on the day of that list. Ask the agency for its newest one.",
      list_stale:
        "The revocation list holds until {nextUpdate} only: the label may have been revoked since. Ask the agency for its newest one.",
      list_before_label:
        "The revocation list is of {thisUpdate}, before the label was issued: it says nothing of it. Ask the agency for its newest one.",
    },
    fields: {
      vendor: "Vendor",
      product: "Product",
      version: "Version",
      perimeter: "Perimeter",
      basis: "Basis of the perimeter",
      decision: "Decision",
      issuer: "Issued by",
      issuedAt: "Issued on",
      validUntil: "Valid until",
      id: "Label id",
      bundle: "Sealed bundle (SHA-256)",
      reviews: "Reviews (SHA-256)",
      ruleSet: "Rule set",
      keyid: "Agency key",
    },
    decision: { referencable: "referencable" },
    none: "none",
    says: "What the label says:",
    list: "Revocation list no. {number} of {thisUpdate}, which holds until {nextUpdate}",
    revocation: "Reason given by the agency: {reason}",
  },
};

/** Puts values into the `{slots}` of a sentence; one that has no value stays as it is. */
export function fillWords(sentence: string, slots: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(slots, name) ? (slots[name] ?? whole) : whole,
  );
}

/** `2026-11-21T20:56:18Z` for people; a text that is no instant stays. */
export function spokenInstant(instant: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(instant)
    ? `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`
    : instant;
}

/** What a label rests on, as `label issue` tells it. */
interface GroundWords {
  readonly title: string;
  /** Verification stopped before anything was found out. */
  readonly unknown: string;
  readonly setAside: string;
  readonly repeated: string;
  readonly countersignature: string;
  readonly challenge: string;
  readonly rules: string;
  /** Slots: rows, reasons. */
  readonly rows: string;
  readonly noRows: string;
  /** Slots: scenario, attempts. */
  readonly attempts: string;
  readonly noRepeated: string;
  readonly noCountersignature: string;
  readonly noChallenge: string;
  readonly issuerUnknown: string;
  readonly ownRules: string;
}

interface CommandWords {
  readonly ground: GroundWords;
  readonly unverified: string;
  readonly keyHints: string;
  readonly refused: string;
  readonly obstacles: Readonly<Record<LabelObstacle, string>>;
  readonly issued: string;
  readonly refreshHint: string;
  readonly revoked: string;
  /** Follows `revoked` when an id was given, not a label. */
  readonly idUnread: string;
  readonly refreshed: string;
  readonly pageWritten: string;
}

/** What the commands say besides an answer. `{detail}`: what the obstacle names. */
export const LABEL_WORDS: Readonly<Record<Lang, CommandWords>> = {
  fr: {
    ground: {
      title: "Ce sur quoi reposerait un label de ce paquet, à regarder avant de le signer :",
      unknown: "On ne sait pas sur quoi reposerait un label : la vérification s'est arrêtée avant.",
      setAside: "écarté par le candidat",
      repeated: "scénarios rejoués",
      countersignature: "contreseing",
      challenge: "défi",
      rules: "règles d'agence",
      rows: "exigences écartées par ses propres réponses, tous périmètres du paquet : {rows} ({reasons})",
      noRows: "aucune exigence",
      attempts: "{scenario} ({attempts} tentatives, seule la dernière est jugée)",
      noRepeated: "aucun",
      noCountersignature: "aucun : aucune agence ne dit avoir hébergé la session",
      noChallenge: "aucun",
      issuerUnknown: "pas d'une agence reconnue",
      ownRules: "aucune : les règles de la suite seules",
    },
    unverified:
      "Ce que dit ce fichier. RIEN N'EST VÉRIFIÉ ici, ni la signature ni la révocation : `segur label check` le fait.",
    keyHints: "Clé annoncée",
    refused: "Aucun label n'est émis :",
    obstacles: {
      key_algorithm: "la clé est {detail} ; un label se signe en ECDSA P-256 (`segur keys --for agency`)",
      key_not_trusted:
        "la clé {detail} n'est pas celle d'une agence habilitée à signer des labels dans le fichier de confiance",
      key_dates: "la clé n'est pas reconnue pour les labels au {detail}",
      verify_not_equal: "la vérification du paquet ne donne pas « equal » mais : {detail} (voir `segur verify`)",
      signer_not_trusted: "le signataire du paquet n'est pas reconnu pour ce candidat",
      not_homologation: "la session n'est pas une homologation ({detail})",
      challenge_missing: "la session a été jouée sans défi",
      challenge_not_agency: "le défi de la session n'est pas celui d'une agence reconnue",
      traces_missing: "les octets enregistrés ne portent pas tout ce que le défi a tiré",
      repeated:
        "des scénarios ont été joués plusieurs fois et seule la dernière tentative est jugée ; une personne regarde les précédentes, puis --repeated-examined le dit : {detail}",
      perimeter_unknown: "le paquet ne juge pas ce périmètre ; il juge : {detail}",
      to_review: "des exigences attendent un examen : {detail}",
      complement_asked: "un complément est demandé pour : {detail}",
      owed: "des preuves sont dues pour : {detail}",
      not_referencable: "la décision du périmètre, examens compris, est « {detail} »",
      dates: "la fin de validité n'est pas après l'émission ({detail})",
      unsayable: "un texte du candidat est vide ou trop long pour un label",
    },
    issued: "Label émis, valable jusqu'au {validUntil}",
    refreshHint:
      "Publiez avec lui une liste de révocation plus récente que lui (`segur label revoke --refresh`, avec --first pour la toute première) : sans elle, personne ne peut le dire valide.",
    revoked: "Label {id} révoqué",
    idUnread:
      "ATTENTION : cet identifiant n'a été comparé à aucun label. S'il est mal recopié, le label visé reste valide : donnez plutôt le fichier .label.json, ou contrôlez-le avec `segur label check` et cette liste.",
    refreshed: "Liste émise à nouveau, sans révocation nouvelle",
    pageWritten: "Page écrite avec {count} clé(s) d'agence",
  },
  en: {
    ground: {
      title: "What a label of this bundle would rest on, to be looked at before it is signed:",
      unknown: "What a label would rest on is not known: verification stopped before it.",
      setAside: "set aside by candidate",
      repeated: "repeated scenarios",
      countersignature: "countersignature",
      challenge: "challenge",
      rules: "rule pack",
      rows: "rows set aside by its own answers, all perimeters of the bundle: {rows} ({reasons})",
      noRows: "no row",
      attempts: "{scenario} ({attempts} attempts, the last alone is judged)",
      noRepeated: "none",
      noCountersignature: "none: no agency says that it hosted the session",
      noChallenge: "none",
      issuerUnknown: "not of a trusted agency",
      ownRules: "none: the rules of the suite alone",
    },
    unverified:
      "What this file says. NOTHING IS VERIFIED here, neither signature nor revocation: `segur label check` does that.",
    keyHints: "Key announced",
    refused: "No label is issued:",
    obstacles: {
      key_algorithm: "the key is {detail}; a label is signed with ECDSA P-256 (`segur keys --for agency`)",
      key_not_trusted: "the key {detail} is not that of an agency that may sign labels by the trust file",
      key_dates: "the key is not trusted for labels on {detail}",
      verify_not_equal: 'verifying the bundle does not give "equal" but: {detail} (see `segur verify`)',
      signer_not_trusted: "the bundle's signer is not trusted for this candidate",
      not_homologation: "the session is no homologation ({detail})",
      challenge_missing: "the session was played without a challenge",
      challenge_not_agency: "the challenge of the session is not that of a trusted agency",
      traces_missing: "the recorded bytes do not carry all that the challenge drew",
      repeated:
        "scenarios were played more than once and the last attempt alone is judged; a person looks at the earlier ones, then --repeated-examined says so: {detail}",
      perimeter_unknown: "the bundle does not judge this perimeter; it judges: {detail}",
      to_review: "rows await a review: {detail}",
      complement_asked: "a complement is asked for: {detail}",
      owed: "proofs are owed for: {detail}",
      not_referencable: 'the decision of the perimeter, reviews included, is "{detail}"',
      dates: "the end of validity is not after the issue ({detail})",
      unsayable: "a text of the candidate is empty or too long for a label",
    },
    issued: "Label issued, valid until {validUntil}",
    refreshHint:
      "Publish with it a revocation list newer than it (`segur label revoke --refresh`, with --first for the very first one): without one, nobody can call it valid.",
    revoked: "Label {id} revoked",
    idUnread:
      "MIND: this id was not checked against a label. If it is mistyped, the label that was meant stays valid: better give the .label.json file, or check that file with `segur label check` and this list.",
    refreshed: "List issued again, without a new revocation",
    pageWritten: "Page written with {count} agency key(s)",
  },
};
