/** dossier.json beside result.json: where each proof stood when the run was last judged with it. A rendering shows it; nothing is decided by it. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { canonicalJson, type DossierView } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import type { Judged } from "../judgement.js";
import { type RunFolder, type RunMeta, writeFileAtomic } from "../run-folder.js";
import { type Suite, today } from "../suite.js";
import { openDossier } from "./folder.js";
import { unspokenIn, viewOf } from "./on-hand.js";

const FORMAT = "segur-dossier-view/1";
const NAME = "dossier.json";

interface DossierRecord {
  readonly format: typeof FORMAT;
  /** Of the proofs and claims of run.json that it speaks of: another set, and it is out of date. */
  readonly of: string;
  readonly view: DossierView;
}

export function dossierRecord(meta: Pick<RunMeta, "config">, view: DossierView): DossierRecord {
  return { format: FORMAT, of: digestOfSupplied(meta), view };
}

export function writeDossierRecord(folder: RunFolder, record: DossierRecord): void {
  writeFileAtomic(folder.file(NAME), canonicalJson(record));
}

/**
 * Null when there is none, or when it speaks of other proofs than run.json names now. One that is damaged is as none: the next
 * `segur dossier apply` writes it anew.
 */
export function readDossierRecord(folder: RunFolder, meta: Pick<RunMeta, "config">, root: string): DossierView | null {
  const file = folder.file(NAME);
  if (!existsSync(file)) return null;
  try {
    const record = JSON.parse(readFileSync(file, "utf8")) as DossierRecord;
    const valid = openSchemas(path.join(root, "specs", "schemas")).validator("dossier-view")(record);
    return valid && record.of === digestOfSupplied(meta) ? record.view : null;
  } catch {
    return null;
  }
}

/** Written after a run whose candidate supplies proofs; another has nothing to show. `folder`: of the dossier, if there is one. */
export async function recordDossier(judged: Judged, suite: Suite, folder: string | undefined): Promise<void> {
  const { config } = judged.meta;
  if (folder === undefined && Object.keys(config.proofs).length + Object.keys(config.notApplicable ?? {}).length === 0)
    return;
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const view = await viewOf({
    config,
    specs: suite.specs,
    dossier: folder === undefined ? null : openDossier(folder, schemas),
    perimeters: judged.plan.perimeters,
    unspoken: unspokenIn(judged.result),
    mode: judged.meta.mode,
    asOf: today(),
  });
  writeDossierRecord(judged.folder, dossierRecord(judged.meta, view));
}

function digestOfSupplied({ config }: Pick<RunMeta, "config">): string {
  const { proofs, notApplicable } = config;
  return createHash("sha256")
    .update(canonicalJson({ proofs, notApplicable: notApplicable ?? {} }))
    .digest("hex");
}
