/** Why archives are refused, said to people (see refusals.ts). */
import type { Text } from "../../core/model/index.js";
import type { RefusalReason } from "../../core/seal/refusal.js";
import type { RefusalWords } from "./refusals.js";

export const SEAL_AGAIN: Text = {
  fr: "demandez un paquet fait par `segur seal`, jamais rouvert ni recompressé",
  en: "ask for a bundle as `segur seal` made it, never opened or packed again",
};
const SEND_AGAIN: Text = {
  fr: "transférez le fichier de nouveau et comparez sa taille ; s'il est le même, demandez un nouveau paquet",
  en: "transfer the file again and compare its size; if it is the same, ask for a new bundle",
};
const HOSTILE: Text = {
  fr: "n'ouvrez pas ce fichier avec un autre outil ; demandez à l'expéditeur d'où il vient",
  en: "do not open this file with another tool; ask the sender where it comes from",
};
const SMALLER: Text = {
  fr: "demandez un paquet plus petit : moins de fichiers de preuve, ou des fichiers plus légers",
  en: "ask for a smaller bundle: fewer files of proof, or lighter ones",
};

export const ARCHIVE_REFUSALS: Readonly<Record<Extract<RefusalReason, `archive_${string}`>, RefusalWords>> = {
  archive_bomb: {
    says: {
      fr: "l'archive gonflerait bien au-delà de ce que donne un paquet honnête (bombe de décompression)",
      en: "the archive would inflate far beyond what an honest bundle does (zip bomb)",
    },
    mend: HOSTILE,
  },
  archive_comment: {
    says: {
      fr: "l'archive contient un commentaire, qu'aucune empreinte ne protège",
      en: "the archive holds a comment, which no hash covers",
    },
    mend: SEAL_AGAIN,
  },
  archive_corrupt: {
    says: {
      fr: "le répertoire de l'archive se contredit ou désigne ce qui n'y est pas",
      en: "the directory of the archive contradicts itself, or points at what is not there",
    },
    mend: SEND_AGAIN,
  },
  archive_crc: {
    says: {
      fr: "le contenu d'une entrée n'a pas la somme de contrôle annoncée",
      en: "the content of an entry does not have the checksum it promises",
    },
    mend: SEND_AGAIN,
  },
  archive_deflate: {
    says: { fr: "une entrée ne se décompresse pas exactement", en: "an entry does not inflate exactly" },
    mend: SEND_AGAIN,
  },
  archive_duplicate: {
    says: {
      fr: "deux entrées de l'archive prennent la même place (même nom, même nom à la casse près, ou fichier et dossier)",
      en: "two entries of the archive take the same place (same name, same name but for case, or file and folder)",
    },
    mend: HOSTILE,
  },
  archive_encrypted: {
    says: { fr: "une entrée de l'archive est chiffrée", en: "an entry of the archive is encrypted" },
    mend: SEAL_AGAIN,
  },
  archive_folder: {
    says: { fr: "l'archive contient une entrée de dossier", en: "the archive holds an entry for a folder" },
    mend: SEAL_AGAIN,
  },
  archive_hidden_bytes: {
    says: {
      fr: "le fichier contient des octets qui n'appartiennent à aucune entrée",
      en: "the file holds bytes that belong to no entry",
    },
    mend: HOSTILE,
  },
  archive_link: {
    says: {
      fr: "une entrée de l'archive est un lien ou un fichier spécial",
      en: "an entry of the archive is a link or a special file",
    },
    mend: HOSTILE,
  },
  archive_local_header_differs: {
    says: {
      fr: "une entrée dit d'elle-même autre chose que ce qu'en dit le répertoire de l'archive",
      en: "an entry says of itself something else than what the directory of the archive says of it",
    },
    mend: HOSTILE,
  },
  archive_method: {
    says: {
      fr: "une entrée est compressée par une autre méthode que deflate",
      en: "an entry is compressed by another method than deflate",
    },
    mend: SEAL_AGAIN,
  },
  archive_multi_disk: {
    says: { fr: "l'archive est un morceau d'une archive découpée", en: "the archive is one part of a split archive" },
    mend: SEAL_AGAIN,
  },
  archive_not_zip: {
    says: { fr: "le fichier n'est pas une archive zip", en: "the file is not a zip archive" },
    mend: {
      fr: "donnez le fichier `.segur.zip` que `segur seal` a écrit",
      en: "give the `.segur.zip` file that `segur seal` wrote",
    },
  },
  archive_overlap: {
    says: { fr: "deux entrées de l'archive partagent des octets", en: "two entries of the archive share bytes" },
    mend: HOSTILE,
  },
  archive_path: {
    says: {
      fr: "un nom de l'archive sort du dossier ou porte des caractères interdits",
      en: "a name in the archive leaves the folder, or holds characters that are not allowed",
    },
    mend: HOSTILE,
  },
  archive_size_differs: {
    says: {
      fr: "une entrée ne donne pas le nombre d'octets annoncé",
      en: "an entry does not give the number of bytes it promises",
    },
    mend: HOSTILE,
  },
  archive_too_large: {
    says: {
      fr: "l'archive ou l'une de ses entrées dépasse la taille acceptée",
      en: "the archive or one of its entries is larger than what is accepted",
    },
    mend: SMALLER,
  },
  archive_too_many: {
    says: { fr: "l'archive a plus d'entrées que ce qui est accepté", en: "the archive has more entries than accepted" },
    mend: SMALLER,
  },
  archive_truncated: {
    says: { fr: "l'archive est coupée", en: "the archive is cut short" },
    mend: SEND_AGAIN,
  },
  archive_unsupported: {
    says: {
      fr: "l'archive emploie une possibilité du format zip dont aucun paquet n'a besoin",
      en: "the archive uses a feature of zip that no bundle needs",
    },
    mend: SEAL_AGAIN,
  },
};
