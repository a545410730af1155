/** What to do for a proof, step by step: by its kind, with the words of the row. */
import { type DemandedProof, normalProofName } from "../../core/dossier/index.js";
import type { Requirement } from "../../core/model/index.js";
import type { Lang } from "../output.js";

type Step = (facts: { readonly show: string; readonly stem: string }) => string;

/** The system date in view: web mode of the PSC proofs demands it (segur-referencing, 6.2); it settles the age of any other. */
const STEPS: Readonly<Record<Lang, Readonly<Record<string, readonly Step[]>>>> = {
  fr: {
    "video-or-screenshot": [
      () => "Préparez un patient fictif et un professionnel de test ; aucune donnée réelle à l'écran.",
      () =>
        "Filmez ou capturez en plein écran, date et heure du système visibles, version du logiciel montrée une fois.",
      ({ show }) => `Montrez : ${show}`,
      ({ stem }) => `Nommez le fichier ${stem}.mp4 (ou .webm, .png).`,
    ],
    documentation: [
      ({ show }) => `Fournissez le document qui dit : ${show}`,
      () => "Indiquez la page ou le titre, la version du document et celle du logiciel ; aucun blanc à compléter.",
      ({ stem }) => `Nommez le fichier ${stem}.pdf.`,
    ],
    "cnda-certificate": [
      () => "Demandez l'attestation d'homologation au CNDA ; elle porte un numéro et la version homologuée.",
      ({ stem }) =>
        `Ajoutez-la avec ses faits : segur dossier add ${stem}.pdf ID --fact kind=certificate --fact number=… --fact version=…`,
    ],
    "test-space-report": [
      ({ show }) => `Jouez le cas de test dans l'espace de test de l'ANS : ${show}`,
      ({ stem }) =>
        `Gardez le lien permanent ou l'identifiant d'exécution : segur dossier add ${stem}.pdf ID --fact kind=execution --fact reference=…`,
    ],
    "document-file": [
      () => "Exportez le fichier tel que le logiciel l'a produit, sans le rouvrir ni le réenregistrer.",
      ({ show }) => `Il doit montrer : ${show}`,
      () => "Une exécution l'a peut-être produit : segur dossier add --from-run last",
    ],
    "config-or-log": [
      ({ show }) => `Provoquez l'action, puis extrayez la trace ou la configuration : ${show}`,
      () =>
        "La trace porte l'acteur, l'heure locale, l'action, la demande et la réponse, échecs compris ; jamais le contenu du message.",
      ({ stem }) => `Nommez le fichier ${stem}.log (ou .txt).`,
    ],
    attestation: [
      ({ show }) => `Rédigez l'engagement : ${show}`,
      () => "Faites-le signer par une personne habilitée, avec la date ; aucun champ à compléter.",
      ({ stem }) =>
        `Ajoutez-le : segur dossier add ${stem}.pdf ID --fact kind=commitment --fact signedBy=… --fact on=AAAA-MM-JJ`,
    ],
    "smtp-source": [
      () =>
        "Envoyez le message par la messagerie de test, puis enregistrez sa source complète (.eml), en-têtes compris.",
      ({ show }) => `Elle doit montrer : ${show}`,
      () => "Une exécution l'a peut-être produite : segur dossier add --from-run last",
    ],
    "pentest-form": [
      () => "Faites mener les tests par un organisme qualifié PASSI, sur un environnement iso-production.",
      () =>
        "Le formulaire est signé électroniquement et a moins d'un an au dépôt ; toute réponse N/A ou NON est commentée.",
      ({ stem }) =>
        `Ajoutez-le avec ses faits : segur dossier add ${stem}.pdf ID --fact kind=pentest --fact on=AAAA-MM-JJ --fact auditor=… --fact high=0 --fact medium=0`,
    ],
    "": [
      ({ show }) => `La source ne liste aucune preuve ; fournissez ce qui établit : ${show}`,
      ({ stem }) => `Vidéo, capture ou document, sous l'identifiant de l'exigence : ${stem}.`,
    ],
  },
  en: {
    "video-or-screenshot": [
      () => "Prepare a fictitious patient and a test professional; no real data on the screen.",
      () => "Film or capture the full screen, date and time of the system in view, version of the software shown once.",
      ({ show }) => `Show: ${show}`,
      ({ stem }) => `Name the file ${stem}.mp4 (or .webm, .png).`,
    ],
    documentation: [
      ({ show }) => `Supply the document that says: ${show}`,
      () => "Name page or heading, version of the document and of the software; nothing left to fill in.",
      ({ stem }) => `Name the file ${stem}.pdf.`,
    ],
    "cnda-certificate": [
      () => "Ask the CNDA for the attestation of homologation; it has a number and the version homologated.",
      ({ stem }) =>
        `Add it with its facts: segur dossier add ${stem}.pdf ID --fact kind=certificate --fact number=… --fact version=…`,
    ],
    "test-space-report": [
      ({ show }) => `Play the test case in the test space of the ANS: ${show}`,
      ({ stem }) =>
        `Keep the permanent link or the execution id: segur dossier add ${stem}.pdf ID --fact kind=execution --fact reference=…`,
    ],
    "document-file": [
      () => "Export the file as the software produced it, without opening or saving it again.",
      ({ show }) => `It must show: ${show}`,
      () => "A run may have produced it: segur dossier add --from-run last",
    ],
    "config-or-log": [
      ({ show }) => `Provoke the action, then extract the trace or the configuration: ${show}`,
      () =>
        "A trace holds actor, local time, action, request and answer, failures too; never the content of the message.",
      ({ stem }) => `Name the file ${stem}.log (or .txt).`,
    ],
    attestation: [
      ({ show }) => `Write the commitment: ${show}`,
      () => "Have it signed by somebody entitled to, with the date; no field left to fill in.",
      ({ stem }) =>
        `Add it: segur dossier add ${stem}.pdf ID --fact kind=commitment --fact signedBy=… --fact on=YYYY-MM-DD`,
    ],
    "smtp-source": [
      () => "Send the message through the test mail service, then save its whole source (.eml), headers included.",
      ({ show }) => `It must show: ${show}`,
      () => "A run may have produced it: segur dossier add --from-run last",
    ],
    "pentest-form": [
      () => "Have the tests made by a PASSI-qualified body, on an iso-production environment.",
      () =>
        "The form is signed electronically and under one year old at deposit; every N/A or NO answer has its comment.",
      ({ stem }) =>
        `Add it with its facts: segur dossier add ${stem}.pdf ID --fact kind=pentest --fact on=YYYY-MM-DD --fact auditor=… --fact high=0 --fact medium=0`,
    ],
    "": [
      ({ show }) => `The source lists no proof; supply what establishes: ${show}`,
      ({ stem }) => `Video, screenshot or document, under the id of the row: ${stem}.`,
    ],
  },
};

/** For each kind that the rows name, its steps. The source says kinds per row, not per proof: a person picks. */
export function stepsOf(
  { id, rows }: Pick<DemandedProof, "id" | "rows">,
  lang: Lang,
): { readonly kind: string; readonly steps: readonly string[] }[] {
  const kinds = [...new Set(rows.flatMap((row) => row.proofs.kinds))];
  const show = [...new Set(rows.map((row) => shown(row, lang)))].join(" ; ");
  const facts = { show, stem: normalProofName(id, "") };
  return (kinds.length > 0 ? kinds : [""]).map((kind) => ({
    kind,
    steps: (STEPS[lang][kind] ?? STEPS[lang][""] ?? []).map((step) => step(facts)),
  }));
}

/** What the row asks and, where the source has one, its summary of the proof. */
function shown(row: Requirement, lang: Lang): string {
  const asked = row.title[lang].replace(/\.$/, "");
  const { summary } = row.proofs;
  return summary === undefined ? asked : `${asked} (${WANTED[lang]}${summary[lang]})`;
}

const WANTED = { fr: "preuve attendue : ", en: "proof expected: " } as const;
