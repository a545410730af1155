/** What each rule on a proof says: what is expected, what was found, what to do, where it is written. */
import { PROOF_RULES, type ProofRuleId } from "../../core/dossier/rules.js";
import type { ProofFinding } from "../../core/model/index.js";
import type { Lang } from "../output.js";
import { PROOF_RULES_EN } from "./proof-rules-en.js";
import { PROOF_RULES_FR } from "./proof-rules-fr.js";

type Slots = ProofFinding["slots"];

/** Sentences of one rule; those that name what was found take its slots. */
export interface RuleSentences {
  readonly expected: string;
  readonly found: (slots: Slots) => string;
  readonly mend: (slots: Slots) => string;
}

export type RuleBook = Readonly<Record<ProofRuleId, RuleSentences>>;

export const PROOF_RULE_WORDS: Readonly<Record<Lang, RuleBook>> = { fr: PROOF_RULES_FR, en: PROOF_RULES_EN };

const COMMON = {
  fr: {
    own: "règle de ce projet",
    marks: { verified: "lu dans la source", inferred: "déduit de la source", unconfirmed: "non confirmé" },
    unknown: (rule: string) => `règle inconnue de cette version : ${rule}`,
  },
  en: {
    own: "rule of this project",
    marks: { verified: "read in the source", inferred: "inferred from the source", unconfirmed: "not confirmed" },
    unknown: (rule: string) => `rule unknown to this version: ${rule}`,
  },
} as const;

export interface FindingWords {
  readonly expected: string;
  readonly found: string;
  readonly mend: string;
  /** Address, or that the rule is ours; with how sure it is. */
  readonly source: string;
}

/** Slots hold names and texts of foreign files: whoever prints makes them harmless (`visible`, or HTML escaping). */
export function findingWords({ rule, slots }: Pick<ProofFinding, "rule" | "slots">, lang: Lang): FindingWords {
  const { own, marks, unknown } = COMMON[lang];
  if (!isRule(rule)) return { expected: "", found: unknown(rule), mend: "", source: "" };
  const sentences = PROOF_RULE_WORDS[lang][rule];
  const { source, mark } = PROOF_RULES[rule];
  return {
    expected: sentences.expected,
    found: sentences.found(slots),
    mend: sentences.mend(slots),
    source: source === "own" ? own : `${source} (${marks[mark]})`,
  };
}

/** On one line: what was found, then what to do. */
export function findingText(finding: Pick<ProofFinding, "rule" | "slots">, lang: Lang): string {
  const { found, mend } = findingWords(finding, lang);
  return [found, mend].filter((part) => part !== "").join(" → ");
}

function isRule(rule: string): rule is ProofRuleId {
  return Object.hasOwn(PROOF_RULES, rule);
}
