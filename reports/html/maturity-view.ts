/** The maturity view on the page: bars per domain and wave, the same figures in a table, sentences where the two differ. */
import type { Facts } from "../facts.js";
import { type CouloirMaturity, DECLARED, type DomainMaturity, GROUNDS, type Ground, maturity } from "../maturity.js";
import { declaredText, gapSentences, measuredText } from "../maturity-words.js";

export interface MaturityBar {
  readonly wave: string;
  readonly figure: string;
  /** Parts over a width of 100, in the order of `GROUNDS`. */
  readonly parts: readonly { readonly x: number; readonly width: number; readonly ground: Ground }[];
  /** Where the mark of what was declared stands; null when nothing was. */
  readonly mark: { readonly at: number; readonly width: number } | null;
}

export interface MaturityRow {
  readonly domain: string;
  readonly name: string;
  /** The same for every wave of a domain: told once, over `span` lines. */
  readonly span: number | null;
  readonly declared: string;
  readonly wave: string;
  readonly measured: string;
  /** False: a domain that no judged wave asks for. */
  readonly counted: boolean;
  readonly by: readonly string[];
}

export interface MaturityView {
  readonly declares: boolean;
  readonly grounds: readonly { readonly ground: Ground; readonly label: string }[];
  readonly couloirs: readonly {
    readonly couloir: string;
    readonly chartLabel: string;
    readonly tableLabel: string;
    readonly bars: readonly { readonly domain: string; readonly bars: readonly MaturityBar[] }[];
    readonly rows: readonly MaturityRow[];
    readonly gaps: readonly string[];
  }[];
}

const MARK_WIDTH = 1.2;

export function maturityView(facts: Facts): MaturityView | null {
  const { t } = facts;
  const declared = facts.input.maturity ?? {};
  const couloirs = maturity(facts.input.result.perimeters, (row) => facts.domainOf(row), declared);
  if (couloirs.length === 0) return null;
  return {
    declares: Object.keys(declared).length > 0,
    grounds: GROUNDS.map((ground) => ({ ground, label: t.maturity.grounds[ground] })),
    couloirs: couloirs.map((one) => ({
      couloir: one.couloir,
      chartLabel: t.maturity.chart(one.couloir),
      tableLabel: t.maturity.table(one.couloir),
      bars: one.domains
        .filter(({ measures }) => measures.length > 0)
        .map((domain) => ({ domain: domain.domain, bars: barsOf(facts, domain) })),
      rows: rowsOf(facts, one),
      gaps: gapSentences(facts, one),
    })),
  };
}

function barsOf(facts: Facts, { declared, measures }: DomainMaturity): readonly MaturityBar[] {
  return measures.map((measure) => {
    let before = 0;
    const parts = GROUNDS.flatMap((ground) => {
      const x = before;
      before += (measure.by[ground] * 100) / measure.total;
      return before > x ? [{ x: round(x), width: round(before - x), ground }] : [];
    });
    return {
      wave: facts.t.wave(measure.perimeter.wave),
      figure: `${facts.number(measure.conform)}/${facts.number(measure.total)}`,
      parts,
      mark: declared === null ? null : markAt(DECLARED[declared]),
    };
  });
}

function rowsOf(facts: Facts, { domains }: CouloirMaturity): readonly MaturityRow[] {
  const { t } = facts;
  return domains.flatMap((domain): readonly MaturityRow[] => {
    const about = {
      domain: facts.foreign(domain.domain),
      name: facts.domainName(domain.domain),
      declared: declaredText(facts, domain.declared),
    };
    if (domain.measures.length === 0) {
      return [
        { ...about, span: 1, wave: "–", measured: t.maturity.unmeasured, counted: false, by: GROUNDS.map(() => "–") },
      ];
    }
    return domain.measures.map((measure, index) => ({
      ...about,
      span: index === 0 ? domain.measures.length : null,
      wave: t.wave(measure.perimeter.wave),
      measured: measuredText(facts, measure),
      counted: true,
      by: GROUNDS.map((ground) => facts.number(measure.by[ground])),
    }));
  });
}

/** Kept inside the drawing at both ends. */
function markAt(percent: number): NonNullable<MaturityBar["mark"]> {
  const at = Math.min(Math.max(percent - MARK_WIDTH / 2, 0), 100 - MARK_WIDTH);
  return { at, width: MARK_WIDTH };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
