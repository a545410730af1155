/** For a job summary: what separates from each wave, the dossier, the maturity view. */
import { awaitsCandidate, byChapter, byUrgency, kindWords, stateSummary, stateWords } from "../dossier.js";
import type { Facts } from "../facts.js";
import { GROUNDS, maturity } from "../maturity.js";
import { declaredText, gapSentences, measuredText } from "../maturity-words.js";
import { type Need, separation, type WaveGap } from "../separation.js";
import { gapText } from "../waves.js";
import { folded, plain, table } from "./write.js";

/** Proofs listed; the others are counted. */
const PROOFS_MAX = 100;

export function waveBlock(facts: Facts): string {
  const gaps = separation(facts.input.result.perimeters);
  if (gaps.length === 0) return "";
  const { t } = facts;
  return [
    `## ${plain(t.waves.title)}`,
    ...gaps.flatMap(({ waves }) => waves.flatMap((gap) => waveParts(facts, gap))),
  ].join("\n\n");
}

function waveParts(facts: Facts, gap: WaveGap): string[] {
  const { t } = facts;
  const list = (need: Need, part: "own" | "also", head: string): string[] =>
    need[part].length === 0
      ? []
      : [
          folded(
            `${head}${t.waves.tasks[need.task]} (${facts.number(need[part].length)})`,
            need[part].map(plain).join(", "),
          ),
        ];
  return [
    `**${plain(facts.place(gap.perimeter))}**${t.colon}${plain(gapText(facts, gap))}`,
    ...gap.needs.flatMap((need) => list(need, "own", "")),
    ...gap.needs.flatMap((need) => list(need, "also", `${t.waves.alsoTitle}${t.colon}`)),
  ];
}

export function dossierBlock(facts: Facts): string {
  const { dossier } = facts.input;
  if (!dossier || dossier.proofs.length === 0) return "";
  const { t } = facts;
  const due = dossier.proofs.filter((proof) => proof.mandatory && awaitsCandidate(proof)).sort(byUrgency);
  const left = due.length - PROOFS_MAX;
  const lines = due.slice(0, PROOFS_MAX).map((proof) => {
    const kinds = kindWords(facts, proof);
    return `- ${plain(proof.id)}${t.colon}${plain(stateWords(facts, proof))}${kinds === "" ? "" : ` (${plain(kinds)})`}`;
  });
  return [
    `## ${plain(t.proofs.title)}`,
    `${plain(t.proofs.counts.proofs(dossier.proofs.length, facts.number(dossier.proofs.length)))}${t.colon}${plain(stateSummary(facts, dossier.proofs))}`,
    table(
      [t.domain, t.proofs.proof, t.proofs.state],
      byChapter(dossier.proofs).map(([chapter, proofs]) => [
        plain(chapter),
        facts.number(proofs.length),
        plain(stateSummary(facts, proofs)),
      ]),
    ),
    due.length === 0
      ? plain(t.proofs.dueNone)
      : folded(
          t.proofs.counts.due(due.length, facts.number(due.length)),
          [...lines, ...(left > 0 ? [`- ${plain(t.counts.more(left, facts.number(left)))}`] : [])].join("\n"),
        ),
  ].join("\n\n");
}

export function maturityBlock(facts: Facts): string {
  const { t } = facts;
  const couloirs = maturity(facts.input.result.perimeters, (row) => facts.domainOf(row), facts.input.maturity ?? {});
  if (couloirs.length === 0) return "";
  return [
    `## ${plain(t.maturity.title)}`,
    plain(t.maturity.intro),
    ...couloirs.flatMap((one) => [
      `**${plain(one.couloir)}**`,
      table(
        [
          t.domain,
          t.maturity.declared,
          t.maturity.wave,
          t.maturity.measured,
          ...GROUNDS.map((g) => t.maturity.grounds[g]),
        ],
        one.domains.flatMap(({ domain, declared, measures }) =>
          measures.length === 0
            ? [
                [facts.foreign(domain), declaredText(facts, declared), "–", t.maturity.unmeasured, "–", "–", "–"].map(
                  plain,
                ),
              ]
            : measures.map((measure) =>
                [
                  facts.foreign(domain),
                  declaredText(facts, declared),
                  t.wave(measure.perimeter.wave),
                  measuredText(facts, measure),
                  ...GROUNDS.map((ground) => facts.number(measure.by[ground])),
                ].map(plain),
              ),
        ),
      ),
      ...gapSentences(facts, one).map((sentence) => `- ${plain(sentence)}`),
    ]),
  ].join("\n\n");
}
