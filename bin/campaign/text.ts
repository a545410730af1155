/** A campaign as a person reads it on a terminal. Names of files and candidates are foreign: they are made visible-safe. */
import type { RefusalReason } from "../../core/seal/refusal.js";
import { cut, visible } from "../../reports/safe.js";
import type { Lang } from "../output.js";
import { CAMPAIGN_WORDS } from "../words/campaign.js";
import { refusalText } from "../words/refusals.js";
import { VERIFY_WORDS } from "../words/verify.js";
import { CAMPAIGN_STATUSES, type CampaignLine, type CampaignSummary } from "./summary.js";

/** Widest foreign name shown, in UTF-16 units. */
const MAX_NAME = 80;
/** Repeats, and files of one, that are told; campaign.json has them all. */
const MAX_REPEATS = 20;
const MAX_FILES = 5;

/** One line, as soon as its bundle has ended. */
export function lineText(line: CampaignLine, done: number, total: number, lang: Lang): string {
  const words = CAMPAIGN_WORDS[lang];
  const counter = `${String(done).padStart(String(total).length)}/${total}`;
  return [counter, words.status[line.status].padEnd(words.width), shown(line.file), ...detail(line, lang)].join("  ");
}

/** What it is about, then why it is not equal, or what was decided. */
function detail(line: CampaignLine, lang: Lang): string[] {
  const words = CAMPAIGN_WORDS[lang];
  const { candidate, reason, madeWith } = line;
  const about = candidate ? [shown(`${candidate.vendor} – ${candidate.product} ${candidate.version}`)] : [];
  if (line.status === "unread") return [words.obstacles[reason as keyof typeof words.obstacles]];
  if (line.status === "failed") return [words.faults[reason as keyof typeof words.faults]];
  if (line.status === "refused") {
    const refusal = { reason: reason as RefusalReason, where: line.where, slots: line.slots };
    return [...about, `${refusalText(refusal, lang).sentence} [${reason}]`];
  }
  if (line.status === "cannot_recompute") {
    return madeWith ? [...about, VERIFY_WORDS[lang].needed(madeWith.tool, madeWith.ruleSet, madeWith.rules)] : about;
  }
  if (line.status === "different") about.push(VERIFY_WORDS[lang].differences(line.differences));
  for (const { perimeter, decision } of line.decisions ?? []) {
    about.push(`${perimeter} ${VERIFY_WORDS[lang].decisions[decision]}`);
  }
  return about;
}

/** Counts, what repeats, where the files are. */
export function closingText(summary: CampaignSummary, files: readonly string[], lang: Lang): string {
  const words = CAMPAIGN_WORDS[lang];
  const { counts, repeats, trust } = summary;
  const lines = [words.total(counts.bundles)];
  for (const status of CAMPAIGN_STATUSES) {
    if (counts[status] > 0) lines.push(`  ${words.status[status].padEnd(words.width)} ${counts[status]}`);
  }
  if (trust === null) lines.push(words.nobodyAsked);
  if (counts.unsettled > 0) lines.push(words.unsettled(counts.unsettled));
  if (repeats.length > 0) lines.push(words.repeats);
  for (const { kind, files: names } of repeats.slice(0, MAX_REPEATS)) {
    const more = names.length > MAX_FILES ? [`+ ${names.length - MAX_FILES}`] : [];
    lines.push(`  ${words.kinds[kind]}${words.colon} ${[...names.slice(0, MAX_FILES).map(shown), ...more].join(", ")}`);
  }
  if (repeats.length > MAX_REPEATS) lines.push(`  ${words.moreRepeats(repeats.length - MAX_REPEATS)}`);
  lines.push(...files.map((file) => `${words.written} ${visible(file)}`), VERIFY_WORDS[lang].notADecision);
  return `${lines.join("\n")}\n`;
}

function shown(foreign: string): string {
  const { text, left } = cut(foreign, MAX_NAME);
  return visible(text) + (left > 0 ? "…" : "");
}
