/** `segur specs import` in words: what was made of the workbook, what was odd in it, what a person has to decide. */
import type { RemAnomaly, RemAnomalyKind } from "../../protocols/rem/index.js";
import { MESSAGES } from "../../reports/messages/index.js";
import { cut, visible } from "../../reports/safe.js";
import type { SpecsImport } from "../commands/specs-import.js";
import type { Lang } from "../output.js";
import type { Service } from "../specs/draft.js";
import type { DraftNote } from "../specs/draft-row.js";
import { ANOMALY_WORDS } from "./workbook.js";

/** Ids and places named under one head; `--json` has them all. */
const NAMED_MAX = 8;
/** Characters of a value as found. */
const VALUE_MAX = 60;

const fr = {
  title: (folder: string) => `Brouillon de règles écrit : ${folder}`,
  from: "classeur",
  sheet: (name: string, layout: string, lines: number) => `feuille ${name} (${layout}), ${lines} lignes de preuve`,
  digest: "empreinte (SHA-256)",
  counts: (all: number, taken: number, merged: number, left: number) =>
    `${all} exigences lues : ${taken} reprises, ${merged} réunies à une autre, ${left} laissées de côté`,
  couloir: "couloir",
  frozen: "liste figée le",
  rows: (count: number) => `${count} exigences`,
  known: (known: number, unknown: number) => `${known} connues de la suite, ${unknown} inconnues`,
  served: {
    checks: "jugées par des contrôles",
    inPart: "en partie par des contrôles",
    proof: "par une preuve seulement",
    nothing: "sans rien",
  } satisfies Record<Service, string>,
  anomalies: (count: number) => `Anomalies du classeur : ${count}`,
  noAnomaly: "Aucune anomalie dans le classeur.",
  mended: "lu",
  decide: "À décider avant de s'y fier",
  notes: {
    statement_to_compare:
      "nos contrôles décideront : comparer l'énoncé du classeur (register.statement) à ce qu'ils vérifient (segur explain)",
    statement_in_part: "nos contrôles n'en voient qu'une partie : comparer l'énoncé du classeur",
    unknown_id:
      "identifiants inconnus de la suite : moyen de vérification et genres de preuve à confirmer, énoncé à traduire",
    level_unknown: "nature absente du classeur : comptées comme obligatoires",
    level_kept: "nature absente du classeur : celle de notre registre est gardée",
    condition_unnamed: "conditionnelles sans profil : elles s'appliquent tant qu'aucune condition n'est écrite",
    kind_unknown: "preuves dont le texte ne dit pas le genre",
    proofs_kept: "aucune preuve dans le classeur : celles de notre registre sont gardées",
    nothing_serves: "ni contrôle ni preuve : exclues, à compléter",
    no_statement: "énoncé absent",
    several_statements: "plusieurs énoncés : le premier est pris",
    several_ids: "plusieurs identifiants du classeur, une seule exigence",
    id_prefixed: "identifiant déjà pris par une autre exigence : écrit avec le préfixe du couloir",
    alternatives_lost: "scénarios au choix dans notre registre, autres dans le classeur : tous sont demandés",
    obsolete: "marquées obsolètes par le classeur : laissées de côté",
    id_unusable: "identifiants inutilisables : laissées de côté",
    no_id: "lignes sans identifiant : laissées de côté",
  } satisfies Record<DraftNote, string>,
  also: "couloir, vague et date ci-dessus",
  more: (left: number) => `… et ${left} (--json)`,
  next: "Ensuite",
  try: (folder: string, id: string) =>
    `segur plan --specs ${folder} (dans segur.yaml : perimeters: [${id}]), puis segur run --specs ${folder}`,
  compare: (id: string) => `segur specs diff <périmètre> ${id}`,
  sign: (folder: string) =>
    `après toute correction : segur rules sign ${folder} --key <clé>. Signature actuelle : elle dit que les fichiers sont entiers, pas qu'une agence les approuve.`,
};

const en: typeof fr = {
  title: (folder) => `Draft of rules written: ${folder}`,
  from: "workbook",
  sheet: (name, layout, lines) => `sheet ${name} (${layout}), ${lines} proof lines`,
  digest: "digest (SHA-256)",
  counts: (all, taken, merged, left) =>
    `${all} requirements read: ${taken} taken, ${merged} merged into another, ${left} left out`,
  couloir: "care sector",
  frozen: "list frozen on",
  rows: (count) => `${count} requirements`,
  known: (known, unknown) => `${known} known to the suite, ${unknown} unknown`,
  served: {
    checks: "decided by checks",
    inPart: "in part by checks",
    proof: "by a proof only",
    nothing: "by nothing",
  },
  anomalies: (count) => `Anomalies of the workbook: ${count}`,
  noAnomaly: "No anomaly in the workbook.",
  mended: "read as",
  decide: "To decide before relying on it",
  notes: {
    statement_to_compare:
      "our checks will decide: compare the workbook's statement (register.statement) with what they verify (segur explain)",
    statement_in_part: "our checks see a part of it: compare the workbook's statement",
    unknown_id: "ids unknown to the suite: confirm verification and kinds of proof, translate the statement",
    level_unknown: "no level in the workbook: counted as mandatory",
    level_kept: "no level in the workbook: that of our register is kept",
    condition_unnamed: "conditional without a profile: they apply until a condition is written",
    kind_unknown: "proofs whose text does not say their kind",
    proofs_kept: "no proof in the workbook: those of our register are kept",
    nothing_serves: "neither check nor proof: excluded, to be completed",
    no_statement: "no statement",
    several_statements: "several statements: the first is taken",
    several_ids: "several ids of the workbook, one requirement",
    id_prefixed: "id already taken by another requirement: written with the prefix of the couloir",
    alternatives_lost: "scenarios to choose from in our register, others in the workbook: all are asked",
    obsolete: "marked obsolete by the workbook: left out",
    id_unusable: "ids that cannot be used: left out",
    no_id: "lines without id: left out",
  },
  also: "care sector, wave and date above",
  more: (left) => `… and ${left} more (--json)`,
  next: "Next",
  try: (folder, id) =>
    `segur plan --specs ${folder} (in segur.yaml: perimeters: [${id}]), then segur run --specs ${folder}`,
  compare: (id) => `segur specs diff <perimeter> ${id}`,
  sign: (folder) =>
    `after any correction: segur rules sign ${folder} --key <key>. The signature there now says that the files are whole, not that an agency approves them.`,
};

const WORDS = { fr, en } as const;

export function specsImportText(account: SpecsImport, lang: Lang): string {
  const words = WORDS[lang];
  const { colon } = MESSAGES[lang];
  const folder = visible(account.folder);
  const { all, taken, merged, leftOut } = account.counts;
  const several = account.perimeters.length > 1;
  const [first] = account.perimeters;
  const named = (id: string): string => (several ? `${folder}#${id}` : folder);
  const lines = [
    words.title(folder),
    `  ${words.from}${colon}${visible(account.file.name)}, ${words.digest} ${account.file.sha256}`,
    ...account.sheets.map(({ name, layout, lines: count }) => `  ${words.sheet(visible(name), layout, count)}`),
    `  ${words.couloir}${colon}${account.couloir}, ${words.frozen} ${account.frozen}`,
    `  ${words.counts(all, taken, merged, leftOut)}`,
    ...account.perimeters.flatMap((perimeter) => [
      "",
      `${visible(perimeter.id)} (${MESSAGES[lang].wave(perimeter.wave)})${colon}${words.rows(perimeter.rows)}, ${words.known(perimeter.known, perimeter.unknown)}`,
      ...(Object.keys(words.served) as Service[]).map(
        (service) => `  ${String(perimeter.served[service]).padStart(5)} ${words.served[service]}`,
      ),
    ]),
    "",
    ...anomalyLines(account.anomalies, lang),
    "",
    `${words.decide}${colon}${words.also}`,
    ...account.decisions.flatMap(({ note, of }) => [`  ${of.length} ${words.notes[note]}`, `    ${list(of, lang)}`]),
    "",
    words.next,
    ...(first ? [`  ${words.try(folder, visible(first.id))}`] : []),
    ...account.perimeters.map(({ id }) => `  ${words.compare(named(visible(id)))}`),
    `  ${words.sign(folder)}`,
    "",
  ];
  return lines.join("\n").replace(/[\u00a0\u202f]/g, " ");
}

/** By kind, in the order in which they were met. */
function anomalyLines(anomalies: readonly RemAnomaly[], lang: Lang): string[] {
  const words = WORDS[lang];
  if (anomalies.length === 0) return [words.noAnomaly];
  const kinds = new Map<RemAnomalyKind, RemAnomaly[]>();
  for (const anomaly of anomalies) {
    const of = kinds.get(anomaly.kind) ?? [];
    of.push(anomaly);
    kinds.set(anomaly.kind, of);
  }
  return [
    words.anomalies(anomalies.length),
    ...[...kinds].flatMap(([kind, of]) => {
      const left = of.length - NAMED_MAX;
      return [
        `  ${of.length} ${ANOMALY_WORDS[kind][lang]}`,
        ...of.slice(0, NAMED_MAX).map((anomaly) => `    ${placeText(anomaly, lang)}`),
        ...(left > 0 ? [`    ${words.more(left)}`] : []),
      ];
    }),
  ];
}

/** `Exigences, 12, ID: "PSC 03.01"`. */
function placeText({ at, value, mended }: RemAnomaly, lang: Lang): string {
  const column = at.column === "" ? "" : `, ${visible(at.column)}`;
  const quoted = (text: string): string => {
    const { text: kept, left } = cut(text, VALUE_MAX);
    return JSON.stringify(visible(`${kept}${left > 0 ? "…" : ""}`));
  };
  const found = value === "" && mended === null ? "" : ` ${quoted(value)}`;
  const read = mended === null ? "" : ` (${WORDS[lang].mended} ${quoted(mended)})`;
  return `${visible(at.sheet)}!${at.row}${column}${found}${read}`;
}

function list(ids: readonly string[], lang: Lang): string {
  const left = ids.length - NAMED_MAX;
  const named = ids.slice(0, NAMED_MAX).map((id) => visible(cut(id, VALUE_MAX).text));
  return `${named.join(", ")}${left > 0 ? ` ${WORDS[lang].more(left)}` : ""}`;
}
