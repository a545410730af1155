/** French of the errors around an agency's rules and reviews (see errors-fr.ts). */
export const REVIEW_PAIRS: readonly (readonly [english: string, french: string])[] = [
  // Rule packs.
  ["this is not a rule pack: {} is missing", "ce ne sont pas des règles d'agence : {} manque"],
  [
    "give the folder of a rule pack; docs/rule-packs.md says what it holds",
    "donnez un dossier de règles d'agence ; docs/rule-packs.md dit ce qu'il contient",
  ],
  ["the rule pack is not signed", "les règles d'agence ne sont pas signées"],
  ["its author signs it with `segur rules sign`", "leur auteur les signe avec `segur rules sign`"],
  ["this is not the signed manifest of a rule pack", "ce n'est pas le manifeste signé de règles d'agence"],
  ["a file that the signed manifest names is missing", "un fichier que nomme le manifeste signé manque"],
  ["a file is not the one that was signed", "un fichier n'est pas celui qui a été signé"],
  ["a file is not named in the signed manifest", "un fichier n'est pas nommé dans le manifeste signé"],
  [
    "the signed manifest names another pack or version than rules.yaml",
    "le manifeste signé nomme d'autres règles, ou une autre version, que rules.yaml",
  ],
  [
    "get the pack again from the agency; its author signs it again with `segur rules sign`",
    "demandez de nouveau ces règles à l'agence ; leur auteur les signe de nouveau avec `segur rules sign`",
  ],
  ["the folder of the rule pack cannot be read", "le dossier des règles d'agence ne peut pas être lu"],
  ["correct the path, and check who may read it", "corrigez le chemin, et vérifiez qui peut le lire"],
  ["a file of the rule pack cannot be read", "un fichier des règles d'agence ne peut pas être lu"],
  ["check who may read it", "vérifiez qui peut le lire"],
  ["a file of the rule pack is not UTF-8 text", "un fichier des règles d'agence n'est pas du texte UTF-8"],
  ["save it as UTF-8", "enregistrez-le en UTF-8"],
  ["this does not belong in a rule pack", "ceci n'a pas sa place dans des règles d'agence"],
  [
    "keep only rules.yaml, rules.dsse.json and plain .yaml files in requirements, perimeters and scenarios",
    "ne gardez que rules.yaml, rules.dsse.json et de simples fichiers .yaml dans requirements, perimeters et scenarios",
  ],
  ["the rule pack is too large", "les règles d'agence sont trop volumineuses"],
  [
    "keep it under 1,000 files, 1 MB a file and 20 MB in all",
    "restez sous 1 000 fichiers, 1 Mo par fichier et 20 Mo en tout",
  ],
  ["the rule pack is made for another rule set", "les règles d'agence sont faites pour un autre jeu de règles"],
  [
    "use the version of segur that has the rule set {}; this one has {}",
    "prenez la version de segur dont le jeu de règles est {} ; celle-ci a {}",
  ],
  ["no trusted agency signed this rule pack", "aucune agence de confiance n'a signé ces règles"],
  [
    "give --trust with a keys.yaml in which the agency's key has the role `rules`",
    "donnez --trust avec un keys.yaml où la clé de l'agence a le rôle `rules`",
  ],
  ["a row of a rule pack has no id", "une exigence des règles d'agence n'a pas d'identifiant"],
  ["Give it one.", "Donnez-lui-en un."],
  ["the run was made with the rule pack {}", "l'exécution a été faite avec les règles d'agence {}"],
  ["give the folder of this pack with --specs", "donnez le dossier de ces règles avec --specs"],
  // Reviews.
  [
    "the reviews beside the bundle cannot be told genuine without trusted keys",
    "sans clés de confiance, on ne peut pas dire si les examens à côté du paquet sont authentiques",
  ],
  [
    "give --trust with a keys.yaml in which the agency's key has the role `review`",
    "donnez --trust avec un keys.yaml où la clé de l'agence a le rôle `review`",
  ],
  ["a review needs a key to sign it", "un examen a besoin d'une clé qui le signe"],
  ["give --key", "donnez --key"],
  [
    "this key may not review, by the trust file",
    "d'après le fichier de confiance, cette clé ne peut pas signer d'examen",
  ],
  [
    "give the key of an agency whose role `review` is valid today",
    "donnez la clé d'une agence dont le rôle `review` vaut aujourd'hui",
  ],
  ["the last review is dated later than now", "le dernier examen est daté de plus tard que maintenant"],
  ["set the clock of this machine right", "mettez à l'heure l'horloge de cette machine"],
  ["wait for it; if none is under way, delete this file", "attendez-le ; s'il n'y en a pas, supprimez ce fichier"],
  ["reviews stand in a file and in options", "des examens sont dans un fichier et dans les options"],
  [
    "give either --from, or --accept, --refuse and --complement",
    "donnez soit --from, soit --accept, --refuse et --complement",
  ],
  [
    "no proof was supplied for this row, or it is not one of the bundle",
    "aucune preuve n'est fournie pour cette exigence, ou le paquet ne la porte pas",
  ],
  ["this proof was not supplied for this row", "cette preuve n'est pas fournie pour cette exigence"],
  ["a review needs the name of its reviewer", "un examen a besoin du nom de la personne qui examine"],
  ["give --reviewer, one line of 300 characters at most", "donnez --reviewer, une ligne de 300 caractères au plus"],
  [
    "a refusal, or a complement asked for, needs its reason",
    "un refus, ou un complément demandé, a besoin de sa raison",
  ],
  [
    "say what is wrong or missing: the candidate reads it (--reason, or `reason` in the file)",
    "dites ce qui ne va pas ou manque : le candidat le lit (--reason, ou `reason` dans le fichier)",
  ],
  ["the reason is too long", "la raison est trop longue"],
  ["keep it under 4,000 characters", "restez sous 4 000 caractères"],
  ["two reviews of one proof in one go", "deux examens d'une même preuve à la fois"],
  ["keep one of them", "gardez-en un"],
  ["too many reviews in one go", "trop d'examens à la fois"],
  ["write 5,000 at most at a time", "écrivez-en 5 000 au plus à la fois"],
];
