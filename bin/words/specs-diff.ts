/** `segur specs diff` in words. */
import type {
  AspectChange,
  AspectValue,
  JudgedChange,
  LoneRow,
  MoveReason,
  RowAspect,
  RowStanding,
} from "../../core/compare/index.js";
import type { Text } from "../../core/model/index.js";
import { MESSAGES } from "../../reports/messages/index.js";
import { cut, visible } from "../../reports/safe.js";
import type { Lang } from "../output.js";
import type { SpecsDiff, SpecsDiffSide } from "../specs/diff.js";

/** Rows told of each group; `--json` has them all. */
const LIST_MAX = 150;
/** Characters of one side of a change. */
const VALUE_MAX = 300;

const fr = {
  title: "Ce qui change d'une liste d'exigences à l'autre",
  before: "avant",
  after: "après",
  frozen: "figée le",
  rows: (count: number) => `${count} ${count < 2 ? "exigence" : "exigences"}`,
  suite: "de la suite",
  pack: (name: string, version: string) => `règles ${name} ${version}`,
  unsigned: "non signées",
  added: "Ajoutées",
  removed: "Retirées",
  changed: "Modifiées",
  moved: "Passées sous un autre identifiant",
  unchanged: (count: number) => `Inchangées : ${count}`,
  none: "aucune",
  related: "voir aussi",
  by: {
    alias: "autre écriture du même identifiant",
    legacy: "numéro de vague 1 dans ce couloir",
    register: "suite d'identifiants du registre",
  } satisfies Record<MoveReason, string>,
  asBefore: "sans autre changement",
  statementUnknown: (count: number) =>
    `${count} ${count < 2 ? "exigence dont" : "exigences dont"} l'énoncé officiel n'est connu que d'un côté (de l'autre, la suite n'a qu'une paraphrase) : dire s'il a changé demande de le lire.`,
  aspects: {
    statement: "énoncé",
    title: "intitulé",
    level: "nature",
    profiles: "profils",
    condition: "condition",
    verification: "moyen de vérification",
    scenarios: "scénarios",
    proofs: "preuves",
    proofKinds: "genres de preuve",
    checks: "contrôles qui décident",
    supports: "contrôles en partie",
    messages: "messages qui comptent",
    variant: "énoncé propre au couloir",
  } satisfies Record<RowAspect, string>,
  nothing: "rien",
  run: (name: string) => `Jugement de l'exécution ${name}, mêmes enregistrement, preuves et déclarations`,
  decision: "Décision",
  sameDecision: "même décision",
  verdicts: "Verdicts ou dossiers qui changent",
  sameVerdicts: "Même verdict, autre raison ou autre nature",
  newRows: "Exigences ajoutées, comme l'exécution les remplit aujourd'hui",
  goneRows: "Exigences retirées, comme l'exécution les remplissait",
  deciding: {
    notConform: "non conformes",
    undetermined: "indéterminées",
    notTested: "non testées",
    toReview: "à examiner",
    dossierOwed: "preuves dues",
  },
  nothingWritten: "Rien n'a été écrit : le jugement de l'exécution reste celui de son périmètre.",
};

const en: typeof fr = {
  title: "What changes from one list of requirements to the other",
  before: "before",
  after: "after",
  frozen: "frozen on",
  rows: (count) => `${count} ${count === 1 ? "requirement" : "requirements"}`,
  suite: "of the suite",
  pack: (name, version) => `rules ${name} ${version}`,
  unsigned: "unsigned",
  added: "Added",
  removed: "Removed",
  changed: "Changed",
  moved: "Moved to another id",
  unchanged: (count) => `Unchanged: ${count}`,
  none: "none",
  related: "see also",
  by: {
    alias: "another spelling of the same id",
    legacy: "wave 1 number in this couloir",
    register: "id history of the register",
  },
  asBefore: "no other change",
  statementUnknown: (count) =>
    `${count} ${count === 1 ? "requirement whose" : "requirements whose"} official statement is known on one side only (the suite has a paraphrase on the other): whether it changed must be read.`,
  aspects: {
    statement: "statement",
    title: "title",
    level: "level",
    profiles: "profiles",
    condition: "condition",
    verification: "verification",
    scenarios: "scenarios",
    proofs: "proofs",
    proofKinds: "kinds of proof",
    checks: "deciding checks",
    supports: "checks in part",
    messages: "messages that count",
    variant: "statement of the couloir",
  },
  nothing: "nothing",
  run: (name) => `Judgement of the run ${name}, same recording, proofs and declarations`,
  decision: "Decision",
  sameDecision: "same decision",
  verdicts: "Verdicts or dossiers that change",
  sameVerdicts: "Same verdict, another reason or level",
  newRows: "Requirements added, as the run meets them today",
  goneRows: "Requirements removed, as the run met them",
  deciding: {
    notConform: "not conform",
    undetermined: "undetermined",
    notTested: "not tested",
    toReview: "to review",
    dossierOwed: "proofs owed",
  },
  nothingWritten: "Nothing was written: the judgement of the run stays that of its own perimeter.",
};

type Words = typeof fr;
const WORDS = { fr, en } as const;

export function specsDiffText(diff: SpecsDiff, lang: Lang): string {
  const words = WORDS[lang];
  const { colon } = MESSAGES[lang];
  const lines = [
    words.title,
    ...sideLines(words, colon, words.before, diff.before),
    ...sideLines(words, colon, words.after, diff.after),
    "",
    ...group(words.added, diff.added, lang, (row) => loneLines(words, lang, row)),
    ...group(words.removed, diff.removed, lang, (row) => loneLines(words, lang, row)),
    ...group(words.moved, diff.moved, lang, (row) => [
      `  ${visible(row.from)} → ${visible(row.to)}  ${titleOf(row.title, lang)}`,
      `    ${words.by[row.by]}${row.changes.length === 0 ? `, ${words.asBefore}` : ""}`,
      ...row.changes.flatMap((change) => changeLines(words, lang, change)),
    ]),
    ...group(words.changed, diff.changed, lang, (row) => [
      `  ${visible(row.id)}  ${titleOf(row.title, lang)}`,
      ...row.changes.flatMap((change) => changeLines(words, lang, change)),
    ]),
    words.unchanged(diff.unchanged),
    ...(diff.statementUnknown > 0 ? [words.statementUnknown(diff.statementUnknown)] : []),
    ...(diff.run ? ["", ...runLines(words, lang, diff.run)] : []),
    "",
  ];
  // Plain spaces on a terminal, like the other texts for one.
  return lines.join("\n").replace(/[\u00a0\u202f]/g, " ");
}

function sideLines(words: Words, colon: string, name: string, side: SpecsDiffSide): string[] {
  const { rules, signed } = side;
  const signature = signed ? "" : `, ${words.unsigned}`;
  const from = rules ? `${words.pack(visible(rules.name), visible(rules.version))}${signature}` : words.suite;
  const facts = [side.couloir, `${words.frozen} ${side.frozen}`, side.basis, from, words.rows(side.rows)];
  return [`  ${name}${colon}${visible(side.id)} (${facts.join(", ")})`];
}

/** Head with the count, then the rows, then how many were left out. */
function group<T>(head: string, rows: readonly T[], lang: Lang, tell: (row: T) => string[]): string[] {
  const { colon, counts } = MESSAGES[lang];
  if (rows.length === 0) return [`${head}${colon}${WORDS[lang].none}`, ""];
  const left = rows.length - LIST_MAX;
  return [
    `${head}${colon}${rows.length}`,
    ...rows.slice(0, LIST_MAX).flatMap(tell),
    ...(left > 0 ? [`  ${counts.more(left, String(left))}`] : []),
    "",
  ];
}

function loneLines(words: Words, lang: Lang, row: LoneRow): string[] {
  const { colon, levels } = MESSAGES[lang];
  return [
    `  ${visible(row.id)}  ${titleOf(row.title, lang)} (${levels[row.level]})`,
    ...(row.related.length > 0
      ? [`    ${words.related}${colon}${row.related.map((id) => visible(id)).join(", ")}`]
      : []),
  ];
}

/** What a list lost and gained; of anything else both sides. */
function changeLines(words: Words, lang: Lang, { aspect, before, after }: AspectChange): string[] {
  const label = `    ${words.aspects[aspect]}${MESSAGES[lang].colon}`;
  if (isList(before) && isList(after)) {
    const lost = before.filter((one) => !after.includes(one)).map((one) => `− ${visible(one)}`);
    const gained = after.filter((one) => !before.includes(one)).map((one) => `+ ${visible(one)}`);
    return [`${label}${shortened([...lost, ...gained].join(", "))}`];
  }
  const [from, to] = [valueText(words, lang, aspect, before), valueText(words, lang, aspect, after)];
  return from.length + to.length > 80
    ? [label.trimEnd(), `      − ${from}`, `      + ${to}`]
    : [`${label}${from} → ${to}`];
}

function valueText(words: Words, lang: Lang, aspect: RowAspect, value: AspectValue): string {
  if (value === null) return words.nothing;
  if (isList(value)) return shortened(visible(value.join(", ")));
  if (typeof value !== "string") return titleOf(value, lang);
  const { levels, verifications } = MESSAGES[lang];
  const table: Readonly<Record<string, string>> =
    aspect === "level" ? levels : aspect === "verification" ? verifications : {};
  return table[value] ?? shortened(visible(value));
}

function runLines(words: Words, lang: Lang, run: NonNullable<SpecsDiff["run"]>): string[] {
  const { colon } = MESSAGES[lang];
  const { before, after, changes } = run.decision;
  const alone = (head: string, rows: typeof run.added): string[] =>
    group(head, rows, lang, (row) => [`  ${visible(row.id)}  ${standingText(lang, row)}`]);
  return [
    words.run(visible(run.name)),
    `${words.decision}${colon}${decisionText(words, lang, before)}`,
    `  → ${decisionText(words, lang, after)}${changes ? "" : `, ${words.sameDecision}`}`,
    "",
    ...group(words.verdicts, run.rows.filter(turns), lang, (row) => judgedLines(lang, row)),
    ...group(
      words.sameVerdicts,
      run.rows.filter((row) => !turns(row)),
      lang,
      (row) => judgedLines(lang, row),
    ),
    ...alone(words.newRows, run.added),
    ...alone(words.goneRows, run.removed),
    words.nothingWritten,
  ];
}

function turns({ before, after }: JudgedChange): boolean {
  return before.verdict !== after.verdict || before.dossier !== after.dossier;
}

function decisionText(
  words: Words,
  lang: Lang,
  { decision, deciding }: NonNullable<SpecsDiff["run"]>["decision"]["before"],
): string {
  const parts = (Object.keys(words.deciding) as (keyof Words["deciding"])[])
    .filter((part) => deciding[part].length > 0)
    .map((part) => `${deciding[part].length} ${words.deciding[part]}`);
  return `${MESSAGES[lang].decisions[decision]}${parts.length > 0 ? ` (${parts.join(", ")})` : ""}`;
}

function judgedLines(lang: Lang, { from, to, before, after }: JudgedChange): string[] {
  const name = from === to ? visible(from) : `${visible(from)} → ${visible(to)}`;
  const { levels } = MESSAGES[lang];
  const level = before.level === after.level ? "" : ` (${levels[before.level]} → ${levels[after.level]})`;
  return [`  ${name}${level}`, `    ${standingText(lang, before)} → ${standingText(lang, after)}`];
}

function standingText(lang: Lang, { verdict, reason, dossier }: RowStanding): string {
  const { colon, verdicts, dossiers, dossier: dossierWord } = MESSAGES[lang];
  const why = reason === null ? "" : ` [${visible(reason)}]`;
  return `${verdicts[verdict]}${why}, ${dossierWord.toLowerCase()}${colon}${dossiers[dossier]}`;
}

function titleOf(title: Text, lang: Lang): string {
  return shortened(visible(title[lang]));
}

function shortened(text: string): string {
  const { text: kept, left } = cut(text, VALUE_MAX);
  return left > 0 ? `${kept}…` : kept;
}

function isList(value: AspectValue): value is readonly string[] {
  return Array.isArray(value);
}
