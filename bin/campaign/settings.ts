/** Options of a campaign, as typed and as meant. */
import { availableParallelism } from "node:os";
import path from "node:path";
import { SuiteError } from "../../core/model/index.js";
import type { Lang } from "../output.js";
import type { Bounds } from "./worker-process.js";

export interface CampaignOptions {
  readonly trust?: string;
  readonly specs?: string;
  readonly out?: string;
  readonly jobs?: string;
  readonly timeout?: string;
  readonly memory?: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

export interface Settings {
  readonly out: string;
  readonly jobs: number;
  readonly bounds: Bounds;
}

/** A warm verification of a full run takes less than a second; the largest bundle allowed, some ten. */
const TIMEOUT_SECONDS = 60;
/** The largest bundle allowed may stand in memory twice, packed and inflated (1 GiB), beside what judging needs. */
const MEMORY_MB = 2048;

/** Throws SuiteError ERR_USAGE. */
export function settingsOf(folder: string, options: CampaignOptions): Settings {
  const full = path.resolve(folder);
  if (options.out === undefined && path.dirname(full) === full) {
    throw new SuiteError("ERR_USAGE", "beside this folder there is no place for the result", {
      where: full,
      mend: "give a folder with --out",
    });
  }
  return {
    out: path.resolve(options.out ?? `${full}-verification`),
    jobs: Math.floor(within("--jobs", options.jobs, availableParallelism(), 1, 256)),
    bounds: {
      timeout: Math.ceil(within("--timeout", options.timeout, TIMEOUT_SECONDS, 0.001, 86_400) * 1000),
      memory: Math.floor(within("--memory", options.memory, MEMORY_MB, 384, 65_536)) * 1024 * 1024,
    },
  };
}

function within(name: string, text: string | undefined, preset: number, least: number, most: number): number {
  const value = text === undefined ? preset : /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new SuiteError("ERR_USAGE", `${name} is a number from ${least} to ${most}`, {
    where: `${name} ${text}`,
    mend: "correct it, or leave it out",
  });
}
