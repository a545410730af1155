/** `segur dossier export|import`: the Convergence workbook, and the proofs by chapter under normalised names. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Document } from "yaml";
import { type DossierEntry, normalProofName } from "../../core/dossier/index.js";
import { SuiteError } from "../../core/model/index.js";
import { refuse } from "../../core/plan/problems.js";
import type { YamlFile } from "../../core/plan/yaml.js";
import { readSheets, type SheetText, WorkbookRefused, writeConvergence } from "../../protocols/rem/index.js";
import { visible } from "../../reports/safe.js";
import {
  addEntry,
  addTo,
  demandUnchanged,
  digestOf,
  dossierFile,
  dropFile,
  editDossier,
  takeIn,
} from "../dossier/folder.js";
import { dossierProblems } from "../dossier/merge.js";
import { demandedNow, demandOwn, type DossierOptions, heldAgainst, openForDossier, viewNow } from "../dossier/open.js";
import { dossierOf, dossierSheets, type Imported, remLines, SHEETS } from "../dossier/workbook.js";
import { withLock } from "../lock.js";
import type { ExitCode } from "../output.js";
import { loadIdentities } from "../../services/shared/identities.js";
import { demandFictitiousProofs } from "../privacy-gate.js";
import { knownIdentities, knownOf } from "../privacy-known.js";
import { DOSSIER_WORDS } from "../words/dossier.js";
import { workbookRefused } from "../words/workbook.js";

const WORKBOOK = "convergence.xlsx";
/** Of a workbook, in bytes. */
const MOST_WORKBOOK = 50_000_000;

export async function dossierExport(target: string, options: DossierOptions): Promise<ExitCode> {
  const opened = openForDossier(options);
  const { config, suite, dossier } = opened;
  const words = DOSSIER_WORDS[options.lang];
  const folder = path.resolve(target);
  if (existsSync(folder)) {
    throw new SuiteError("ERR_FILE", "the folder is already there", {
      where: folder,
      mend: "give the name of a new folder",
    });
  }
  const judged = heldAgainst(opened, options.run);
  const view = await viewNow(opened, judged);
  const chapters = new Map(demandedNow(opened).map(({ id, rows }) => [id, rows[0]?.domain ?? ""]));
  const exported = new Map<string, string>();
  const sources = new Map<string, string>();
  const file = dossier?.file ?? { format: "segur-dossier/1" as const };
  for (const entry of file.proofs ?? []) {
    for (const { path: own } of entry.files) {
      if (exported.has(own)) continue;
      const source = path.join(opened.folder, own);
      if (!dossier?.digests.has(own)) {
        process.stderr.write(`! ${words.lacks(visible(own))}\n`);
        continue;
      }
      const name = nameFor(entry, own, chapters, new Set(exported.values()));
      exported.set(own, name);
      sources.set(name, source);
    }
  }
  const identities = loadIdentities(suite.root);
  const known = judged ? knownOf(judged.view, identities, judged.meta.challenge) : knownIdentities(identities, null);
  const contents = new Map([...sources].map(([as, source]) => [as, new Uint8Array(readFileSync(source))]));
  await demandFictitiousProofs(contents, known);
  const perimeters = suite.specs.perimeters.filter(({ id }) => config.perimeters.includes(id));
  const lines = remLines(perimeters, suite.specs.requirements);
  const input = { view, dossier: file, exported, lang: options.lang };
  const workbook = await writeConvergence(lines, dossierSheets(input));
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, source] of sources) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      copyFileSync(source, path.join(folder, name));
    }
    writeFileSync(path.join(folder, WORKBOOK), workbook);
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw new SuiteError("ERR_DISK", "the export cannot be written", {
      where: folder,
      mend: "check that the folder is writable and has room",
      cause,
    });
  }
  process.stderr.write(`${words.exported(visible(folder), lines.length, sources.size)}\n`);
  return 0;
}

/** `MSS/MSS-CONF.16.01.01.mp4`, numbered when a proof has several files. */
function nameFor(
  entry: DossierEntry,
  own: string,
  chapters: ReadonlyMap<string, string>,
  taken: ReadonlySet<string>,
): string {
  const id = entry.ids.find((one) => chapters.has(one)) ?? entry.ids[0] ?? "";
  const chapter = normalProofName(chapters.get(id) ?? "", "") || "autres";
  const { name, ext } = path.parse(normalProofName(id, path.extname(own)));
  for (let number = 1; ; number++) {
    const candidate = `${chapter}/${name}${number === 1 ? "" : `-${number}`}${ext}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Entries of the workbook that the dossier does not have yet are added; what it has stays as it is. */
export async function dossierImport(name: string, options: DossierOptions): Promise<ExitCode> {
  const opened = openForDossier(options);
  const dossier = demandOwn(opened);
  const words = DOSSIER_WORDS[options.lang];
  const imported = dossierOf(await sheetsOf(name), name);
  const beside = path.dirname(path.resolve(name));
  const known = new Set((dossier.file.proofs ?? []).map(identityOf));
  const claimed = new Set((dossier.file.notApplicable ?? []).map(({ row }) => row));
  let missing = 0;
  const taken: string[] = [];
  const entries = (imported.dossier.proofs ?? []).filter((entry) => !known.has(identityOf(entry)));
  const claims = (imported.dossier.notApplicable ?? []).filter(({ row }) => !claimed.has(row));
  const places: Pick<YamlFile, "where"> = {
    where: ([list]) => `${name} ${list === "proofs" ? SHEETS.files : SHEETS.claims}`,
  };
  const added = { ...imported.dossier, proofs: entries, notApplicable: claims };
  refuse("ERR_FILE", dossierProblems({ file: added, yaml: places }, opened.own, opened.suite.specs));
  withLock(dossierFile(dossier.folder), () => {
    demandUnchanged(dossier);
    try {
      const stored = entries.map((entry) => ({
        ...entry,
        files: entry.files.map((file) => {
          const source = sourceOf(imported, file.path, beside);
          if (source === null) {
            missing += 1;
            return file;
          }
          const { dir, base } = path.posix.parse(file.path);
          const { file: kept, fresh } = takeIn(dossier.folder, source, plainFolder(dir), base);
          if (fresh) taken.push(kept);
          return { ...file, path: kept };
        }),
      }));
      editDossier(dossier, opened.schemas, (document: Document) => {
        for (const entry of stored) addEntry(document, entry);
        for (const claim of claims) addTo(document, "notApplicable", claim);
      });
    } catch (error) {
      for (const file of taken) dropFile(dossier.folder, file);
      throw error;
    }
  });
  process.stderr.write(`${words.imported(entries.length, claims.length, missing)}\n`);
  return 0;
}

/** An entry is the same when it says the same of the same bytes for the same proofs. */
function identityOf(entry: DossierEntry): string {
  return JSON.stringify([[...entry.ids].sort(), entry.files.map(({ sha256 }) => sha256).sort()]);
}

/** A name from a workbook never leads out of the folder it stands in. */
function sourceOf({ files }: Imported, own: string, beside: string): string | null {
  const exported = files.find((file) => file.path === own)?.exported ?? "";
  if (exported === "" || path.isAbsolute(exported) || /[\\:]/.test(exported) || exported.split("/").includes(".."))
    return null;
  const source = path.join(beside, exported);
  return digestOf(source) === null ? null : source;
}

function plainFolder(dir: string): string {
  return normalProofName(dir.replaceAll("/", "-"), "") || "autres";
}

async function sheetsOf(name: string): Promise<readonly SheetText[]> {
  try {
    return await readSheets(bytesOf(name));
  } catch (error) {
    throw error instanceof WorkbookRefused ? workbookRefused(error, name) : error;
  }
}

function bytesOf(name: string): Uint8Array {
  try {
    if (statSync(name).size > MOST_WORKBOOK) {
      throw new SuiteError("ERR_FILE", "the file is too large", {
        where: name,
        mend: "give a workbook of 50 MB at most",
      });
    }
    return readFileSync(name);
  } catch (cause) {
    if (cause instanceof SuiteError) throw cause;
    throw new SuiteError("ERR_FILE", "the file cannot be read", { where: name, mend: "Check who may read it.", cause });
  }
}
