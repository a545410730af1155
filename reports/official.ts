/** What the official rules said, in words: shared by the renderings and by `segur check`. */
import {
  OFFICIAL_LAYERS,
  type OfficialDisagreement,
  type OfficialDocument,
  type OfficialLayer,
  type OfficialLayerId,
  type OfficialReason,
  type OfficialReport,
  type OfficialRun,
  type OfficialState,
  type VoletChoice,
} from "../core/model/index.js";
import type { Lang } from "./model.js";

const FR = {
  title: "Règles officielles",
  intro:
    "Documents CDA de l'enregistrement, jugés par les règles publiques de l'agence d'une copie locale. Cela ne change aucun verdict et aucune décision.",
  introNone: "Aucun document CDA dans l'enregistrement.",
  digest: "Empreinte des règles officielles (SHA-256)",
  commit: "Version de la copie (commit)",
  files: "Fichiers de règles",
  documents: "Documents distincts",
  states: {
    accepted: "accepté",
    rejected: "rejeté",
    incomplete: "incomplet",
    not_judged: "non jugé",
  } satisfies Record<OfficialState, string>,
  layers: {
    xsd: "schéma XML (XSD)",
    header: "structuration minimale (en-tête)",
    ihe: "profils IHE",
    models: "modèles de contenus CDA",
    "ans-models": "modèles de l'ANS",
    terminologies: "terminologies",
    volet: "volet",
  } satisfies Record<OfficialLayerId, string>,
  layerStates: { passed: "réussi", failed: "échoué", not_run: "non exécuté" } satisfies Record<
    OfficialLayer["state"],
    string
  >,
  reasons: {
    not_in_tree: "absent de la copie",
    missing_include: "un fichier inclus manque dans la copie",
    missing_document: "un vocabulaire ou une terminologie manque dans la copie",
    bad_document: "un vocabulaire de la copie est illisible",
    bad_rules: "ces règles ne peuvent pas être utilisées",
    too_large: "trop grand pour être exécuté",
    rule_errors: "une règle ne peut pas être évaluée sur ce document : le moteur officiel s'arrêterait là",
    silenced: "le typeId du document n'est pas celui de CDA R2 : ces règles ne regardent alors plus rien",
    no_volet: "document de niveau 1 : aucun volet ne le concerne",
    volet_unknown: "aucun volet de la copie ne correspond (choisir avec --volet)",
    volet_ambiguous: "plusieurs volets correspondent (choisir avec --volet)",
    engine: "le moteur de validation n'a pas pu conclure",
  } satisfies Record<OfficialReason, string>,
  problems: {
    not_cda: "aucun ClinicalDocument",
    not_xml: "le document n'est pas du XML bien formé",
    dtd: "une DOCTYPE n'est pas acceptée",
    too_large: "document trop grand",
    too_deep: "éléments imbriqués trop profondément",
    bad_encoding: "encodage illisible",
  } as Readonly<Record<string, string>>,
  choices: {
    given: "imposé par --volet ou par la configuration",
    version: "d'après le modèle et la version écrits dans le document",
    newest: "d'après le modèle écrit dans le document, version la plus récente de la copie",
    code: "d'après le code du document",
  } satisfies Record<VoletChoice, string>,
  asked: (version: string) => `le document écrit la version ${version}, absente de la copie`,
  noVersion: "le document n'écrit pas de version",
  passes: (entries: string) => `le document est accepté par ${entries}`,
  rebuilt: (names: string) => `vocabulaire absent de la copie, reconstruit de ses jeux de valeurs : ${names}`,
  caseFixes: (count: string) => `fichiers inclus retrouvés sans tenir compte de la casse : ${count}`,
  unchecked: (systems: string) => `codes non vérifiés, terminologie absente de la copie : ${systems}`,
  failures: (count: string) => `échecs : ${count}`,
  warnings: (count: string) => `avertissements : ${count}`,
  more: (count: string) => `et ${count} de plus`,
  line: (line: string) => `ligne ${line}`,
  unwrapped: "document auto-présentable : seul le ClinicalDocument qu'il contient est jugé",
  disagreements: {
    own_only: "désaccord : nos contrôles y voient un écart, les règles officielles l'acceptent",
    official_only: "désaccord : les règles officielles le rejettent, nos contrôles n'y voient aucun écart",
  } satisfies Record<OfficialDisagreement, string>,
  xsdFailures: {
    unexpected_element: "élément inattendu",
    missing_element: "élément manquant dans",
    unexpected_attribute: "attribut inattendu",
    missing_attribute: "attribut manquant",
    bad_value: "valeur refusée",
    bad_content: "contenu refusé",
    bad_type: "type refusé",
    unknown_root: "racine inconnue",
    other: "non valide",
  } as Readonly<Record<string, string>>,
  document: "Document",
  state: "État",
  layer: "Règles",
  note: "Précisions",
};

export type OfficialWords = typeof FR;

const EN: OfficialWords = {
  title: "Official rules",
  intro:
    "CDA documents of the recording, judged by the agency's public rules of a local checkout. It changes no verdict and no decision.",
  introNone: "No CDA document in the recording.",
  digest: "Digest of the official rules (SHA-256)",
  commit: "Version of the checkout (commit)",
  files: "Rule files",
  documents: "Distinct documents",
  states: { accepted: "accepted", rejected: "rejected", incomplete: "incomplete", not_judged: "not judged" },
  layers: {
    xsd: "XML schema (XSD)",
    header: "structuration minimale (header)",
    ihe: "IHE profiles",
    models: "CDA content models",
    "ans-models": "ANS models",
    terminologies: "terminologies",
    volet: "volet",
  },
  layerStates: { passed: "passed", failed: "failed", not_run: "not run" },
  reasons: {
    not_in_tree: "not in the checkout",
    missing_include: "an included file is missing in the checkout",
    missing_document: "a vocabulary or a terminology is missing in the checkout",
    bad_document: "a vocabulary of the checkout cannot be read",
    bad_rules: "these rules cannot be used",
    too_large: "too large to be run",
    rule_errors: "a rule cannot be evaluated on this document: the official engine would stop there",
    silenced: "the typeId of the document is not that of CDA R2: these rules then look at nothing",
    no_volet: "level 1 document: no volet is for it",
    volet_unknown: "no volet of the checkout fits (choose with --volet)",
    volet_ambiguous: "several volets fit (choose with --volet)",
    engine: "the validation engine could not conclude",
  },
  problems: {
    not_cda: "no ClinicalDocument",
    not_xml: "the document is not well-formed XML",
    dtd: "a DOCTYPE is not accepted",
    too_large: "document too large",
    too_deep: "elements nested too deep",
    bad_encoding: "encoding cannot be read",
  },
  choices: {
    given: "named by --volet or by the configuration",
    version: "by template and version written in the document",
    newest: "by the template written in the document, newest version of the checkout",
    code: "by the code of the document",
  },
  asked: (version) => `the document writes version ${version}, which the checkout lacks`,
  noVersion: "the document writes no version",
  passes: (entries) => `the document is accepted by ${entries}`,
  rebuilt: (names) => `vocabulary missing in the checkout, rebuilt from its value sets: ${names}`,
  caseFixes: (count) => `included files found by leaving letter case aside: ${count}`,
  unchecked: (systems) => `codes not verified, terminology missing in the checkout: ${systems}`,
  failures: (count) => `failures: ${count}`,
  warnings: (count) => `warnings: ${count}`,
  more: (count) => `and ${count} more`,
  line: (line) => `line ${line}`,
  unwrapped: "self-presenting document: the ClinicalDocument inside it alone is judged",
  disagreements: {
    own_only: "disagreement: our checks see a breach, the official rules accept it",
    official_only: "disagreement: the official rules reject it, our checks see no breach",
  },
  xsdFailures: {
    unexpected_element: "unexpected element",
    missing_element: "missing element in",
    unexpected_attribute: "unexpected attribute",
    missing_attribute: "missing attribute",
    bad_value: "value refused",
    bad_content: "content refused",
    bad_type: "type refused",
    unknown_root: "unknown root",
    other: "not valid",
  },
  document: "Document",
  state: "State",
  layer: "Rules",
  note: "Details",
};

export const OFFICIAL_WORDS: Readonly<Record<Lang, OfficialWords>> = { fr: FR, en: EN };

/** What the words need from whoever prints them: numbers as its language writes them, foreign text made safe. */
export interface Pen {
  readonly lang: Lang;
  number(value: number): string;
  foreign(text: string): string;
}

export interface LayerLines {
  readonly name: string;
  readonly state: OfficialLayer["state"];
  readonly stateText: string;
  readonly notes: readonly string[];
  readonly failures: readonly FailureLine[];
  readonly warnings: readonly FailureLine[];
  /** How many failures were left out; null = none. */
  readonly more: string | null;
}

export interface FailureLine {
  /** Key of the rule. */
  readonly key: string;
  readonly text: string;
  readonly where: string;
}

export function layerLines(layer: OfficialLayer, report: OfficialReport, pen: Pen, max: number): LayerLines {
  const t = OFFICIAL_WORDS[pen.lang];
  const failures = layer.failures.slice(0, max).map((failure) => failureLine(failure, layer.id, pen));
  const left = layer.failed - failures.length;
  return {
    name: t.layers[layer.id],
    state: layer.state,
    stateText: t.layerStates[layer.state],
    notes: [...(layer.id === "volet" ? voletNotes(report, pen) : []), ...layerNotes(layer, pen)],
    failures,
    warnings: layer.warnings.slice(0, max).map((warning) => failureLine(warning, layer.id, pen)),
    more: left > 0 ? t.more(pen.number(left)) : null,
  };
}

function layerNotes(layer: OfficialLayer, pen: Pen): readonly string[] {
  const t = OFFICIAL_WORDS[pen.lang];
  const notes: string[] = [];
  if (layer.reason) {
    const where = layer.reason.where === null ? "" : ` (${pen.foreign(layer.reason.where)})`;
    notes.push(`${t.reasons[layer.reason.code]}${where}`);
  }
  if (layer.failed > 0) notes.push(t.failures(pen.number(layer.failed)));
  if (layer.warned > 0) notes.push(t.warnings(pen.number(layer.warned)));
  if (layer.rebuilt.length > 0) notes.push(t.rebuilt(layer.rebuilt.map((name) => pen.foreign(name)).join(", ")));
  if (layer.caseFixes > 0) notes.push(t.caseFixes(pen.number(layer.caseFixes)));
  if (layer.unchecked.length > 0)
    notes.push(t.unchecked(layer.unchecked.map((oid) => systemName(oid, pen)).join(", ")));
  return notes;
}

/** Terminologies that the agency's list names and that a plain checkout may lack for their size (dmp.md §6.3). */
const LARGE: Readonly<Record<string, string>> = {
  "2.16.840.1.113883.6.1": "LOINC",
  "2.16.840.1.113883.6.96": "SNOMED CT",
  "2.16.840.1.113883.3.26.1.1": "NCIT",
  "1.2.250.1.213.2.62": "UCD",
};

function systemName(oid: string, pen: Pen): string {
  const name = LARGE[oid];
  return name === undefined ? pen.foreign(oid) : `${oid} (${name})`;
}

function voletNotes({ volet }: OfficialReport, pen: Pen): readonly string[] {
  if (!volet) return [];
  const t = OFFICIAL_WORDS[pen.lang];
  const base = (entry: string): string => pen.foreign(entry.slice(entry.lastIndexOf("/") + 1));
  const version =
    volet.choice !== "newest" ? [] : [volet.asked === null ? t.noVersion : t.asked(pen.foreign(volet.asked))];
  return [
    `${base(volet.entry)}, ${[t.choices[volet.choice], ...version].join(" ; ")}`,
    ...(volet.passes.length > 0 ? [t.passes(volet.passes.map(base).join(", "))] : []),
  ];
}

function failureLine(failure: OfficialLayer["failures"][number], layer: OfficialLayerId, pen: Pen): FailureLine {
  const t = OFFICIAL_WORDS[pen.lang];
  const path = failure.path === null ? [] : [pen.foreign(failure.path)];
  const line = failure.line === null ? [] : [t.line(String(failure.line))];
  const said = pen.foreign(failure.text);
  return {
    key: pen.foreign(failure.key),
    text: layer === "xsd" ? `${t.xsdFailures[failure.key] ?? t.xsdFailures.other ?? ""} ${said}` : said,
    where: [...path, ...line].join(", "),
  };
}

/** `x0004 dmp.submit Document01` of the first place, and how many more there are. */
export function placeText(document: OfficialDocument, pen: Pen): string {
  const t = OFFICIAL_WORDS[pen.lang];
  const [first] = document.places;
  const left = document.places.length - 1;
  const words = first ? [first.exchange, first.operation, ...(first.place === null ? [] : [first.place])] : [];
  return [...words.map((word) => pen.foreign(word)), ...(left > 0 ? [`(${t.more(pen.number(left))})`] : [])].join(" ");
}

/** `11 accepted, 1 rejected`. */
export function officialCounts(run: OfficialRun, pen: Pen): string {
  const t = OFFICIAL_WORDS[pen.lang];
  return (["accepted", "rejected", "incomplete", "not_judged"] as const)
    .map((state) => [state, run.documents.filter((document) => document.state === state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${t.states[state]} ${pen.number(count)}`)
    .join(", ");
}

/** What is said of a document besides its layers. */
export function documentNotes(
  report: OfficialReport,
  disagreement: OfficialDisagreement | null,
  pen: Pen,
): readonly string[] {
  const t = OFFICIAL_WORDS[pen.lang];
  return [
    ...(report.problem === null ? [] : [t.problems[report.problem] ?? pen.foreign(report.problem)]),
    ...(report.unwrapped ? [t.unwrapped] : []),
    ...(disagreement === null ? [] : [t.disagreements[disagreement]]),
  ];
}

/** The whole in lines, title first: for a terminal and for a job summary. Accepted documents are counted only. */
export function officialLines(run: OfficialRun, pen: Pen): readonly string[] {
  const t = OFFICIAL_WORDS[pen.lang];
  const colon = pen.lang === "fr" ? " : " : ": ";
  const counts = officialCounts(run, pen);
  const open = run.documents.filter(({ state, disagreement }) => state !== "accepted" || disagreement !== null);
  return [
    t.title,
    t.intro,
    `${t.digest}${colon}${pen.foreign(run.tree.digest)}`,
    `${t.documents}${colon}${pen.number(run.documents.length)}${counts === "" ? "" : ` (${counts})`}`,
    ...layerCounts(run, pen),
    ...open.map((document) => {
      const layers = document.layers
        .filter(({ state, applies }) => state === "failed" || (state === "not_run" && applies))
        .map(
          ({ id, state, failed }) =>
            `${t.layers[id]} ${t.layerStates[state]}${failed > 0 ? ` (${pen.number(failed)})` : ""}`,
        );
      const said = [t.states[document.state], ...layers, ...documentNotes(document, document.disagreement, pen)];
      return `${placeText(document, pen)}${colon}${said.join(" ; ")}`;
    }),
  ];
}

/** Each layer over all documents, with the reasons of those that were not run. */
function layerCounts(run: OfficialRun, pen: Pen): readonly string[] {
  const t = OFFICIAL_WORDS[pen.lang];
  const colon = pen.lang === "fr" ? " : " : ": ";
  return OFFICIAL_LAYERS.flatMap((id) => {
    const layers = run.documents.flatMap((document) => document.layers.filter((layer) => layer.id === id));
    if (layers.length === 0) return [];
    const parts = (["passed", "failed", "not_run"] as const)
      .map((state) => [state, layers.filter((layer) => layer.state === state)] as const)
      .filter(([, of]) => of.length > 0)
      .map(([state, of]) => {
        const reasons = [...new Set(of.flatMap(({ reason }) => (reason ? [t.reasons[reason.code]] : [])))];
        return `${t.layerStates[state]} ${pen.number(of.length)}${reasons.length > 0 ? ` (${reasons.join(" ; ")})` : ""}`;
      });
    const rebuilt = [...new Set(layers.flatMap((layer) => layer.rebuilt))];
    const notes = rebuilt.length > 0 ? [t.rebuilt(rebuilt.map((name) => pen.foreign(name)).join(", "))] : [];
    return [`${t.layers[id]}${colon}${[...parts, ...notes].join(", ")}`];
  });
}
