/** Known failures of a candidate, set against one judgement (specs/schemas/baseline.schema.json). Never part of a result. */

export interface BaselineEntry {
  readonly check: string;
  /** The breach messages that are known; null = whatever the check says. */
  readonly messages: readonly string[] | null;
  /** The failure that is known; null = any (breached when messages are given). */
  readonly outcome: "breached" | "unobserved" | null;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day (UTC) on which the entry holds. */
  readonly expires: string;
}

export type StaleWhy =
  | "expired"
  /** The check was judged in this run and does not fail. */
  | "not_failing"
  /** It fails in another way than the entry says. */
  | "other_outcome"
  /** Of the messages named, at least one fires no more. */
  | "message_gone";

export interface BaselineCover {
  /** As the user named it. */
  readonly file: string;
  /**
   * The gate of the checks with the baseline: `failing` = a planned check fails that no entry covers, `stale` = an entry no
   * longer holds, `error` and `empty` as without a baseline: neither is ever covered.
   */
  readonly gate: "passed" | "failing" | "stale" | "error" | "empty";
  /** Every check the file names. */
  readonly named: readonly string[];
  /** Planned checks that fail and are known, in the order of their ids. */
  readonly covered: readonly {
    readonly check: string;
    readonly outcome: "breached" | "unobserved";
    /** One per entry that covers it. */
    readonly reasons: readonly string[];
    /** The first day that ends one of these entries. */
    readonly expires: string;
  }[];
  /** Planned checks that fail and are not covered. */
  readonly uncovered: readonly string[];
  readonly stale: readonly {
    readonly check: string;
    readonly why: StaleWhy;
    readonly expires: string;
    /** Messages that fire no more. */
    readonly messages: readonly string[];
  }[];
  /** Entries whose check is no part of this run (`--only`, another perimeter): they cover nothing and are not stale. */
  readonly idle: readonly string[];
}
