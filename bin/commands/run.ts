/** `segur run`: drive, judge, decide, report. */
import { type SessionMode, SuiteError } from "../../core/model/index.js";
import path from "node:path";
import { type LoadedConfig, openSchemas } from "../../core/plan/index.js";
import { openBaseline } from "../baseline.js";
import { conclude } from "../conclusion.js";
import { listenForInterrupt } from "../interruption.js";
import { judgeRun } from "../judgement.js";
import { judgeToldRun, openValidators } from "../official/run.js";
import { type ExitCode, errorText, type Lang, progressOn, worst } from "../output.js";
import { drive } from "../road.js";
import { findRun } from "../run-folder.js";
import { continuedSession, openSession } from "../session.js";
import { recordDossier } from "../dossier/record.js";
import { openConfig, openToldSuite, type Suite } from "../suite.js";

export interface RunOptions {
  readonly config: string;
  readonly only?: readonly string[];
  readonly continue?: string;
  readonly learn?: boolean;
  readonly json?: boolean;
  /** File of known failures, and where to write a first one. */
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly mode: SessionMode;
  /** File of a signed challenge. */
  readonly challenge?: string;
  /** Folder of a rule pack. */
  readonly specs?: string;
  /** File of trusted keys, to name the signer of the pack. */
  readonly trust?: string;
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
}

export async function run(options: RunOptions): Promise<ExitCode> {
  const suite = openToldSuite(options);
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
  const known = openBaseline(options, suite);
  // Before anything is driven: rules that cannot be read are told at once.
  const official = openValidators(loaded.config.validators);
  const continued = options.continue ? findRun(options.continue, loaded.config.runsFolder) : null;
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const session = continued
    ? continuedSession(continued, options, schemas, new Date())
    : openSession(options, loaded.config, schemas, new Date());
  const progress = progressOn(process.stderr, { ticking: loaded.config.drivers.kind !== "manual" });
  const interruption = listenForInterrupt(() => progress.line(said.interrupted));
  try {
    const driven = await drive({
      config: loaded.config,
      configHash: loaded.sha256,
      specs: suite.specs,
      checks: suite.checks,
      ruleSet: suite.ruleSet,
      rules: suite.rules,
      only: options.only ?? null,
      ...(continued ? { continued } : {}),
      mode: session.mode,
      ...(session.challenge ? { challenge: session.challenge } : {}),
      lang: options.lang,
      progress,
      signal: interruption.signal,
      learn: options.learn ?? false,
    });
    // Told first: on a full disk the judgement below fails too, for the same reason.
    if (driven.failure) process.stderr.write(errorText(driven.failure, options.lang));
    const judged = judgeRun(driven.folder, suite, (check, error) => progress.line(`! ${check}: ${String(error)}`));
    await recordDossier(judged, suite, loaded.config.dossier);
    if (official) judgeToldRun(judged, official, progress, options.lang);
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
    return worst(code, conclude(judged, suite, { ...options, known }));
  } finally {
    interruption.dispose();
    progress.end();
  }
}
