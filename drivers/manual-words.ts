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
  "dmp.submit": {
    fr: "Produisez le document indiqué et déposez-le au DMP du patient.",
    en: "Produce the document named and upload it to the patient's DMP.",
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
  "dmp.exists": '{"status":"done","exists":true}',
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
  if (Array.isArray(value)) return value.map((one) => recipientText(one, lang)).join(", ");
  return String(value);
}

function recipientText(value: unknown, lang: "fr" | "en"): string {
  const { type, address } = (value ?? {}) as { type?: unknown; address?: unknown };
  if (typeof address === "string") return address;
  if (type === "citizen") return lang === "fr" ? "le patient lui-même" : "the patient";
  return JSON.stringify(value);
}
