/** French of the errors of keys.yaml, labels and revocation lists (see errors-fr.ts). */
export const LABEL_PAIRS: readonly (readonly [english: string, french: string])[] = [
  // keys.yaml.
  ["the candidate has neither key nor authority", "le candidat n'a ni clé ni autorité"],
  ["the candidate has several keys", "le candidat a plusieurs clés"],
  [
    'Give one of "key", "keyFile", "ca" and "caFile"; a second key is a second entry.',
    "Donnez l'un de « key », « keyFile », « ca » et « caFile » ; une deuxième clé est une deuxième entrée.",
  ],
  ["the agency has no key", "l'agence n'a pas de clé"],
  ["the agency has two keys", "l'agence a deux clés"],
  [
    'Give one of "key" and "keyFile"; a second key is a second entry.',
    "Donnez l'un de « key » et « keyFile » ; une deuxième clé est une deuxième entrée.",
  ],
  ["Remove it: it describes a certificate.", "Retirez-la : elle décrit un certificat."],
  ["a key that signs labels is not ECDSA on P-256", "une clé qui signe des labels n'est pas ECDSA sur P-256"],
  [
    "Give an ECDSA P-256 key (`segur keys --for agency`), or take the role `label` away.",
    "Donnez une clé ECDSA P-256 (`segur keys --for agency`), ou retirez le rôle `label`.",
  ],
  ["a private key stands where a public one is expected", "une clé privée, là où il faut une clé publique"],
  [
    "Give the public key. If others saw this one, make a new pair: it is no longer secret.",
    "Donnez la clé publique. Si d'autres ont vu celle-ci, faites une nouvelle paire : elle n'est plus secrète.",
  ],
  ["a certificate stands where a public key is expected", "un certificat, là où il faut une clé publique"],
  [
    "Give its key (openssl x509 -in CERT -noout -pubkey), or name its authority under `ca`.",
    "Donnez sa clé (openssl x509 -in CERT -noout -pubkey), ou nommez son autorité sous `ca`.",
  ],
  ["there is more than one key", "il y a plus d'une clé"],
  ["Give one; a second key is a second entry.", "Donnez-en une ; une deuxième clé est une deuxième entrée."],
  ["Give a key of one of these two kinds.", "Donnez une clé de l'une de ces deux sortes."],
  ["this is not a public key", "ce n'est pas une clé publique"],
  [
    "Give it in PEM (-----BEGIN PUBLIC KEY-----), as `segur keys` does.",
    "Donnez-la en PEM (-----BEGIN PUBLIC KEY-----), comme le fait `segur keys`.",
  ],
  ["there is more than one certificate", "il y a plus d'un certificat"],
  ["Give that of the authority alone.", "Donnez celui de l'autorité seul."],
  ["the certificate is not that of an authority", "le certificat n'est pas celui d'une autorité"],
  [
    "Give the certificate of the authority that issued it, or the key itself under `key`.",
    "Donnez le certificat de l'autorité qui l'a émis, ou la clé elle-même sous `key`.",
  ],
  ["Give it in PEM (-----BEGIN CERTIFICATE-----).", "Donnez-le en PEM (-----BEGIN CERTIFICATE-----)."],
  ['"{}" is not a day', "« {} » n'est pas un jour"],
  ["Write a day of the calendar, such as 2026-11-21.", "Écrivez un jour du calendrier, tel que 2026-11-21."],
  ['"until" is before "from"', "« until » est avant « from »"],
  ["Exchange the two, or correct one.", "Échangez les deux, ou corrigez-en un."],
  ["the same key stands for two agencies", "la même clé est là pour deux agences"],
  ["Give each agency a key of its own.", "Donnez à chaque agence sa propre clé."],
  ["the same key stands for a candidate and for an agency", "la même clé est là pour un candidat et pour une agence"],
  [
    "Give each a key of its own: a vendor must not be able to sign as the agency.",
    "Donnez à chacun sa clé : un éditeur ne doit pas pouvoir signer comme l'agence.",
  ],
  // What keys.yaml expects, inside the sentences of its schema.
  ["a day such as 2026-11-21", "un jour tel que 2026-11-21"],
  ["what the key may sign", "ce que la clé peut signer"],
  // Keys made and read.
  ["the name of the key is no file name", "le nom de la clé n'est pas un nom de fichier"],
  [
    "use letters, digits, dot, dash and underscore, 64 at most",
    "lettres, chiffres, point, tiret et tiret bas, 64 au plus",
  ],
  [
    "give another --name or --out; a key is never replaced",
    "donnez un autre --name ou --out ; une clé n'est jamais remplacée",
  ],
  ["a list is signed with ECDSA P-256", "une liste se signe en ECDSA P-256"],
  [
    "the trust file does not let this key sign labels today",
    "le fichier de confiance ne laisse pas cette clé signer des labels aujourd'hui",
  ],
  ["give the agency's key that signs its labels", "donnez la clé avec laquelle l'agence signe ses labels"],
  ["the trust file names no key that signs labels", "le fichier de confiance ne nomme aucune clé qui signe des labels"],
  ["give an agency's key the role `label`", "donnez à la clé d'une agence le rôle `label`"],
  // Labels.
  ["this file is not a label", "ce fichier n'est pas un label"],
  [
    "give the file that `segur label issue` wrote (.label.json)",
    "donnez le fichier écrit par `segur label issue` (.label.json)",
  ],
  ["this file is not a label signed by this agency", "ce fichier n'est pas un label signé par cette agence"],
  [
    "give a label of yours, or its id (32 hexadecimal digits); --trust names your earlier keys",
    "donnez un label à vous, ou son identifiant (32 chiffres hexadécimaux) ; --trust nomme vos clés précédentes",
  ],
  ["the file is no plain file, or is too large", "ce n'est pas un fichier ordinaire, ou il est trop grand"],
  // Revocation lists.
  ["the list to extend is not there", "la liste à prolonger n'est pas là"],
  [
    "correct the path; only when this agency never had a list, add --first (a fresh list forgets what was revoked)",
    "corrigez le chemin ; seulement si cette agence n'a jamais eu de liste, ajoutez --first (une liste neuve oublie ce qui fut révoqué)",
  ],
  ["--first creates a list, and this file is already there", "--first crée une liste, et ce fichier existe déjà"],
  [
    "leave --first out to extend the list; a first list goes into a file that does not exist",
    "retirez --first pour prolonger la liste ; une première liste va dans un fichier qui n'existe pas",
  ],
  ["another command is writing this file", "une autre commande écrit ce fichier"],
  [
    "name a label to revoke, or --refresh to issue the list again",
    "nommez un label à révoquer, ou --refresh pour émettre la liste à nouveau",
  ],
  ["one of the two", "l'un des deux"],
  ["a revocation has no reason", "une révocation est sans motif"],
  ["add --reason: it is published with the list", "ajoutez --reason : le motif est publié avec la liste"],
  ['"{}" is no number of days', "« {} » n'est pas un nombre de jours"],
  ["give 1 to 366 days to --next", "donnez de 1 à 366 jours à --next"],
  ["nothing says whose list this is", "rien ne dit de qui est cette liste"],
  [
    "add --trust keys.yaml, in which the key stands under the agency's name",
    "ajoutez --trust keys.yaml, où la clé est sous le nom de l'agence",
  ],
  ["the label is one of {}", "le label est de {}"],
  ["revoke it in the list of that agency", "révoquez-le dans la liste de cette agence"],
  ["the list is that of {}", "la liste est celle de {}"],
  [
    "name another file: each agency keeps a list of its own",
    "nommez un autre fichier : chaque agence tient sa propre liste",
  ],
  ["the list was made at {}, which is later than now", "la liste a été faite à {}, plus tard que maintenant"],
  ["set the clock of this machine right", "mettez l'horloge de cette machine à l'heure"],
  ["this label is already revoked, on {}", "ce label est déjà révoqué, le {}"],
  [
    "nothing is left to do; --refresh issues the list again",
    "il n'y a rien à faire ; --refresh émet la liste à nouveau",
  ],
  ["the list would not be readable", "la liste ne serait pas lisible"],
  [
    "give a reason of at most {} characters and dates in order; a list holds {} labels",
    "donnez un motif de {} caractères au plus et des dates dans l'ordre ; une liste tient {} labels",
  ],
  [
    "the list to extend is not signed by this key, or was altered",
    "la liste à prolonger n'est pas signée par cette clé, ou a été modifiée",
  ],
  [
    "find the true list again; after a change of keys, --trust tells which keys are the agency's",
    "retrouvez la vraie liste ; après un changement de clés, --trust dit lesquelles sont à l'agence",
  ],
];
