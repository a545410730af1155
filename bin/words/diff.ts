/** `segur diff` in words. */
import type {
  Change,
  ChangeCause,
  CheckState,
  DecisionState,
  Direction,
  RowState,
  State,
} from "../../core/compare/index.js";
import { MESSAGES } from "../../reports/messages/index.js";
import { visible } from "../../reports/safe.js";
import type { Asked, Diff, DiffNote, DiffSide } from "../commands/diff.js";
import type { Lang } from "../output.js";
import type { Suite } from "../suite.js";

const LIST_MAX = 60;

const WORDS = {
  fr: {
    title: "Ce qui a changé",
    before: "avant",
    after: "après",
    rules: "règles",
    sameRules: (digest: string) => `les mêmes (${digest})`,
    otherRules: (before: string, after: string, now: string) =>
      `${before} avant, ${after} après ; les deux enregistrements ont été rejugés avec ${now}`,
    olderRules: (digest: string, now: string) =>
      `les mêmes (${digest}), mais pas celles de cette version ; les deux enregistrements ont été rejugés avec ${now}`,
    asked: "demandé autrement",
    parts: {
      perimeters: "périmètres",
      subProfiles: "sous-profils",
      conditions: "conditions",
      alternatives: "alternatives",
      only: "sélection (--only)",
      driverCan: "opérations du pilote",
      mode: "mode de session",
    } satisfies Record<Asked, string>,
    sameEvidence: "Les deux enregistrements sont identiques.",
    otherCandidate: "Ce ne sont pas les mêmes candidats.",
    notes: {
      no_result: "pas de result.json : jugée d'après son enregistrement",
      unreadable_result: "result.json illisible ou d'un autre format : jugée d'après son enregistrement",
      result_does_not_follow:
        "result.json n'est pas ce que l'enregistrement donne avec les mêmes règles : il est laissé de côté, elle est jugée d'après son enregistrement",
      other_rule_pack:
        "faite avec d'autres règles d'agence que celles données ici (--specs) : ce qui en vient est compté comme « règles »",
    } satisfies Record<DiffNote, string>,
    sections: { checks: "Contrôles", rows: "Exigences", decisions: "Décisions" },
    directions: {
      vanished: "disparu",
      worse: "moins bien",
      new: "nouveau",
      better: "mieux",
      other: "autre",
    } satisfies Record<Direction, string>,
    causes: { evidence: "enregistrement", rules: "règles", perimeter: "périmètre" } satisfies Record<
      ChangeCause,
      string
    >,
    unsure: "l'une ou l'autre : les règles de cette version ne voient plus la différence",
    unexplained:
      "rien ne l'explique : même enregistrement, mêmes demandes, mêmes règles ; l'un des deux result.json a été modifié",
    absent: "absent",
    unplanned: "hors du plan",
    because: "cause",
    fires: "se déclenche",
    silent: "ne se déclenche plus",
    nothing: "aucun changement",
    regression: "Au moins un contrôle ou une exigence est moins bien, a disparu, ou est nouveau et échoue.",
    noRegression: "Rien n'est moins bien et rien n'a disparu.",
    meaning:
      "Causes : enregistrement = d'autres octets enregistrés, ou d'autres preuves fournies ; périmètre = ce qui a été demandé ; règles = un autre jeu de règles.",
  },
  en: {
    title: "What changed",
    before: "before",
    after: "after",
    rules: "rules",
    sameRules: (digest: string) => `the same (${digest})`,
    otherRules: (before: string, after: string, now: string) =>
      `${before} before, ${after} after; both recordings were judged again with ${now}`,
    olderRules: (digest: string, now: string) =>
      `the same (${digest}), but not those of this version; both recordings were judged again with ${now}`,
    asked: "asked differently",
    parts: {
      perimeters: "perimeters",
      subProfiles: "sub-profiles",
      conditions: "conditions",
      alternatives: "alternatives",
      only: "selection (--only)",
      driverCan: "operations of the driver",
      mode: "session mode",
    } satisfies Record<Asked, string>,
    sameEvidence: "The two recordings are identical.",
    otherCandidate: "These are not the same candidates.",
    notes: {
      no_result: "no result.json: judged from its recording",
      unreadable_result: "result.json cannot be read or has another format: judged from its recording",
      result_does_not_follow:
        "result.json is not what the recording gives under the same rules: it is left aside, the run is judged from its recording",
      other_rule_pack:
        "made with another rule pack than the one given here (--specs): what comes of it counts as “rules”",
    } satisfies Record<DiffNote, string>,
    sections: { checks: "Checks", rows: "Requirements", decisions: "Decisions" },
    directions: {
      vanished: "vanished",
      worse: "worse",
      new: "new",
      better: "better",
      other: "other",
    } satisfies Record<Direction, string>,
    causes: { evidence: "evidence", rules: "rules", perimeter: "perimeter" } satisfies Record<ChangeCause, string>,
    unsure: "one or the other: the rules of this version no longer see the difference",
    unexplained:
      "nothing explains it: same recording, same things asked, same rules; one of the two result.json was edited",
    absent: "absent",
    unplanned: "not planned",
    because: "cause",
    fires: "fires",
    silent: "fires no more",
    nothing: "no change",
    regression: "At least one check or requirement got worse, vanished, or is new and fails.",
    noRegression: "Nothing got worse and nothing vanished.",
    meaning:
      "Causes: evidence = another recording or other proofs supplied; perimeter = what was asked; rules = another rule set.",
  },
} as const;

type Words = (typeof WORDS)[Lang];

export function diffText(diff: Diff, suite: Suite, lang: Lang): string {
  const words = WORDS[lang];
  const { colon } = MESSAGES[lang];
  const titles = new Map(suite.checks.map((check) => [check.id, check.title[lang]]));
  const rows = new Map(suite.specs.requirements.map((row) => [row.id, row.title[lang]]));
  const sections = [
    section(words, lang, "checks", diff.checks, (one) => titles.get(one.id) ?? ""),
    section(words, lang, "rows", diff.rows, (one) => rows.get(one.id) ?? ""),
    section(words, lang, "decisions", diff.decisions, () => ""),
  ];
  const sameCandidate = JSON.stringify(diff.before.candidate) === JSON.stringify(diff.after.candidate);
  const lines = [
    words.title,
    ...side(words, colon, words.before, diff.before),
    ...side(words, colon, words.after, diff.after),
    `  ${words.rules}${colon}${rulesText(words, diff)}`,
    ...(diff.asked.length > 0
      ? [`  ${words.asked}${colon}${diff.asked.map((part) => words.parts[part]).join(", ")}`]
      : []),
    ...(diff.evidence.recording ? [] : [`  ${words.sameEvidence}`]),
    ...(sameCandidate ? [] : [`  ${words.otherCandidate}`]),
    ...sections.flatMap((block) => ["", ...block]),
    "",
    diff.regression ? words.regression : words.noRegression,
    words.meaning,
    "",
  ];
  // Plain spaces on a terminal, like the other texts for one.
  return lines.join("\n").replace(/[\u00a0\u202f]/g, " ");
}

function side(words: Words, colon: string, name: string, { run, candidate, ruleSet, notes }: DiffSide): string[] {
  const who = [candidate.vendor, candidate.product, candidate.version].map((word) => visible(word)).join(" · ");
  return [
    `  ${name}${colon}${visible(run)} (${who}, ${words.rules} ${short(ruleSet)})`,
    ...notes.map((note) => `    ${words.notes[note]}`),
  ];
}

function rulesText(words: Words, { before, after, ruleSet }: Diff): string {
  const now = short(ruleSet);
  if (before.ruleSet !== after.ruleSet) return words.otherRules(short(before.ruleSet), short(after.ruleSet), now);
  return before.ruleSet === ruleSet ? words.sameRules(now) : words.olderRules(short(before.ruleSet), now);
}

/** The first letters of a digest are enough for people; `--json` has them all. */
function short(digest: string): string {
  return visible(digest.slice(0, 12));
}

function section<S extends CheckState | RowState | DecisionState>(
  words: Words,
  lang: Lang,
  name: keyof Words["sections"],
  all: readonly Change<S>[],
  titleOf: (change: Change<S>) => string,
): string[] {
  const { colon } = MESSAGES[lang];
  const head = words.sections[name];
  const changes = together(all);
  if (changes.length === 0) return [`${head}${colon}${words.nothing}`];
  const counts = [...new Set(changes.map((one) => one.direction))].map(
    (direction) => `${changes.filter((one) => one.direction === direction).length} ${words.directions[direction]}`,
  );
  const left = changes.length - LIST_MAX;
  return [
    `${head}${colon}${counts.join(", ")}`,
    ...changes.slice(0, LIST_MAX).flatMap((one) => changeLines(words, lang, one, titleOf(one))),
    ...(left > 0 ? [`  ${MESSAGES[lang].counts.more(left, String(left))}`] : []),
  ];
}

function changeLines<S extends CheckState | RowState | DecisionState>(
  words: Words,
  lang: Lang,
  change: Told<S>,
  title: string,
): string[] {
  const { colon } = MESSAGES[lang];
  const name = change.perimeters.length === 0 ? change.id : `${change.id} (${change.perimeters.join(", ")})`;
  const causes = change.causes.map((cause) => words.causes[cause]).join(" + ") || words.unexplained;
  const unsure = change.shown || change.causes.length < 2 ? "" : ` (${words.unsure})`;
  const why = `${words.because}${colon}${causes}${unsure}`;
  const withDossier = change.before?.dossier !== change.after?.dossier;
  const from = stateText(words, lang, change.before, withDossier);
  const to = stateText(words, lang, change.after, withDossier);
  return [
    `  ${words.directions[change.direction]}  ${visible(name)}  ${title}`,
    `    ${from === to ? to : `${from} → ${to}`} · ${why}`,
    ...messageLines(words, colon, change),
    ...smallerParts(lang, change),
  ];
}

function stateText(words: Words, lang: Lang, state: State | null, withDossier: boolean): string {
  if (state === null) return words.absent;
  const t = MESSAGES[lang];
  const told = (table: Readonly<Record<string, string>>, value: unknown): string =>
    table[String(value)] ?? visible(String(value));
  if (state.outcome !== undefined) {
    const outcome = told(t.outcomes, state.outcome);
    return state.planned === true ? outcome : `${words.unplanned} (${outcome})`;
  }
  if (state.verdict !== undefined) {
    const dossier = withDossier ? ` (${t.dossier}${t.colon}${told(t.dossiers, state.dossier)})` : "";
    return `${told(t.verdicts, state.verdict)}${dossier}`;
  }
  const reason = state.reason === null || state.reason === undefined ? "" : ` (${visible(String(state.reason))})`;
  return `${told(t.decisions, state.decision)}${reason}`;
}

/** Messages of a check that fire now and did not, and the reverse. */
function messageLines(words: Words, colon: string, { before, after }: Change<State>): string[] {
  const list = (state: State | null): readonly string[] => {
    const both = [state?.breaches, state?.remarks];
    return both.flatMap((messages) => (Array.isArray(messages) ? (messages as readonly string[]) : []));
  };
  const fires = list(after).filter((message) => !list(before).includes(message));
  const silent = list(before).filter((message) => !list(after).includes(message));
  return [
    ...(fires.length > 0 ? [`    ${words.fires}${colon}${visible(fires.join(", "))}`] : []),
    ...(silent.length > 0 ? [`    ${words.silent}${colon}${visible(silent.join(", "))}`] : []),
  ];
}

/** Why it is so now, and what else changed where both sides say it: `Strength: witnessed → answered`. */
function smallerParts(lang: Lang, { before, after }: Change<State>): string[] {
  const t = MESSAGES[lang];
  const told = (table: Readonly<Record<string, string>>, value: State[string] | undefined): string | null =>
    typeof value === "string" ? (table[value] ?? visible(value)) : null;
  const both = (name: string, label: string, table: Readonly<Record<string, string>>): string[] => {
    const [from, to] = [told(table, before?.[name]), told(table, after?.[name])];
    return from === null || to === null || from === to ? [] : [`    ${label}${t.colon}${from} → ${to}`];
  };
  const reason = told(t.reasons, after?.reason);
  const explains = after?.outcome !== undefined && reason !== null && before?.reason !== after.reason;
  return [
    ...(explains ? [`    ${t.reason}${t.colon}${reason}`] : []),
    ...both("strength", t.strength, t.strengths),
    ...both("cause", t.cause, t.causes),
    ...both("level", t.level, t.levels),
  ];
}

/** A row that changed in the same way in several perimeters is told once. */
interface Told<S extends State> extends Change<S> {
  readonly perimeters: readonly string[];
}

function together<S extends State>(changes: readonly Change<S>[]): Told<S>[] {
  const told = new Map<string, Told<S>>();
  for (const change of changes) {
    const { id, direction, before, after, causes, shown, perimeter } = change;
    const key = JSON.stringify([id, direction, before, after, causes, shown]);
    const perimeters = [...(told.get(key)?.perimeters ?? []), ...(perimeter === null ? [] : [perimeter])];
    told.set(key, { ...change, perimeters });
  }
  return [...told.values()];
}
