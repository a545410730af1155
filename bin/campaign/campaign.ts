/**
 * `segur verify FOLDER`: every bundle under a folder, by several processes, resumable. Verdicts are those of `segur verify BUNDLE`;
 * what is added here is order, bounds and memory.
 */
import { rmSync } from "node:fs";
import path from "node:path";
import { canonicalJson, SuiteError } from "../../core/model/index.js";
import { ARCHIVE_LIMITS } from "../../core/seal/archive.js";
import { listenForInterrupt } from "../interruption.js";
import { type ExitCode, progressOn } from "../output.js";
import { makeFolder, writeFileAtomic } from "../run-folder.js";
import { openToldSuite } from "../suite.js";
import { CAMPAIGN_WORDS } from "../words/campaign.js";
import { digestOf, findBundles, type FoundFile } from "./bundles.js";
import { type CampaignInput, openContext } from "./context.js";
import { csvOf } from "./csv.js";
import { type Journal, openJournal } from "./journal.js";
import type { Lock } from "../owner-lock.js";
import { takeLock } from "./lock.js";
import { judgeAll } from "./pool.js";
import { type CampaignOptions, type Settings, settingsOf } from "./settings.js";
import { type Ending, exitCodeOfCampaign, lineOf, summaryOf } from "./summary.js";
import { closingText, lineText } from "./text.js";

const NAMES = {
  journal: "campaign.jsonl",
  summary: "campaign.json",
  csv: "campaign.csv",
  lock: "campaign.lock",
} as const;

/** Throws SuiteError: usage, rule set, trust file, no bundle there, another campaign at work, disk. */
export async function campaign(folder: string, options: CampaignOptions): Promise<ExitCode> {
  const settings = settingsOf(folder, options);
  const input: CampaignInput = { trust: options.trust ?? null, specs: options.specs ?? null };
  const opened = openContext(input, openToldSuite(options));
  const found = findBundles(folder);
  if (found.length === 0) {
    throw new SuiteError("ERR_NOTHING_EXECUTED", "there is no bundle in this folder", {
      where: path.resolve(folder),
      mend: "give a folder that holds bundles (*.zip), at any depth",
    });
  }
  openOut(settings.out);
  const lock = takeLock(path.join(settings.out, NAMES.lock));
  try {
    const validate = opened.schemas.validator("campaign", "journalLine");
    const isLine = (value: unknown): boolean => validate(value) === true;
    const journal = openJournal(path.join(settings.out, NAMES.journal), opened.context, isLine);
    try {
      const endings = await verifyAll(found, { settings, input, options, journal, lock, context: opened.context });
      if (!endings) return 2;
      const summary = summaryOf(opened.context, endings);
      writeFileAtomic(path.join(settings.out, NAMES.csv), csvOf(summary.bundles));
      writeFileAtomic(path.join(settings.out, NAMES.summary), canonicalJson(summary));
      const files = [NAMES.csv, NAMES.summary].map((name) => path.join(settings.out, name));
      process.stdout.write(options.json ? canonicalJson(summary) : closingText(summary, files, options.lang));
      return exitCodeOfCampaign(summary);
    } finally {
      journal.close();
    }
  } finally {
    lock.release();
  }
}

interface Work {
  readonly settings: Settings;
  readonly input: CampaignInput;
  readonly options: CampaignOptions;
  readonly journal: Journal;
  readonly lock: Lock;
  readonly context: Parameters<typeof summaryOf>[0];
}

/** What became of every file, by name; null when it was interrupted. */
async function verifyAll(
  found: readonly FoundFile[],
  { settings, input, options, journal, lock, context }: Work,
): Promise<ReadonlyMap<string, Ending> | null> {
  const words = CAMPAIGN_WORDS[options.lang];
  const progress = progressOn(process.stderr, { ticking: true });
  // A summary stands only beside a campaign that came to its end.
  for (const name of [NAMES.csv, NAMES.summary]) rmSync(path.join(settings.out, name), { force: true });
  const interruption = listenForInterrupt(() => progress.line(words.interrupting));
  const endings = new Map<string, Ending>();
  try {
    const todo = await settle(found, journal, endings);
    if (journal.damaged > 0) progress.line(words.damaged(journal.damaged));
    if (endings.size > 0) progress.line(words.goingOn(endings.size, todo.length));
    const started = performance.now();
    const jobs = Math.min(settings.jobs, todo.length);
    const live = (): void => {
      const done = endings.size - (found.length - todo.length);
      const minutes = minutesLeft(performance.now() - started, done, todo.length);
      progress.now(words.live(endings.size, found.length, jobs, minutes));
    };
    live();
    await judgeAll(todo, {
      input,
      context,
      jobs,
      bounds: settings.bounds,
      signal: interruption.signal,
      ended(file, ending) {
        lock.demand();
        if (ending.kind === "verified") journal.add(ending.entry);
        endings.set(file, ending);
        progress.line(lineText(lineOf(file, ending), endings.size, found.length, options.lang));
        live();
      },
      retried: (count) => progress.line(words.retried(count)),
      fault: (file, text) => progress.line(`${words.fault(file)}\n${text}`),
    });
    if (endings.size === found.length) return endings;
    progress.line(words.interrupted(endings.size, found.length));
    return null;
  } finally {
    progress.end();
    interruption.dispose();
  }
}

/** Null when nothing can be said. `spent` in milliseconds. */
function minutesLeft(spent: number, done: number, total: number): number | null {
  return done === 0 || done === total ? null : ((spent / done) * (total - done)) / 60_000;
}

/** Files whose ending is known without a worker; gives back the others. */
async function settle(
  found: readonly FoundFile[],
  journal: Journal,
  endings: Map<string, Ending>,
): Promise<FoundFile[]> {
  const todo: FoundFile[] = [];
  for (const one of found) {
    const ending = knownEnding(one) ?? (await kept(one, journal));
    if (ending) endings.set(one.file, ending);
    else todo.push(one);
  }
  return todo;
}

function knownEnding({ obstacle, size }: FoundFile): Ending | null {
  if (obstacle) return { kind: "unread", obstacle };
  const most = ARCHIVE_LIMITS.maxTotalBytes;
  if (size <= most) return null;
  return { kind: "refused", refusal: { reason: "archive_too_large", where: null, slots: { size, most } } };
}

async function kept({ path: file }: FoundFile, journal: Journal): Promise<Ending | null> {
  const digest = journal.size === 0 ? null : await digestOf(file);
  const entry = digest === null ? null : journal.known(digest);
  return entry && { kind: "verified", entry };
}

function openOut(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw new SuiteError("ERR_DISK", "the folder of the campaign cannot be made", {
      where: folder,
      mend: "check who may write there, or give another with --out",
      cause,
    });
  }
}
