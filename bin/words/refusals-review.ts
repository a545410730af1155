/** Why reviews and rule packs are refused, said to people (see refusals.ts). */
import type { Text } from "../../core/model/index.js";
import type { RefusalReason } from "../../core/seal/refusal.js";
import type { RefusalWords } from "./refusals.js";

const WHOLE_FILE: Text = {
  fr: "reprenez le fichier tel que `segur review` l'a écrit, depuis le dernier endroit sûr",
  en: "take the file again as `segur review` wrote it, from the last safe place",
};
const OWN_FILE: Text = {
  fr: "mettez à côté du paquet le fichier d'examen qui a été fait pour lui",
  en: "put beside the bundle the reviews that were made for it",
};

export const REVIEW_REFUSALS: Readonly<
  Record<Extract<RefusalReason, `review_${string}` | `rules_${string}`>, RefusalWords>
> = {
  review_agency: {
    says: {
      fr: "aucune clé d'agence de confiance pour les examens, à cette date, n'a signé cette ligne",
      en: "no agency key trusted for reviews at that date signed this line",
    },
    mend: {
      fr: "donnez à la clé de l'agence le rôle `review` dans le fichier de confiance, ou écartez ce fichier d'examen",
      en: "give the agency's key the role `review` in the trust file, or set these reviews aside",
    },
  },
  review_bundle: {
    says: { fr: "l'examen porte sur un autre paquet", en: "the review is about another bundle" },
    mend: OWN_FILE,
  },
  review_candidate: {
    says: { fr: "l'examen porte sur un autre candidat", en: "the review is about another candidate" },
    mend: OWN_FILE,
  },
  review_chain: {
    says: {
      fr: "une ligne ne suit pas la précédente : une ligne a été ôtée, ajoutée, changée ou déplacée",
      en: "a line does not follow the one before it: a line was removed, added, altered or moved",
    },
    mend: WHOLE_FILE,
  },
  review_order: {
    says: { fr: "une ligne est plus ancienne que la précédente", en: "a line is older than the one before it" },
    mend: WHOLE_FILE,
  },
  review_stray: {
    says: {
      fr: "l'examen parle d'une preuve qui n'est pas dans le paquet, ou qui ne sert aucune exigence applicable de ses périmètres",
      en: "the review speaks of a proof that is not in the bundle, or that bears on no applicable row of its perimeters",
    },
    mend: OWN_FILE,
  },
  review_unreadable: {
    says: { fr: "les examens ne sont pas lisibles", en: "the reviews cannot be read" },
    mend: WHOLE_FILE,
  },
  rules_agency: {
    says: {
      fr: "les règles de cette session d'homologation ne sont signées par aucune agence de confiance",
      en: "the rule pack of this homologation session is signed by no trusted agency",
    },
    mend: {
      fr: "prenez les règles de l'agence elle-même, et sa clé au rôle `rules` dans keys.yaml",
      en: "take the rule pack of the agency itself, and its key with the role `rules` in keys.yaml",
    },
  },
  rules_unreadable: {
    says: {
      fr: "le manifeste signé des règles d'agence n'est pas lisible",
      en: "the signed manifest of the rule pack cannot be read",
    },
    mend: {
      fr: "demandez de nouveau ces règles à l'agence ; leur auteur les signe avec `segur rules sign`",
      en: "get the pack again from the agency; its author signs it with `segur rules sign`",
    },
  },
};
