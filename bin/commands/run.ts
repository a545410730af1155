/** `segur run`: drive, judge, decide, report. */
import { SuiteError } from "../../core/model/index.js";
import type { LoadedConfig } from "../../core/plan/index.js";
import { conclude } from "../conclusion.js";
import { listenForInterrupt } from "../interruption.js";
import { judgeRun } from "../judgement.js";
import { type ExitCode, errorText, type Lang, progressOn, worst } from "../output.js";
import { drive } from "../road.js";
import { findRun } from "../run-folder.js";
import { openConfig, openSuite, type Suite } from "../suite.js";

export interface RunOptions {
  readonly config: string;
  readonly only?: readonly string[];
  readonly continue?: string;
  readonly learn?: boolean;
  readonly json?: boolean;
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
}

export async function run(options: RunOptions): Promise<ExitCode> {
  const suite = openSuite();
  const loaded = openConfig(options.config, suite, progressOn(process.stderr), options.lang);
  return perform(suite, loaded, options);
}

const SAID = {
  fr: {
    interrupted:
      "Interruption demandée : le scénario en cours s'arrête, l'enregistrement est gardé (Ctrl-C encore : arrêt immédiat).",
    kept: "L'exécution est incomplète ; ce qui a été enregistré est jugé ci-dessous. Pour continuer : segur run --continue",
  },
  en: {
    interrupted: "Interruption asked: the scenario under way ends, the recording is kept (Ctrl-C again: end at once).",
    kept: "The run is incomplete; what was recorded is judged below. To go on: segur run --continue",
  },
} as const;

/** The road and the judgement, shared with `segur demo`. */
export async function perform(
  suite: Suite,
  loaded: LoadedConfig,
  options: Omit<RunOptions, "config">,
): Promise<ExitCode> {
  const said = SAID[options.lang];
  const progress = progressOn(process.stderr, { ticking: loaded.config.drivers.kind !== "manual" });
  const interruption = listenForInterrupt(() => progress.line(said.interrupted));
  try {
    const driven = await drive({
      config: loaded.config,
      configHash: loaded.sha256,
      specs: suite.specs,
      checks: suite.checks,
      only: options.only ?? null,
      ...(options.continue ? { continued: findRun(options.continue, loaded.config.runsFolder) } : {}),
      lang: options.lang,
      progress,
      signal: interruption.signal,
      learn: options.learn ?? false,
    });
    // Told first: on a full disk the judgement below fails too, for the same reason.
    if (driven.failure) process.stderr.write(errorText(driven.failure, options.lang));
    const judged = judgeRun(driven.folder, suite, (check, error) => progress.line(`! ${check}: ${String(error)}`));
    let code: ExitCode = 0;
    if (driven.failure || driven.interrupted) {
      process.stderr.write(`${said.kept} ${driven.folder.path}\n`);
      code = 2;
    }
    if (judged.result.gate.checks === "empty" && !driven.failure && !driven.interrupted) {
      const empty = new SuiteError(
        "ERR_NOTHING_EXECUTED",
        "nothing was executed: no call of the vendor belongs to a scenario",
        {
          where: driven.folder.path,
          mend: "see `segur plan` and `segur doctor`; an empty run never passes",
        },
      );
      process.stderr.write(errorText(empty, options.lang));
    }
    return worst(code, conclude(judged, suite, options));
  } finally {
    interruption.dispose();
    progress.end();
  }
}
