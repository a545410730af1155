/** Known failures in words, for every format: what the baseline covered, what it did not, which entries no longer hold. */
import type { BaselineCover } from "../core/model/index.js";
import type { Facts } from "./facts.js";
import { MESSAGES } from "./messages/index.js";
import type { Lang } from "./model.js";
import { visible } from "./safe.js";

interface Words {
  readonly title: string;
  readonly gate: string;
  readonly gates: Readonly<Record<BaselineCover["gate"], string>>;
  readonly known: (count: number, figure: string) => string;
  readonly unknown: (count: number, figure: string) => string;
  readonly stale: (count: number, figure: string) => string;
  readonly idle: (count: number, figure: string) => string;
  readonly until: (day: string) => string;
  readonly why: Readonly<Record<BaselineCover["stale"][number]["why"], (day: string, messages: string) => string>>;
}

const fr: Words = {
  title: "Écarts connus",
  gate: "Barrière des contrôles, écarts connus admis",
  gates: {
    passed: "franchie : tout ce qui échoue est connu",
    failing: "non franchie : un contrôle échoue sans être connu",
    stale: "non franchie : une entrée du fichier n'a plus lieu d'être",
    error: "non franchie : erreur de la suite",
    empty: "non franchie : rien n'a été exécuté",
  },
  known: (count, figure) => `${figure} ${count < 2 ? "écart connu" : "écarts connus"}`,
  unknown: (count, figure) => `${figure} ${count < 2 ? "contrôle échoue" : "contrôles échouent"} sans être connu`,
  stale: (count, figure) => `${figure} ${count < 2 ? "entrée" : "entrées"} à retirer ou à revoir`,
  idle: (count, figure) =>
    `${figure} ${count < 2 ? "entrée porte" : "entrées portent"} sur des contrôles hors de cette exécution`,
  until: (day) => `jusqu'au ${day}`,
  why: {
    expired: (day) => `l'entrée a expiré le ${day} : corrigez le logiciel, ou donnez une nouvelle date et sa raison`,
    not_failing: () => "le contrôle n'échoue plus : retirez l'entrée",
    other_outcome: () => "le contrôle échoue autrement que l'entrée ne le dit : revoyez l'entrée",
    message_gone: (_day, messages) => `ces messages ne se déclenchent plus : ${messages} ; retirez-les de l'entrée`,
  },
};

const en: Words = {
  title: "Known failures (baseline)",
  gate: "Gate of the checks, known failures allowed",
  gates: {
    passed: "passed: everything that fails is known",
    failing: "not passed: a check fails and is not known to",
    stale: "not passed: an entry of the file no longer holds",
    error: "not passed: error of the suite",
    empty: "not passed: nothing was executed",
  },
  known: (count, figure) => `${figure} known ${count === 1 ? "failure" : "failures"}`,
  unknown: (count, figure) => `${figure} ${count === 1 ? "check fails and is" : "checks fail and are"} not known to`,
  stale: (count, figure) => `${figure} ${count === 1 ? "entry" : "entries"} to remove or review`,
  idle: (count, figure) =>
    `${figure} ${count === 1 ? "entry is" : "entries are"} about checks that are no part of this run`,
  until: (day) => `until ${day}`,
  why: {
    expired: (day) => `the entry expired on ${day}: mend the software, or give a new date and its reason`,
    not_failing: () => "the check fails no more: remove the entry",
    other_outcome: () => "the check fails in another way than the entry says: review the entry",
    message_gone: (_day, messages) => `these messages fire no more: ${messages}; remove them from the entry`,
  },
};

/** A line about one check. `own`: text of ours; `foreign`: what the user wrote, safe to print on one line. */
export interface BaselineLine {
  readonly check: string;
  readonly own: string;
  readonly foreign: string;
}

export interface BaselineLines {
  readonly title: string;
  readonly file: string;
  readonly gate: { readonly name: string; readonly value: string; readonly passed: boolean };
  readonly known: { readonly head: string; readonly lines: readonly BaselineLine[] };
  readonly unknown: { readonly head: string; readonly checks: readonly string[] };
  readonly stale: { readonly head: string; readonly lines: readonly BaselineLine[] };
  /** Null when every entry is about a check of this run. */
  readonly idle: string | null;
}

const WORDS: Readonly<Record<Lang, Words>> = { fr, en };

/** One line per thing that needs a hand, for a run whose standard output is JSON. */
export function baselineSummary(cover: BaselineCover, lang: Lang): string {
  const words = WORDS[lang];
  const { colon } = MESSAGES[lang];
  const failing = cover.uncovered.map((check) => `  ${check}`);
  const stale = cover.stale.map(
    (one) => `  ${one.check}${colon}${words.why[one.why](one.expires, one.messages.join(", "))}`,
  );
  const count = (say: Words["known"], list: readonly unknown[]): string => say(list.length, String(list.length));
  return [
    `${words.gate}${colon}${words.gates[cover.gate]} (${visible(cover.file)}, ${count(words.known, cover.covered)})`,
    ...(failing.length > 0 ? [count(words.unknown, failing), ...failing] : []),
    ...(stale.length > 0 ? [count(words.stale, stale), ...stale] : []),
    "",
  ].join("\n");
}

/** Null when the run was judged without a baseline. */
export function baselineLines(facts: Facts): BaselineLines | null {
  const cover = facts.input.baseline;
  if (!cover) return null;
  const words = WORDS[facts.input.lang];
  const { t } = facts;
  const count = (say: (count: number, figure: string) => string, list: readonly unknown[]): string =>
    say(list.length, facts.number(list.length));
  return {
    title: words.title,
    file: facts.foreign(cover.file),
    gate: { name: words.gate, value: words.gates[cover.gate], passed: cover.gate === "passed" },
    known: {
      head: count(words.known, cover.covered),
      lines: cover.covered.map((one) => ({
        check: one.check,
        own: `${t.outcomes[one.outcome]}, ${words.until(one.expires)}${t.colon}`,
        foreign: one.reasons.map((reason) => facts.foreign(reason)).join(" · "),
      })),
    },
    unknown: { head: count(words.unknown, cover.uncovered), checks: cover.uncovered },
    stale: {
      head: count(words.stale, cover.stale),
      lines: cover.stale.map((one) => ({
        check: one.check,
        own: words.why[one.why](one.expires, one.messages.join(", ")),
        foreign: "",
      })),
    },
    idle: cover.idle.length === 0 ? null : count(words.idle, cover.idle),
  };
}
