/** What waits for review in a bundle, what was said, and what follows: as data, and as people read it. */
import type { PerimeterResult, ProofOfRow, RowResult, SegurConfig } from "../core/model/index.js";
import { CLAIMED } from "../core/score/index.js";
import type { OpenedBundle } from "../core/seal/bundle/open.js";
import type { CurrentReview, ReviewLog } from "../core/seal/review.js";
import { MESSAGES } from "../reports/messages/index.js";
import { visible } from "../reports/safe.js";
import type { AgencyDecision } from "./agency-decision.js";
import type { Lang } from "./output.js";
import { type SetAside, setAsideOf } from "./set-aside.js";
import type { Suite } from "./suite.js";
import { REVIEW_WORDS } from "./words/review.js";

/** A file supplied as proof: what it was called, and what it is called in the bundle. Never opened here. */
export interface ProofFile {
  readonly name: string;
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

/** Printed by `segur review --json` (docs/review.md). */
export interface ReviewList {
  readonly format: "segur-review-list/1";
  readonly bundle: string;
  /** SHA-256 of the reviews file, null = none yet. */
  readonly reviews: string | null;
  readonly waiting: readonly (ProofOfRow & {
    readonly verdict: RowResult["verdict"];
    /** Of a claim that the row does not apply: the candidate's reason. */
    readonly justification?: string;
    readonly files: readonly ProofFile[];
  })[];
  readonly complements: readonly ProofOfRow[];
  /** Rows that await review and for which the bundle has no proof at all. */
  readonly lacking: readonly string[];
  readonly reviewed: readonly CurrentReview[];
  /** Rows that the candidate's own answers keep out, by answer: as much a matter for a person's eyes as a proof is. */
  readonly setAside: readonly SetAside[];
  /** Scenarios played more than once: the latest attempt alone is judged, and no verdict tells what an earlier one showed. */
  readonly repeated: readonly { readonly scenario: string; readonly attempts: number }[];
  readonly complete: boolean;
  readonly perimeters: readonly Pick<PerimeterResult, "id" | "decision" | "reason">[];
}

export function reviewList(
  bundle: OpenedBundle,
  log: ReviewLog,
  decision: AgencyDecision,
  claimed: SegurConfig["notApplicable"] = {},
  repeated: ReviewList["repeated"] = [],
): ReviewList {
  const rows = decision.perimeters.flatMap((perimeter) => perimeter.groups.flatMap((group) => group.rows));
  const verdicts = new Map(rows.map((row) => [row.id, row.verdict]));
  const claims = new Map(Object.entries(claimed));
  const supplied = new Set([...decision.waiting, ...decision.complements, ...log.entries].map(({ row }) => row));
  const lacking = rows.filter((row) => row.verdict === "to_review" && !supplied.has(row.id)).map((row) => row.id);
  return {
    format: "segur-review-list/1",
    bundle: bundle.sha256,
    reviews: log.sha256,
    waiting: decision.waiting.map(({ row, proof }) => ({
      row,
      proof,
      verdict: verdicts.get(row) ?? "not_tested",
      ...(proof === CLAIMED ? { justification: claims.get(row)?.justification ?? "" } : {}),
      files: proofFiles(bundle, proof),
    })),
    complements: decision.complements,
    lacking: [...new Set(lacking)],
    reviewed: log.entries,
    setAside: setAsideOf(rows),
    repeated,
    complete: decision.complete,
    perimeters: decision.perimeters.map(({ id, decision: decided, reason }) => ({ id, decision: decided, reason })),
  };
}

function proofFiles({ manifest }: OpenedBundle, id: string): ProofFile[] {
  return manifest.proofs
    .filter((proof) => proof.id === id)
    .map(({ name, file }) => {
      const facts = manifest.files[file];
      return { name, file, size: facts?.size ?? 0, sha256: facts?.sha256 ?? "" };
    });
}

/** File names and reasons come from others: every one is made safe for a terminal. */
export function reviewListText(list: ReviewList, suite: Suite, lang: Lang): string {
  const words = REVIEW_WORDS[lang];
  const { decisions, verdicts, colon } = MESSAGES[lang];
  const lines: string[] = [];
  const block = (title: string, entries: readonly string[]): void => {
    lines.push(`${title} (${entries.length})`, ...(entries.length > 0 ? entries : [`  ${words.none}`]), "");
  };
  const title = (row: string): string => {
    const found = suite.specs.requirements.find((one) => one.id === row)?.title[lang];
    return found === undefined ? "" : ` ${found}`;
  };
  block(
    words.waiting,
    list.waiting.map(({ row, proof, verdict, justification, files }) =>
      [
        `  ${visible(row)}:${visible(proof)} [${verdicts[verdict]}]${visible(title(row))}`,
        ...(justification === undefined ? [] : [`    ${visible(justification)}`]),
        ...files.map(
          ({ name, file, size, sha256 }) => `    ${visible(name)} (${file}, ${size} ${words.bytes}) ${sha256}`,
        ),
      ].join("\n"),
    ),
  );
  if (list.lacking.length > 0)
    block(
      words.lacking,
      list.lacking.map((row) => `  ${visible(row)}${visible(title(row))}`),
    );
  if (list.complements.length > 0) {
    block(
      words.complements,
      list.complements.map(({ row, proof }) => `  ${visible(row)}:${visible(proof)}`),
    );
  }
  block(
    words.reviewed,
    list.reviewed.map((entry) => reviewedText(entry, lang)),
  );
  if (list.setAside.length > 0) {
    block(
      words.setAside,
      list.setAside.map(
        ({ reason, justification, rows }) =>
          `  ${visible(reason)} (${rows.length})${colon}${visible(justification)}\n    ${rows.map((row) => visible(row)).join(" ")}`,
      ),
    );
  }
  if (list.repeated.length > 0) {
    block(
      words.repeated,
      list.repeated.map(({ scenario, attempts }) => `  ${visible(scenario)}${colon}${words.played(attempts)}`),
    );
  }
  lines.push(words.decisions);
  for (const { id, decision } of list.perimeters) lines.push(`  ${visible(id)}${colon}${decisions[decision]}`);
  lines.push(list.complete ? words.complete : words.incomplete, words.notALabel);
  return `${lines.join("\n")}\n`;
}

function reviewedText({ row, proof, state, reason, reviewer, agency, on }: CurrentReview, lang: Lang): string {
  const words = REVIEW_WORDS[lang];
  const head = `  ${visible(row)}:${visible(proof)} ${words.states[state]}, ${visible(words.by(reviewer, agency, on))}`;
  return reason === "" ? head : `${head}\n    ${visible(reason)}`;
}
