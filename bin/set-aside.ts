/** Rows that the candidate's own answers keep out: as much a matter for a person's eyes as a proof is. */
import { byCodeUnit, type RowResult } from "../core/model/index.js";
import { MESSAGES } from "../reports/messages/index.js";
import type { Lang } from "./output.js";

export interface SetAside {
  /** `condition:citizen-mail`, `profile`. */
  readonly reason: string;
  /** In the candidate's words. */
  readonly justification: string;
  /** Each once, in whatever wave it stands. */
  readonly rows: readonly string[];
}

/** Sorted by reason. */
export function setAsideOf(rows: readonly RowResult[]): SetAside[] {
  const answers = new Map<string, { readonly justification: string; readonly rows: Set<string> }>();
  for (const { id, verdict, reason, justification } of rows) {
    if (verdict !== "not_applicable") continue;
    const known = answers.get(reason ?? "") ?? { justification: justification ?? "", rows: new Set<string>() };
    known.rows.add(id);
    answers.set(reason ?? "", known);
  }
  return [...answers]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([reason, answer]) => ({
      reason,
      justification: answer.justification,
      rows: [...answer.rows].sort(byCodeUnit),
    }));
}

/** `condition:citizen-mail` in the words of the report, with plain spaces; a reason that is none of ours as it stands. */
export function setAsideReason(reason: string, lang: Lang): string {
  return inWords(reason, lang).replace(/[\u00a0\u202f]/g, " ");
}

function inWords(reason: string, lang: Lang): string {
  const { applicability } = MESSAGES[lang];
  if (reason === "profile") return applicability.profile;
  if (reason === "claimed_not_applicable") return applicability.claimed;
  const [kind, ...rest] = reason.split(":");
  if (kind === "condition" && rest.length > 0) return applicability.condition(rest.join(":"));
  if (kind === "alternative" && rest.length > 0) return applicability.alternative(rest.join(":"));
  return reason;
}
