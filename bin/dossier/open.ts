/** What every dossier command starts from: configuration, dossier, specs, and the run they are held against. */
import { existsSync } from "node:fs";
import path from "node:path";
import { demanded, type DemandedProof } from "../../core/dossier/index.js";
import { type DossierView, type SegurConfig, SuiteError } from "../../core/model/index.js";
import { loadConfig, openSchemas, type Schemas } from "../../core/plan/index.js";
import { bundledConfig } from "../bundled.js";
import { judgeAs, type Judged } from "../judgement.js";
import { type Lang } from "../output.js";
import { findRun, readRunMeta } from "../run-folder.js";
import { openToldSuite, type Suite, today } from "../suite.js";
import { DOSSIER_WORDS } from "../words/dossier.js";
import { dossierFile, type OpenedDossier } from "./folder.js";
import { withDossier } from "./merge.js";
import { unspokenIn, viewOf } from "./on-hand.js";

const OWN = "segur.yaml";
/** Made beside segur.yaml when it names no other. */
const BESIDE = "dossier";

export interface DossierOptions {
  readonly config?: string;
  /** Run to hold the dossier against. */
  readonly run?: string;
  /** Folder of a rule pack. */
  readonly specs?: string;
  readonly lang: Lang;
}

export interface Opened {
  readonly suite: Suite;
  readonly schemas: Schemas;
  /** With the proofs of the dossier. */
  readonly config: SegurConfig;
  /** Without them: segur.yaml alone. */
  readonly own: SegurConfig;
  readonly dossier: OpenedDossier | null;
  /** Where a dossier is, or would be made. */
  readonly folder: string;
  /** The example candidate: nothing of it can be changed. */
  readonly bundled: boolean;
  readonly on: string;
}

/** Throws SuiteError ERR_CONFIG, ERR_DOSSIER. `absent`: there need be no dossier yet. */
export function openForDossier(options: DossierOptions, absent?: "absent"): Opened {
  const suite = openToldSuite(options);
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const file = options.config ?? (existsSync(OWN) ? OWN : null);
  const on = today();
  if (file === null) {
    process.stderr.write(`${DOSSIER_WORDS[options.lang].bundled}\n`);
    const { config } = bundledConfig({ root: suite.root, specs: suite.specs, port: 0 });
    const folder = exampleDossier(suite.root);
    const own = { ...config, dossier: folder };
    return { suite, schemas, own, folder, bundled: true, on, ...withDossier(own, suite.specs, schemas, on) };
  }
  const { config } = loadConfig(file, { schemas, specs: suite.specs });
  const beside = path.join(path.dirname(path.resolve(file)), BESIDE);
  const folder = config.dossier ?? beside;
  if (absent && !existsSync(dossierFile(folder))) {
    const { dossier: _none, ...bare } = config;
    return { suite, schemas, own: config, folder, bundled: false, on, ...withDossier(bare, suite.specs, schemas, on) };
  }
  const own = { ...config, dossier: folder };
  return { suite, schemas, own, folder, bundled: false, on, ...withDossier(own, suite.specs, schemas, on) };
}

export function exampleDossier(root: string): string {
  return path.join(root, "fixtures", "dossier");
}

/** Throws SuiteError ERR_DOSSIER for the example candidate. */
export function demandOwn({ bundled, dossier }: Opened): OpenedDossier {
  if (!bundled && dossier) return dossier;
  throw new SuiteError("ERR_DOSSIER", "the example candidate is not to be changed", {
    where: "fixtures/dossier",
    mend: "make your own segur.yaml with `segur init`, then `segur dossier init`",
  });
}

/** The run judged as if the dossier had been there: nothing is written. Null when none is named. */
export function heldAgainst(opened: Opened, run: string | undefined): Judged | null {
  if (run === undefined) return null;
  const folder = findRun(run);
  return judgeAs(metaWith(readRunMeta(folder), opened), folder, opened.suite);
}

/** run.json with the proofs and claims of today; those that only the run knows (`segur proof`) stay. */
export function metaWith<
  T extends { readonly config: Pick<SegurConfig, "candidate" | "perimeters" | "proofs" | "notApplicable"> },
>(meta: T, opened: Opened): T {
  const { folder } = opened;
  const config = askedBy(meta.config.perimeters, opened);
  const ours = meta.config.candidate;
  const theirs = config.candidate;
  if (ours.vendor !== theirs.vendor || ours.product !== theirs.product || ours.version !== theirs.version) {
    throw new SuiteError("ERR_DOSSIER", "the run and the dossier are of two products, or of two versions", {
      where: `${ours.product} ${ours.version} / ${theirs.product} ${theirs.version}`,
      mend: "run again with this version, or name the segur.yaml of the run",
    });
  }
  // What an earlier dossier gave (its proofs have their day) and the present one does not is gone with it, wherever it stood.
  const added = Object.entries(meta.config.proofs).filter(
    ([id, { files, on }]) =>
      !Object.hasOwn(config.proofs, id) && on === undefined && !files.every((file) => isUnder(file, folder)),
  );
  const { notApplicable: _before, ...rest } = meta.config;
  return {
    ...meta,
    config: {
      ...rest,
      proofs: { ...Object.fromEntries(added), ...config.proofs },
      ...(config.notApplicable ? { notApplicable: config.notApplicable } : {}),
    },
  };
}

/** The configuration with what of the dossier these perimeters ask for: those of a run need not be those of segur.yaml today. */
function askedBy(perimeters: readonly string[], { config, own, dossier, suite, schemas, on }: Opened): SegurConfig {
  const same = perimeters.length === own.perimeters.length && perimeters.every((id) => own.perimeters.includes(id));
  return same || dossier === null ? config : withDossier({ ...own, perimeters }, suite.specs, schemas, on).config;
}

function isUnder(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
}

export function viewNow(opened: Opened, judged: Judged | null): Promise<DossierView> {
  const { config, suite, dossier, on } = opened;
  // Of a run, also the proofs that were added to it alone.
  const known = judged ? { ...config, ...judged.meta.config } : config;
  return viewOf({
    config: known,
    specs: suite.specs,
    dossier,
    asOf: on,
    ...(judged
      ? { perimeters: judged.plan.perimeters, unspoken: unspokenIn(judged.result), mode: judged.meta.mode }
      : {}),
  });
}

export function demandedNow({ config, suite }: Opened): DemandedProof[] {
  const perimeters = suite.specs.perimeters.filter(({ id }) => config.perimeters.includes(id));
  return demanded({ perimeters, requirements: suite.specs.requirements, answers: config });
}
