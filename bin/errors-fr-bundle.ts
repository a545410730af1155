/** French of the errors around the sealed bundle: keys, sealing, sessions, verification (see errors-fr.ts). */
export const BUNDLE_PAIRS: readonly (readonly [english: string, french: string])[] = [
  // Files.
  ["there is no such file", "ce fichier n'existe pas"],
  ["the file cannot be read", "le fichier ne peut pas être lu"],
  ["Check who may read it.", "vérifiez qui peut le lire"],
  // Keys.
  ["the private key is encrypted", "la clé privée est chiffrée"],
  ["decrypt it first: openssl pkey -in KEY -out PLAIN", "déchiffrez-la d'abord : openssl pkey -in CLÉ -out CLAIRE"],
  ["this is not a private key", "ce n'est pas une clé privée"],
  ["give a private key in PEM; `segur keys` makes one", "donnez une clé privée en PEM ; `segur keys` en fait une"],
  ["the key is neither Ed25519 nor ECDSA on P-256", "la clé n'est ni Ed25519 ni ECDSA sur P-256"],
  [
    "give a key of one of these two kinds; `segur keys` makes one",
    "donnez une clé de l'une de ces deux sortes ; `segur keys` en fait une",
  ],
  ["this is not a certificate", "ce n'est pas un certificat"],
  ["give certificates in PEM, the one of the key first", "donnez des certificats en PEM, celui de la clé en premier"],
  ["the certificate is not that of the key", "le certificat n'est pas celui de la clé"],
  [
    "give the certificate issued for this key, as the first of the file",
    "donnez le certificat émis pour cette clé, en premier dans le fichier",
  ],
  // Sealing.
  ["the run was made with another rule set", "l'exécution a été faite avec un autre jeu de règles"],
  [
    "run again, or seal with version {} (rule set {})",
    "lancez une nouvelle exécution, ou scellez avec la version {} (jeu de règles {})",
  ],
  [
    "nothing was executed in this run: there is nothing to seal",
    "rien n'a été exécuté dans cette exécution : il n'y a rien à sceller",
  ],
  ["run again; see `segur doctor`", "lancez une nouvelle exécution ; voir `segur doctor`"],
  [
    "a file of the proof {} is not there, or is too large",
    "un fichier de la preuve {} n'est pas là, ou est trop grand",
  ],
  [
    "put it back (200 MB at most), or take it out: segur proof RUN --remove {}",
    "remettez-le (200 Mo au plus), ou retirez-le : segur proof EXÉCUTION --remove {}",
  ],
  // Proofs supplied after the run.
  ['"{}" does not say which file proves what', "« {} » ne dit pas quel fichier prouve quoi"],
  [
    "write it as ID=FILE, such as MSS/CONF.16.01.01=capture.png",
    "écrivez ID=FICHIER, par exemple MSS/CONF.16.01.01=capture.png",
  ],
  ["this is no file that can be a proof", "ce n'est pas un fichier qui puisse être une preuve"],
  ["give a plain file of 200 MB at most", "donnez un fichier ordinaire de 200 Mo au plus"],
  ["no file is supplied for the proof {}", "aucun fichier n'est fourni pour la preuve {}"],
  ["see what is supplied: segur proof RUN", "voyez ce qui est fourni : segur proof EXÉCUTION"],
  ["there are too many files for the proof {}", "il y a trop de fichiers pour la preuve {}"],
  ["1,000 files at most", "1 000 fichiers au plus"],
  ["a number that could be a real person's INS: {}", "un numéro qui pourrait être l'INS d'une personne réelle : {}"],
  [
    "Replace this proof by one with fictitious identities, and seal again.",
    "Remplacez cette preuve par une autre aux identités fictives, puis scellez de nouveau.",
  ],
  [
    "Run again with the fictitious identities of the suite only.",
    "Lancez une nouvelle exécution avec les seules identités fictives de la suite.",
  ],
  [
    "a number that could be a real professional's RPPS: {}",
    "un numéro qui pourrait être le RPPS d'un professionnel réel : {}",
  ],
  [
    "a token (JWT) that the mock services did not issue: {}",
    "un jeton (JWT) que les services simulés n'ont pas émis : {}",
  ],
  ["an encrypted token (JWE): {}", "un jeton chiffré (JWE) : {}"],
  ["an access token: {}", "un jeton d'accès : {}"],
  ["a refresh token: {}", "un jeton de rafraîchissement : {}"],
  [
    "a SAML assertion that is of no test certificate: {}",
    "une assertion SAML qui ne relève pas d'un certificat de test : {}",
  ],
  ["a user name with its password (Basic): {}", "un nom d'utilisateur et son mot de passe (Basic) : {}"],
  ["a password in an address: {}", "un mot de passe dans une adresse : {}"],
  ["a client secret: {}", "un secret de client : {}"],
  ["an API key: {}", "une clé d'API : {}"],
  ["a private key: {}", "une clé privée : {}"],
  [
    "Replace this proof by one without it (segur proof RUN --remove, then --add), seal again, and revoke what was shown.",
    "Remplacez cette preuve par une autre qui ne le montre pas (segur proof EXÉCUTION --remove, puis --add), scellez de nouveau, et révoquez ce qui a été montré.",
  ],
  [
    "Run again with tokens and certificates of the mock services only, and revoke what was shown.",
    "Lancez une nouvelle exécution avec les seuls jetons et certificats des services simulés, et révoquez ce qui a été montré.",
  ],
  ["judged again, the run gives another result", "rejugée, l'exécution donne un autre résultat"],
  [
    "run again: this run would be refused by whoever verifies it",
    "lancez une nouvelle exécution : celle-ci serait refusée par qui la vérifie",
  ],
  ['"ca" stands without "subject"', "« ca » figure sans « subject »"],
  [
    'Add "subject", such as CN=Exemple: else whoever this authority certified could sign for the candidate.',
    "Ajoutez « subject », comme CN=Exemple : sinon, quiconque a un certificat de cette autorité pourrait signer pour le candidat.",
  ],
  ["the name is not one that can be signed", "ce nom ne peut pas être signé"],
  ["give a text of 1 to 1,000 characters", "donnez un texte de 1 à 1 000 caractères"],
  ["a file name cannot stand in a bundle", "un nom de fichier ne peut pas figurer dans un paquet scellé"],
  [
    "use letters without accents, digits, `.`, `_` and `-`, 200 characters at most",
    "employez lettres sans accent, chiffres, `.`, `_` et `-`, 200 caractères au plus",
  ],
  ["the files are too large for a bundle", "les fichiers sont trop grands pour un paquet scellé"],
  [
    "one file may hold 256 MB, all together 512 MB: supply smaller proofs, or run with fewer scenarios",
    "un fichier peut tenir 256 Mo, tous ensemble 512 Mo : fournissez des preuves plus petites, ou jouez moins de scénarios",
  ],
  ["there are too many files for a bundle", "il y a trop de fichiers pour un paquet scellé"],
  [
    "a bundle may hold 20,000 files: run with fewer scenarios",
    "un paquet scellé peut tenir 20 000 fichiers : jouez moins de scénarios",
  ],
  ["two files of a bundle have the same name", "deux fichiers d'un paquet scellé ont le même nom"],
  [
    "give them names that differ by more than upper and lower case",
    "donnez-leur des noms qui diffèrent par plus que la casse",
  ],
  // Sessions and challenges.
  ["this session deselects nothing", "cette session ne désélectionne rien"],
  ["this session accepts no unknown client", "cette session n'accepte aucun client inconnu"],
  [
    "drop the option, or use --mode sandbox, whose evidence no agency takes",
    "retirez l'option, ou prenez --mode sandbox, dont aucune agence n'admet les éléments",
  ],
  ["a homologation session needs a challenge of the agency", "une session d'homologation demande un défi de l'agence"],
  [
    "ask the agency for one, or rehearse with --mode rehearsal",
    "demandez-en un à l'agence, ou répétez avec --mode rehearsal",
  ],
  ["a run that goes on keeps its mode and its challenge", "une exécution poursuivie garde son mode et son défi"],
  [
    "leave --mode and --challenge out, or start a new run",
    "retirez --mode et --challenge, ou lancez une nouvelle exécution",
  ],
  ["this is not a challenge", "ce n'est pas un défi"],
  ["give the file that `segur challenge issue` made", "donnez le fichier que `segur challenge issue` a fait"],
  [
    "the number of days is not a whole number from 1 to 366",
    "le nombre de jours n'est pas un nombre entier de 1 à 366",
  ],
  [
    "give the days the candidate has to run, such as --days 7",
    "donnez les jours que le candidat a pour l'exécution, comme --days 7",
  ],
  ["the recording is not that of this run", "l'enregistrement n'est pas celui de cette exécution"],
  ["give the folder as the run wrote it", "donnez le dossier tel que l'exécution l'a écrit"],
  // Verification.
  [
    "this is not a bundle: no plain file, or too large",
    "ce n'est pas un paquet scellé : pas un simple fichier, ou trop grand",
  ],
  [
    "give a bundle made by `segur seal`, or a folder of them",
    "donnez un paquet fait par `segur seal`, ou un dossier de tels paquets",
  ],
  // Campaigns.
  ["this option goes with a folder of bundles", "cette option va avec un dossier de paquets scellés"],
  ["leave it out, or give a folder", "retirez-la, ou donnez un dossier"],
  ["there is no bundle in this folder", "ce dossier ne contient aucun paquet scellé"],
  [
    "give a folder that holds bundles (*.zip), at any depth",
    "donnez un dossier qui contient des paquets (*.zip), à toute profondeur",
  ],
  ["the folder holds more than {} bundles", "le dossier contient plus de {} paquets scellés"],
  [
    "verify it part by part, each with an --out of its own",
    "vérifiez-le partie par partie, chacune avec son propre --out",
  ],
  [
    "beside this folder there is no place for the result",
    "à côté de ce dossier il n'y a pas de place pour le résultat",
  ],
  ["give a folder with --out", "donnez un dossier avec --out"],
  ["{} is a number from {} to {}", "{} est un nombre de {} à {}"],
  ["correct it, or leave it out", "corrigez-la, ou retirez-la"],
  ["the folder of the campaign cannot be made", "le dossier de la campagne ne peut pas être créé"],
  [
    "check who may write there, or give another with --out",
    "vérifiez qui peut y écrire, ou donnez-en un autre avec --out",
  ],
  ["the folder of the campaign cannot be written", "le dossier de la campagne n'accepte pas l'écriture"],
  [
    "check that it is writable and has room, or give another with --out",
    "vérifiez qu'il accepte l'écriture et a de la place, ou donnez-en un autre avec --out",
  ],
  ["the journal of the campaign cannot be written", "le journal de la campagne ne peut pas être écrit"],
  [
    "check that the folder is writable and has room, then start the same command again",
    "vérifiez que le dossier accepte l'écriture et a de la place, puis relancez la même commande",
  ],
  [
    "another campaign works on this folder (process {} on {})",
    "une autre campagne travaille sur ce dossier (processus {} sur {})",
  ],
  [
    "wait until it has ended, or give another folder with --out; if that machine is no more, remove the file",
    "attendez sa fin, ou donnez un autre dossier avec --out ; si cette machine n'est plus là, supprimez le fichier",
  ],
  ["another campaign took over the folder", "une autre campagne a pris le dossier"],
  [
    "what was verified is kept: wait until the other has ended, then start the same command again",
    "ce qui est vérifié est gardé : attendez la fin de l'autre, puis relancez la même commande",
  ],
  [
    "the rule set or the trust file changed while the campaign went on",
    "le jeu de règles ou le fichier de confiance a changé pendant la campagne",
  ],
  [
    "start the same command again: what was verified is kept for the one it was verified with",
    "relancez la même commande : ce qui est vérifié est gardé pour celui qui a servi",
  ],
  ["a worker process does not start ({})", "un processus de vérification ne démarre pas ({})"],
  ["start again; if it stays so, raise --memory", "relancez ; si cela demeure, augmentez --memory"],
  // Recordings.
  [
    "this is not a file of a recording, or it is too large",
    "ce n'est pas un fichier d'enregistrement, ou il est trop grand",
  ],
  ["give the folder of a run made by this tool", "donnez le dossier d'une exécution faite par cet outil"],
  ["a record is not as this tool writes it", "une ligne n'est pas comme cet outil l'écrit"],
  // Control calls of the mock.
  ["the DMP mock has no control command {}", "le DMP simulé n'a pas de commande {}"],
  [
    "the control command {} of the DMP mock cannot be run with these arguments",
    "la commande {} du DMP simulé ne peut pas être exécutée avec ces arguments",
  ],
  ["the arguments are listed in services/dmp/README.md", "les arguments sont listés dans services/dmp/README.md"],
  ["commands: {}", "commandes : {}"],
  ["Pro Santé Connect has no control call {}", "Pro Santé Connect simulé n'a pas de commande {}"],
  ["use one of {}", "prenez-en une parmi {}"],
];
