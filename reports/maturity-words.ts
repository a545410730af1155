/** The maturity view in words that every rendering shares. */
import type { MaturityAnswer } from "../core/model/index.js";
import type { Facts } from "./facts.js";
import { type CouloirMaturity, DECLARED, type Measure } from "./maturity.js";

/** `all (100)`: what was answered and what it stands for. */
export function declaredText(facts: Facts, declared: MaturityAnswer | null): string {
  const { answers, declaredNone } = facts.t.maturity;
  return declared === null ? declaredNone : `${answers[declared]} (${facts.number(DECLARED[declared])})`;
}

/** `4 of 10 (40%)`. */
export function measuredText(facts: Facts, { conform, total }: Measure): string {
  return facts.share(conform, total);
}

/** One sentence per domain and wave where declared and measured are far apart, the farthest first. */
export function gapSentences(facts: Facts, { domains }: CouloirMaturity): readonly string[] {
  const { t } = facts;
  return domains
    .flatMap(({ domain, declared, measures }) =>
      measures.map((measure) => ({ domain, declared, measure, far: Math.abs(measure.gap ?? 0) })),
    )
    .filter(({ measure }) => measure.gap !== null)
    .sort((a, b) => b.far - a.far)
    .flatMap(({ domain, declared, measure }) =>
      declared === null
        ? []
        : [
            t.maturity.gap(
              facts.foreign(domain),
              t.wave(measure.perimeter.wave),
              t.maturity.answers[declared],
              measuredText(facts, measure),
            ),
          ],
    );
}
