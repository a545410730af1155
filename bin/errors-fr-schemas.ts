/**
 * French of what the schemas of files that people write say they expect (`description` in specs/schemas: segur, dossier, trust, review,
 * rules). Examples stay as they are: they are to be copied.
 */
export const SCHEMA_PAIRS: readonly (readonly [english: string, french: string])[] = [
  ["the path of a file, relative to the dossier", "le chemin d'un fichier, relatif au dossier de preuves"],
  ["the path of a file, relative to this file", "le chemin d'un fichier, relatif à ce fichier"],
  ["the path of a PEM file, relative to this file", "le chemin d'un fichier PEM, relatif à ce fichier"],
  ["a folder, relative to this file", "un dossier, relatif à ce fichier"],
  ["the folder of the dossier, relative to this file", "le dossier des preuves, relatif à ce fichier"],
  [
    "the folder of a checkout of the agency's rules, relative to this file",
    "le dossier d'une copie des règles de l'agence, relatif à ce fichier",
  ],
  ["the file name of a volet of that checkout", "le nom de fichier d'un volet de cette copie"],
  ["a SHA-256 in hexadecimal", "un SHA-256 en hexadécimal"],
  ["a date such as 2026-11-21", "une date telle que 2026-11-21"],
  ["a UTC time such as 2026-11-21T18:25:00Z", "une heure UTC telle que 2026-11-21T18:25:00Z"],
  ["a UTC time such as 2026-11-21T18:25:00.000Z", "une heure UTC telle que 2026-11-21T18:25:00.000Z"],
  ["a count", "un nombre entier, 0 ou plus"],
  [
    "facts such as {kind: pentest, on: 2026-05-01, auditor: X, failures: {high: 0, medium: 0}}, or of kind certificate (number, version), execution (reference), commitment (signedBy, on)",
    "des faits tels que {kind: pentest, on: 2026-05-01, auditor: X, failures: {high: 0, medium: 0}}, ou de type certificate (number, version), execution (reference), commitment (signedBy, on)",
  ],
  [
    "a claim such as {justification: why the row does not apply}",
    "une déclaration telle que {justification: pourquoi l'exigence ne s'applique pas}",
  ],
  [
    "an answer such as {applies: false, justification: why}",
    "une réponse telle que {applies: false, justification: pourquoi}",
  ],
  ["domain: none, some, half, most or all", "domaine : none, some, half, most ou all"],
  ["lower case letters, digits and hyphens", "des lettres minuscules, des chiffres et des tirets"],
  [
    "the sub-profiles the product claims; [] when it claims none",
    "les sous-profils que revendique le produit ; [] s'il n'en revendique aucun",
  ],
  [
    "row id: the official scenario id the candidate took",
    "identifiant d'exigence : l'identifiant officiel du scénario que le candidat a choisi",
  ],
  ["a whole number of seconds, 1 to 86400", "un nombre entier de secondes, de 1 à 86400"],
  ["milliseconds, 0 to 60000", "des millisecondes, de 0 à 60000"],
  ["true or false", "true ou false"],
  ["an http or https URL", "une adresse http ou https"],
  ["a port, 0 to 65535 (0 = given by the system)", "un port, de 0 à 65535 (0 = donné par le système)"],
  [
    "the address to listen on; 127.0.0.1 unless the vendor's machine is another one",
    "l'adresse d'écoute ; 127.0.0.1, sauf si la machine de l'éditeur est une autre",
  ],
  [
    "ports by listener name, for services with several listeners",
    "des ports par nom d'écoute, pour les services qui en ont plusieurs",
  ],
  [
    "a list of candidates, each with the key or the authority that speaks for it",
    "une liste de candidats, chacun avec la clé ou l'autorité qui parle pour lui",
  ],
  ["the vendor as it stands in its segur.yaml", "l'éditeur tel qu'il figure dans son segur.yaml"],
  [
    "the product as it stands in its segur.yaml; without it, any product of the vendor",
    "le produit tel qu'il figure dans son segur.yaml ; sans lui, tout produit de l'éditeur",
  ],
  [
    "one attribute of the certificate's subject, whole, such as CN=Exemple",
    "un attribut du sujet du certificat, entier, tel que CN=Exemple",
  ],
  [
    "a list of agencies, each with a key and what it may sign",
    "une liste d'agences, chacune avec une clé et ce qu'elle peut signer",
  ],
  ["the agency's name, the same for all its keys", "le nom de l'agence, le même pour toutes ses clés"],
  [
    "a serial number in hexadecimal, as openssl x509 -serial writes it",
    "un numéro de série en hexadécimal, tel que l'écrit openssl x509 -serial",
  ],
  [
    "a list of serial numbers of certificates, each with its day",
    "une liste de numéros de série de certificats, chacun avec son jour",
  ],
  ["a text in PEM (-----BEGIN …)", "un texte PEM (-----BEGIN …)"],
  ["a list of row, proof, state and reason", "une liste de row, proof, state et reason"],
  ["one line of text, 300 characters at most", "une ligne de texte, 300 caractères au plus"],
  ["a text, 4,000 characters at most", "un texte, 4 000 caractères au plus"],
  ["letters, digits and . + _ -, such as 2026.1", "des lettres, des chiffres et . + _ -, comme 2026.1"],
  [
    "the digest of the rule set the pack is made for, as `segur rules show` prints it",
    "l'empreinte du jeu de règles pour lequel sont faites ces règles d'agence, telle que l'affiche `segur rules show`",
  ],
];
