/** `segur specs import FILE --out DIR`: a REM workbook made a draft of rules, validated, and an account of every row of it. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { canonicalJson, type Couloir, type RulePackFacts, SuiteError } from "../../core/model/index.js";
import {
  type RemAnomaly,
  type RemLayout,
  type RemTable,
  readRemSheets,
  WorkbookRefused,
} from "../../protocols/rem/index.js";
import type { ExitCode, Lang } from "../output.js";
import { type Draft, draftOf } from "../specs/draft.js";
import { demandFree, writeDraft } from "../specs/write-draft.js";
import { openSuite } from "../suite.js";
import { loadPrivateKey } from "../trust.js";
import { specsImportText } from "../words/specs-import.js";
import { workbookRefused } from "../words/workbook.js";

export const SPECS_IMPORT_FORMAT = "segur-specs-import/1";

/** Largest workbook read, in bytes; the largest public ones have three million. */
const MAX_WORKBOOK = 50_000_000;

/** Requirements of one workbook: the longest public list of a couloir has some three hundred. */
const MAX_REQUIREMENTS = 5_000;

export interface SpecsImportOptions {
  readonly out: string;
  readonly couloir: Couloir;
  readonly wave?: "1" | "2";
  readonly id?: string;
  readonly frozen?: string;
  readonly key?: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

/** Output of `--json` (specs/schemas/specs-import.schema.json). */
export interface SpecsImport {
  readonly format: typeof SPECS_IMPORT_FORMAT;
  readonly file: { readonly name: string; readonly sha256: string };
  readonly sheets: readonly { readonly name: string; readonly layout: RemLayout; readonly lines: number }[];
  readonly folder: string;
  readonly rules: RulePackFacts;
  readonly couloir: Couloir;
  readonly frozen: string;
  readonly counts: Draft["counts"];
  readonly perimeters: Draft["accounts"];
  readonly decisions: Draft["decisions"];
  readonly anomalies: readonly RemAnomaly[];
}

/** 0 when the draft stands there and loads; 2 (thrown) otherwise. */
export async function specsImport(file: string, options: SpecsImportOptions): Promise<ExitCode> {
  const { couloir, frozen = today(), id = null } = options;
  demandFree(options.out);
  demandDay(frozen);
  const suite = openSuite();
  const taken = new Set(suite.specs.perimeters.map((perimeter) => perimeter.id));
  if (id !== null && (!/^[a-z][a-z0-9-]{0,80}$/.test(id) || taken.has(id))) {
    throw new SuiteError(
      "ERR_USAGE",
      taken.has(id) ? `the suite has a perimeter ${id}` : `${id} is no id of a perimeter`,
      {
        where: "--id",
        mend: "give another one: lower case letters, digits and hyphens",
      },
    );
  }
  const bytes = readWorkbookFile(file);
  const tables = await readTables(bytes, file);
  const name = path.basename(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const draft = draftOf({
    lines: tables.flatMap((table) => table.lines),
    known: suite.specs.requirements,
    couloir,
    wave: options.wave ?? null,
    id,
    frozen,
    file: { name, sha256 },
  });
  demandWhole(draft, file);
  const rules = writeDraft(draft, {
    folder: options.out,
    name: `draft-${draft.perimeters[0]?.id ?? "rem"}`,
    version: frozen,
    key: options.key === undefined ? null : loadPrivateKey(options.key, undefined, options.lang),
  });
  const account: SpecsImport = {
    format: SPECS_IMPORT_FORMAT,
    file: { name, sha256 },
    sheets: tables.map(({ sheet, layout, lines }) => ({ name: sheet, layout, lines: lines.length })),
    folder: options.out,
    rules,
    couloir,
    frozen,
    counts: draft.counts,
    perimeters: draft.accounts,
    decisions: draft.decisions,
    anomalies: tables.flatMap((table) => table.anomalies),
  };
  process.stdout.write(options.json ? canonicalJson(account) : specsImportText(account, options.lang));
  return 0;
}

async function readTables(bytes: Uint8Array, file: string): Promise<readonly RemTable[]> {
  try {
    return await readRemSheets(bytes);
  } catch (cause) {
    if (!(cause instanceof WorkbookRefused)) throw cause;
    throw workbookRefused(cause, file);
  }
}

function readWorkbookFile(file: string): Uint8Array {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts?.isFile() && facts.size > MAX_WORKBOOK) {
    throw new SuiteError("ERR_FILE", "the workbook is too large", { where: file, mend: "keep it under 50 MB" });
  }
  try {
    if (!facts?.isFile()) throw new Error("not a plain file");
    return readFileSync(file);
  } catch (cause) {
    throw new SuiteError("ERR_FILE", "the workbook cannot be read", {
      where: file,
      mend: "give the path of an .xlsx file, and check who may read it",
      cause,
    });
  }
}

function demandWhole(draft: Draft, file: string): void {
  const [place] = draft.noWave;
  if (place !== undefined) {
    throw new SuiteError("ERR_USAGE", `the workbook does not say the wave of ${draft.noWave.length} lines`, {
      where: `${file} (${place})`,
      mend: "give it with --wave 1 or --wave 2",
    });
  }
  if (draft.counts.all > MAX_REQUIREMENTS) {
    throw new SuiteError("ERR_FILE", "the workbook holds more requirements than a list has", {
      where: file,
      mend: "keep 5,000 at most",
    });
  }
  if (draft.perimeters.length === 0) {
    throw new SuiteError("ERR_FILE", "the workbook holds no requirement that can be taken", {
      where: file,
      mend: "check that its rows stand under the columns of a REM; docs/rem-files.md lists them",
    });
  }
}

function demandDay(day: string): void {
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day) return;
  throw new SuiteError("ERR_USAGE", `${day} is not a day of the calendar`, {
    where: "--frozen",
    mend: "Write YYYY-MM-DD.",
  });
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
