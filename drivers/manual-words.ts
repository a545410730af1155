/** What the manual driver tells a person, in French and in English. */
import type { OperationContext, VendorOperation } from "../core/model/index.js";

export interface Asked {
  readonly operation: VendorOperation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly context: OperationContext;
  readonly lang: "fr" | "en";
  readonly seconds: number;
  /** Null on a terminal, where the person types. */
  readonly answerFile: string | null;
  readonly professionals: Readonly<Record<string, string>>;
}

/** What the person has to know, per operation: bilingual, one sentence. */
const ASKED: Readonly<Record<VendorOperation, { fr: string; en: string }>> = {
  "patient.put": {
    fr: "Créez (ou mettez à jour) dans le logiciel le patient fictif ci-dessous, avec ce statut d'identité.",
    en: "Create (or update) the fictitious patient below in the software, with this identity status.",
  },
  "patient.get": { fr: "Affichez la fiche du patient.", en: "Show the patient's file." },
  login: {
    fr: "Connectez-vous par Pro Santé Connect ; sur la page du service simulé, choisissez le professionnel indiqué.",
    en: "Log in through Pro Santé Connect; on the mock's page, choose the professional named.",
  },
  "session.get": {
    fr: "Regardez si le logiciel a une session ouverte, et au nom de qui.",
    en: "Look whether the software has an open session, and in whose name.",
  },
  logout: { fr: "Déconnectez-vous du logiciel.", en: "Log out of the software." },
  "ins.search": {
    fr: "Lancez la recherche de l'INS du patient, puis répondez à l'écran de comparaison comme indiqué (accept).",
    en: "Search the patient's INS, then answer the comparison screen as told (accept).",
  },
  "ins.confirm": {
    fr: "Enregistrez le contrôle de cohérence avec le dispositif à haut niveau de confiance indiqué.",
    en: "Record the coherence check with the high-confidence device named.",
  },
  "dmp.exists": { fr: "Interrogez l'existence du DMP du patient.", en: "Ask whether the patient's DMP exists." },
  "dmp.authorise": {
    fr: "Le patient a donné (ou repris) son accord : ajoutez (ou retirez) votre autorisation d'accès à son DMP.",
    en: "The patient agreed (or took the agreement back): add (or remove) your right to consult the DMP.",
  },
  "dmp.submit": {
    fr: "Produisez le ou les documents indiqués et déposez-les en un seul envoi au DMP du patient.",
    en: "Produce the document or documents named and upload them to the patient's DMP in one submission.",
  },
  "document.validate": {
    fr: "Rédigez le document indiqué et validez-le ; laissez le logiciel l'envoyer de lui-même, sauf si « garder au cabinet » vaut oui.",
    en: 'Write the document named and validate it; let the software send it by itself, unless "keep here" is yes.',
  },
  "dmp.pending": {
    fr: "Affichez les documents du patient qui ne sont pas encore au DMP (si « relancer » vaut oui, laissez d'abord le logiciel refaire ses envois).",
    en: 'Show the documents of the patient that are not at the DMP yet (if "retry" is yes, let the software first send again).',
  },
  "patient.choice": {
    fr: "Notez dans la fiche ce que le patient a décidé pour son DMP.",
    en: "Note in the file what the patient decided about the DMP.",
  },
  "dmp.search": {
    fr: "Affichez la liste des documents du DMP du patient, avec les critères indiqués.",
    en: "Show the list of the documents of the patient's DMP, with the criteria named.",
  },
  "dmp.retrieve": {
    fr: "Ouvrez le ou les documents indiqués du DMP du patient.",
    en: "Open the document or documents named of the patient's DMP.",
  },
  "dmp.update": {
    fr: "Faites l'action indiquée sur ce document du DMP ; répondez comme indiqué si le logiciel demande confirmation.",
    en: "Carry out the action named on this document of the DMP; answer as told if the software asks for a confirmation.",
  },
  "mss.send": {
    fr: "Envoyez le courriel MSSanté indiqué, avec le document s'il y en a un.",
    en: "Send the MSSanté mail described, with the document if there is one.",
  },
};

/** Names of the values of an operation; a value without one keeps the name it has in specs/vendor-endpoints.yaml. */
const LABELS: Readonly<Record<string, { fr: string; en: string }>> = {
  patientId: { fr: "patient", en: "patient" },
  "patient.localId": { fr: "numéro dans le logiciel", en: "number in the software" },
  "patient.status": { fr: "statut de l'identité", en: "identity status" },
  "patient.birthName": { fr: "nom de naissance", en: "birth name" },
  "patient.usedName": { fr: "nom utilisé", en: "used name" },
  "patient.firstName": { fr: "premier prénom de naissance", en: "first birth first name" },
  "patient.birthFirstNames": { fr: "prénoms de naissance", en: "birth first names" },
  "patient.sex": { fr: "sexe", en: "sex" },
  "patient.birthDate": { fr: "date de naissance", en: "birth date" },
  "patient.birthPlace": { fr: "lieu de naissance (code INSEE)", en: "birth place (INSEE code)" },
  "patient.ins": { fr: "matricule INS", en: "INS number" },
  "patient.ins.matricule": { fr: "matricule INS", en: "INS number" },
  "patient.ins.oid": { fr: "OID du matricule", en: "OID of the number" },
  professional: { fr: "professionnel", en: "professional" },
  mode: { fr: "recherche (traits, ou carte Vitale)", en: "search (traits, or Vitale card)" },
  accept: { fr: "accepter l'identité proposée", en: "accept the identity shown" },
  document: { fr: "document", en: "document" },
  "document.typeCode": { fr: "type du document (LOINC)", en: "type of the document (LOINC)" },
  "document.title": { fr: "titre du document", en: "title of the document" },
  "document.text": { fr: "texte du document", en: "text of the document" },
  "document.eventDate": { fr: "date de l'acte", en: "day of the act" },
  documents: { fr: "documents", en: "documents" },
  replaces: { fr: "remplace le document", en: "replaces the document" },
  signed: { fr: "lot signé", en: "signed submission" },
  "visibility.maskedFromProfessionals": { fr: "masqué aux professionnels", en: "masked from professionals" },
  "visibility.hiddenFromPatient": { fr: "invisible pour le patient", en: "hidden from the patient" },
  "visibility.hiddenFromRepresentatives": {
    fr: "invisible pour les représentants légaux",
    en: "hidden from the legal representatives",
  },
  keepLocal: { fr: "garder au cabinet", en: "keep here" },
  retry: { fr: "relancer", en: "retry" },
  upload: { fr: "alimentation (allowed = admise, opposed = refusée)", en: "sending of documents" },
  consultation: { fr: "consultation (allowed = admise, opposed = refusée)", en: "consultation" },
  action: { fr: "action", en: "action" },
  confirmed: { fr: "confirmer", en: "confirm" },
  uniqueId: { fr: "identifiant du document", en: "id of the document" },
  uniqueIds: { fr: "identifiants des documents", en: "ids of the documents" },
  purpose: { fr: "mode d'accès", en: "kind of access" },
  reason: { fr: "motif de l'accès", en: "reason of the access" },
  "filters.typeCode": { fr: "type de document", en: "type of document" },
  "filters.classCode": { fr: "classe de document", en: "class of document" },
  "filters.practiceSetting": { fr: "cadre d'exercice", en: "practice setting" },
  "filters.facilityType": { fr: "secteur d'activité", en: "kind of facility" },
  "filters.from": { fr: "créés à partir du", en: "created from" },
  "filters.to": { fr: "créés jusqu'au", en: "created until" },
  "filters.status": { fr: "statuts", en: "statuses" },
  recipients: { fr: "destinataires", en: "recipients" },
  body: { fr: "texte du courriel", en: "text of the mail" },
  noReply: { fr: "dernier message : l'usager ne peut plus répondre", en: "last mail: the citizen can no longer reply" },
};

/** Not shown: it names the patient in our fixtures only. */
const HIDDEN = new Set(["patient.key"]);

/** Where a check needs what the screen shows: an answer with more in it than `done`. */
const FULLER: Partial<Readonly<Record<VendorOperation, string>>> = {
  "patient.get": '{"status":"done","patient":{"status":"PROV","ins":null}}',
  "session.get": '{"status":"done","authenticated":true,"professional":{"nationalId":"8…"}}',
  "ins.search": '{"status":"done","code":"00","insStatus":"RECUP"}',
  "dmp.exists": '{"status":"done","exists":true,"state":"open","authorisation":"valid","identityAlert":false}',
  "dmp.submit": '{"status":"done","uniqueId":"1.2…","submissionSetId":"1.2…"}',
  "document.validate": '{"status":"done","documentId":"12","upload":"sent","uniqueId":"1.2…"}',
  "dmp.pending": '{"status":"done","documents":[{"documentId":"12","title":"…","upload":"queued"}]}',
  "dmp.search": '{"status":"done","documents":[{"uniqueId":"1.2…","title":"…","typeCode":"11488-4"}]}',
  "dmp.retrieve":
    '{"status":"done","documents":[{"uniqueId":"1.2…","mimeType":"text/xml","size":1,"sha256":"…","alert":null}]}',
};

/** The whole instruction of one step, with its values, the time left and how to answer. */
export function instruction({ operation, input, context, lang, seconds, answerFile, professionals }: Asked): string {
  const fr = lang === "fr";
  const colon = fr ? " :" : ":";
  const values = flat(input).filter(([name]) => !HIDDEN.has(name));
  const shown = values.map(([name, value]) => {
    const text = name === "professional" ? (professionals[String(value)] ?? String(value)) : valueText(value, lang);
    return `    ${LABELS[name]?.[lang] ?? name}${colon} ${text}`;
  });
  const done = `{"operation":"${operation}","status":"done"}`;
  const fuller = FULLER[operation];
  return `${[
    "",
    `[${context.scenario}] ${context.title[lang]}`,
    `  ${ASKED[operation][lang]}`,
    ...shown,
    answerFile
      ? fr
        ? `  ${seconds} s pour répondre : ajoutez à ${answerFile} la ligne ${done}`
        : `  ${seconds} s to answer: add to ${answerFile} the line ${done}`
      : fr
        ? `  ${seconds} s pour répondre : o = fait, r = le logiciel refuse, e = échec`
        : `  ${seconds} s to answer: d = done, r = the software refuses, f = it failed`,
    ...(fuller
      ? [
          fr
            ? `  Mieux : ce que l'écran montre, par exemple ${fuller}`
            : `  Better: what the screen shows, such as ${fuller}`,
        ]
      : []),
    "",
  ].join("\n")}\n`;
}

/** Members of members by their path (`patient.birthName`); lists stay whole. */
function flat(value: Readonly<Record<string, unknown>>, prefix = ""): [string, unknown][] {
  return Object.entries(value).flatMap(([name, inner]): [string, unknown][] =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? flat(inner as Record<string, unknown>, `${prefix}${name}.`)
      : [[`${prefix}${name}`, inner]],
  );
}

function valueText(value: unknown, lang: "fr" | "en"): string {
  if (value === null || value === undefined) return lang === "fr" ? "aucun" : "none";
  if (typeof value === "boolean") return lang === "fr" ? (value ? "oui" : "non") : value ? "yes" : "no";
  if (Array.isArray(value)) return value.map((one) => itemText(one, lang)).join(", ");
  return String(value);
}

/** A recipient, a document, or a plain value. */
function itemText(value: unknown, lang: "fr" | "en"): string {
  if (typeof value === "string") return value;
  const { type, address, typeCode, title } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof title === "string") return `${String(typeCode)} « ${title} »`;
  if (typeof address === "string") return address;
  if (type === "citizen") return lang === "fr" ? "le patient lui-même" : "the patient";
  return JSON.stringify(value);
}
