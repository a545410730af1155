/** What a label would rest on, told to the agency before it signs or refuses: what no check weighs and a person should look at. */
import type { RulePackFacts } from "../core/model/index.js";
import { visible } from "../reports/safe.js";
import type { Lang } from "./output.js";
import type { Verification } from "./verification.js";
import { setAsideReason } from "./set-aside.js";
import { fillWords, LABEL_WORDS } from "./words/label.js";

/** `rules`: the rule pack judged with. Scenario ids, reasons and names are foreign: they are made visible-safe. */
export function labelGroundsText(verification: Verification, rules: RulePackFacts | null, lang: Lang): string {
  const words = LABEL_WORDS[lang].ground;
  const { recomputed, challenge, countersignature } = verification;
  if (!recomputed) return `${words.unknown}\n`;
  const { setAside, repeated } = recomputed;
  // A row has one reason, in whatever perimeters it stands: the counts add up.
  const rows = setAside.reduce((sum, one) => sum + one.rows, 0);
  const reasons = setAside
    .map((one) => `${setAsideReason(one.reason, lang)}${lang === "fr" ? " : " : ": "}${one.rows}`)
    .join(", ");
  const attempts = repeated.map((one) => fillWords(words.attempts, { ...one, attempts: String(one.attempts) }));
  const facts: readonly (readonly [string, string])[] = [
    [words.setAside, rows === 0 ? words.noRows : fillWords(words.rows, { rows: String(rows), reasons })],
    [words.repeated, attempts.length === 0 ? words.noRepeated : attempts.join(", ")],
    [
      words.countersignature,
      countersignature ? (countersignature.issuer ?? words.issuerUnknown) : words.noCountersignature,
    ],
    [words.challenge, challenge ? `${challenge.issuer ?? words.issuerUnknown}, ${challenge.id}` : words.noChallenge],
    [words.rules, rules ? `${rules.name} ${rules.version} (${rules.digest})` : words.ownRules],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return `${[words.title, ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${visible(value)}`)].join("\n")}\n`;
}
