/** The rules on proofs, in French. */
import type { RuleBook } from "./proof-rules.js";

export const PROOF_RULES_FR: RuleBook = {
  "no-file": {
    expected: "au moins un fichier",
    found: () => "aucun fichier n'est fourni",
    mend: () => "ajouter le fichier : segur dossier add",
  },
  "file-empty": {
    expected: "un fichier qui contient quelque chose",
    found: ({ file }) => `${file} est vide (0 octet) : il ne compte pas comme une preuve`,
    mend: () => "refaire l'export ou la copie du fichier",
  },
  "file-blank": {
    expected: "un texte lisible",
    found: ({ file }) => `${file} ne contient que des blancs`,
    mend: () => "fournir le fichier rempli",
  },
  "file-unrecognised": {
    expected: "un format courant : vidéo, image, PDF, document, texte, courriel, archive zip",
    found: ({ file }) => `le contenu de ${file} n'est d'aucun format connu d'ici`,
    mend: () => "vérifier qu'il s'ouvre ; au besoin, l'exporter dans un format courant",
  },
  "file-format": {
    expected: "un format habituel pour la preuve demandée",
    found: ({ file, type, kinds }) => `${file} est de type ${type}, inhabituel pour : ${kinds}`,
    mend: () => "vérifier que c'est le bon fichier, ou l'exporter dans un format habituel",
  },
  "file-extension": {
    expected: "une extension qui dit le vrai format",
    found: ({ file, ending, type }) => `${file} se termine par .${ending}, mais son contenu est de type ${type}`,
    mend: () => "corriger l'extension, ou fournir le bon fichier",
  },
  "file-size": {
    expected: "un fichier assez petit pour être déposé",
    found: ({ file, bytes, limit }) => `${file} pèse ${bytes} octets, plus que ${limit}`,
    mend: () =>
      "réduire la définition ou la durée, ou relever la limite (dossier.yaml, limits: fileBytes) ; la limite du portail n'est publiée nulle part que nous ayons trouvé",
  },
  "file-age": {
    expected: "une preuve récente",
    found: ({ addedOn, months }) => `ajoutée le ${addedOn}, il y a plus de ${months} mois`,
    mend: () => "vérifier qu'elle montre encore le logiciel tel qu'il est, sinon la refaire",
  },
  "file-name": {
    expected: "un nom de fichier qui porte le numéro de la preuve",
    found: ({ file }) => `${file} ne porte pas le numéro de la preuve`,
    mend: ({ normal }) => `nom proposé : ${normal} (segur dossier export le pose)`,
  },
  "file-twice": {
    expected: "des fichiers différents",
    found: ({ file, other }) => `${file} et ${other} sont le même fichier`,
    mend: () => "en retirer un, ou fournir le fichier qui manque",
  },
  "file-shared": {
    expected: "un fichier qui répond à chaque preuve pour laquelle il est donné",
    found: ({ file, ids, count }) => `${file} est aussi donné pour ${count} preuve(s) d'une autre nature : ${ids}`,
    mend: () => "vérifier qu'il n'a pas été pris pour un autre",
  },
  "video-unreadable": {
    expected: "une vidéo entière, dont la durée se lit",
    found: ({ file }) => `la durée de ${file} ne se lit pas : vidéo tronquée, abîmée ou sans image`,
    mend: () => "vérifier qu'elle se lit jusqu'au bout, sinon refaire l'export",
  },
  "video-unmeasured": {
    expected: "une vidéo MP4, MOV, WebM ou Matroska, dont la durée se lit ici",
    found: ({ file, type }) => `${file} est de type ${type} : sa durée n'est pas lue ici`,
    mend: () => "l'exporter en MP4 ou en WebM, que tout relecteur peut ouvrir",
  },
  "video-short": {
    expected: "une vidéo qui montre le scénario",
    found: ({ file, seconds, least }) => `${file} dure ${seconds} s, moins de ${least} s`,
    mend: () => "vérifier que l'enregistrement est complet",
  },
  "picture-small": {
    expected: "une image lisible",
    found: ({ file, width, height }) => `${file} mesure ${width} × ${height} pixels : trop petit pour être lu`,
    mend: () => "refaire la capture à la taille de l'écran",
  },
  "mail-without-headers": {
    expected: "la source du courriel, en-têtes compris",
    found: ({ file }) => `${file} n'a pas d'en-têtes de courriel (From, To, Subject…)`,
    mend: () => "enregistrer la source complète du message (.eml)",
  },
  "log-without-time": {
    expected: "un horodatage sur les lignes d'un journal",
    found: ({ file }) => `aucun horodatage n'est reconnu dans ${file}`,
    mend: () => "fournir l'extrait avec la date et l'heure de chaque ligne",
  },
  "log-without-actor": {
    expected: "l'acteur de chaque action d'un journal",
    found: ({ file }) => `aucun acteur (utilisateur, identifiant, adresse) n'est reconnu dans ${file}`,
    mend: () => "fournir l'extrait où l'on voit qui a agi",
  },
  placeholder: {
    expected: "un texte fini",
    found: ({ file, found, line, count }) =>
      `${file}, ligne ${line} : « ${found} » semble laissé par un modèle${Number(count) > 1 ? ` (${count} lignes en tout)` : ""}`,
    mend: () => "compléter le document",
  },
  "signature-unseen": {
    expected: "une attestation signée",
    found: () => "aucune signature électronique n'est vue (PDF, XML, document, .p7s ou .asc à côté)",
    mend: () => "la signer ; si elle est signée à la main, le relecteur en jugera",
  },
  "other-version": {
    expected: "la version présentée au référencement",
    found: ({ shown, candidate }) => `la preuve montre la version ${shown}, le dossier présente la ${candidate}`,
    mend: () => "refaire la preuve avec la version présentée",
  },
  "pentest-facts-missing": {
    expected: "la date du formulaire et ses non-conformités par gravité",
    found: () =>
      "elles ne sont pas déclarées : la règle d'un an et la gravité haute ne peuvent pas être contrôlées, et seule une agence peut l'accepter",
    mend: () =>
      "les déclarer (segur dossier add --fact, ou dossier.yaml : kind=pentest), si cette preuve est le formulaire",
  },
  "pentest-too-old": {
    expected: "un formulaire daté de moins d'un an au dépôt",
    found: ({ on, last, asOf }) => `daté du ${on}, valable jusqu'au ${last} ; on est le ${asOf}`,
    mend: () => "refaire le test d'intrusion",
  },
  "pentest-date-future": {
    expected: "un test terminé",
    found: ({ on, asOf }) => `daté du ${on}, après le ${asOf}`,
    mend: () => "corriger la date déclarée",
  },
  "pentest-date-unreadable": {
    expected: "une date AAAA-MM-JJ du calendrier",
    found: ({ on }) => `« ${on} » n'est pas une date`,
    mend: () => "corriger la date déclarée",
  },
  "pentest-last-day": {
    expected: "un formulaire daté de moins d'un an au dépôt",
    found: ({ on }) => `daté du ${on} : il a un an aujourd'hui, dernier jour utile`,
    mend: () => "déposer aujourd'hui, ou refaire le test",
  },
  "pentest-high": {
    expected: "aucune non-conformité de gravité haute (éliminatoire)",
    found: ({ count }) => `${count} non-conformité(s) de gravité haute`,
    mend: () => "corriger le logiciel et faire contrôler à nouveau",
  },
  "pentest-medium": {
    expected: "un nombre toléré de non-conformités de gravité moyenne",
    found: ({ count, limit }) =>
      `${count} non-conformité(s) de gravité moyenne ; seuil d'alerte ${limit} (une page officielle dit jusqu'à 10, une autre moins de 10)`,
    mend: () => "en corriger, ou demander à l'agence quelle limite vaut (seuil : dossier.yaml, limits: pentestMedium)",
  },
  "pentest-uncommented": {
    expected: "un commentaire pour chaque point NON ou sans objet",
    found: ({ count }) => `${count} point(s) NON ou sans objet sans commentaire`,
    mend: () => "faire compléter le formulaire par l'auditeur",
  },
  "pentest-unsigned": {
    expected: "un PDF signé électroniquement par l'auditeur",
    found: () => "aucune signature électronique n'est vue dans les fichiers",
    mend: () => "fournir le PDF d'origine, signé, et non une copie imprimée ou réexportée",
  },
  "pentest-date-unseen": {
    expected: "la date déclarée, écrite dans le formulaire",
    found: ({ on }) => `la date déclarée (${on}) ne se retrouve pas dans le texte du fichier`,
    mend: () => "vérifier la date déclarée et le fichier fourni",
  },
  "pentest-auditor": {
    expected: "le nom de l'auditeur",
    found: () => "l'auditeur n'est pas déclaré",
    mend: () => "le déclarer (segur dossier add --fact, ou dossier.yaml : auditor)",
  },
  "certificate-facts-missing": {
    expected: "le numéro et la version du certificat",
    found: () => "ils ne sont pas déclarés : la version ne peut pas être comparée",
    mend: () => "les déclarer (segur dossier add --fact, ou dossier.yaml : kind=certificate)",
  },
  "certificate-number": {
    expected: "le numéro du certificat",
    found: () => "le numéro déclaré est vide",
    mend: () => "le recopier tel que le CNDA l'a écrit",
  },
  "certificate-number-unseen": {
    expected: "le numéro déclaré, écrit dans le certificat",
    found: ({ number }) => `« ${number} » ne se retrouve pas dans le texte du fichier`,
    mend: () => "vérifier le numéro déclaré et le fichier fourni",
  },
  "certificate-version": {
    expected: "un certificat de la version présentée",
    found: ({ version, candidate }) =>
      `le certificat vaut pour la version ${version}, le dossier présente la ${candidate}`,
    mend: () => "vérifier auprès du CNDA que le certificat couvre la version présentée",
  },
  "certificate-product-unseen": {
    expected: "le nom du logiciel, écrit dans le certificat",
    found: ({ product }) => `« ${product} » ne se retrouve pas dans le texte du fichier`,
    mend: () => "vérifier que c'est le certificat de ce logiciel (un nom d'usage peut différer)",
  },
  "certificate-expired": {
    expected: "un certificat en cours de validité",
    found: ({ expires }) => `il a expiré le ${expires}`,
    mend: () => "fournir le certificat renouvelé",
  },
  "certificate-dates": {
    expected: "des dates du calendrier, dans l'ordre",
    found: ({ issued, expires }) => `dates à revoir : délivré « ${issued} », expire « ${expires} »`,
    mend: () => "corriger les dates déclarées",
  },
  "execution-reference": {
    expected: "un identifiant d'exécution ou un lien permanent en https",
    found: ({ reference }) => `« ${reference} » n'est ni l'un ni l'autre`,
    mend: () => "recopier l'identifiant ou le lien donné par l'espace de test",
  },
  "execution-host": {
    expected: "un lien vers l'espace de test (interop.referencement.esante.gouv.fr)",
    found: ({ host }) => `le lien mène à ${host}`,
    mend: () => "vérifier que l'exécution a été faite dans l'espace de test du référencement",
  },
  "execution-test-case": {
    expected: "un cas de test connu",
    found: ({ testCase }) =>
      `« ${testCase} » n'est pas des cas de test que nous connaissons (la liste a pu s'allonger)`,
    mend: () => "vérifier le nom du cas de test",
  },
  "execution-failed": {
    expected: "une exécution réussie",
    found: ({ result }) => `résultat déclaré : « ${result} »`,
    mend: () => "rejouer le cas de test et déclarer l'exécution réussie",
  },
  "commitment-signatory": {
    expected: "le nom du signataire",
    found: () => "le signataire n'est pas déclaré",
    mend: () => "le déclarer (segur dossier add --fact, ou dossier.yaml : signedBy)",
  },
  "commitment-date": {
    expected: "une date du calendrier, passée",
    found: ({ on }) => `date de l'engagement à revoir : « ${on} »`,
    mend: () => "corriger la date déclarée",
  },
};
