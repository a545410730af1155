/** `segur label page`: the static page that checks labels, with an agency's keys in it, so that its readers need not find them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot, SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { type LabelKey, labelKeys } from "../../core/seal/label-check.js";
import type { ExitCode, Lang } from "../output.js";
import { loadTrust } from "../trust.js";
import { fillWords, LABEL_WORDS } from "../words/label.js";
import { writeNewFile } from "../write-new.js";

export interface PageOptions {
  readonly trust: string;
  readonly output?: string;
  readonly force?: boolean;
  /** The keys alone, for who has the bare page. */
  readonly json?: boolean;
  readonly lang: Lang;
}

/** Public keys that may sign labels, as the page reads them. */
export interface ExportedKeys {
  readonly format: "segur-label-keys/1";
  readonly agencies: readonly {
    readonly name: string;
    /** SubjectPublicKeyInfo in PEM. */
    readonly key: string;
    readonly from?: string;
    readonly until?: string;
  }[];
}

/** Where the bare page says that it has no keys. */
const NO_KEYS = /(<script type="application\/json" id="agency-keys">)\s*null\s*(<\/script>)/;

export function labelPage(options: PageOptions): ExitCode {
  const root = packageRoot(import.meta.url);
  const keys = labelKeys(loadTrust(options.trust, openSchemas(path.join(root, "specs", "schemas"))));
  if (keys.length === 0) {
    throw new SuiteError("ERR_CONFIG", "the trust file names no key that signs labels", {
      where: options.trust,
      mend: "give an agency's key the role `label`",
    });
  }
  const text = options.json
    ? `${JSON.stringify(exportKeys(keys), null, 2)}\n`
    : pageWith(barePage(root), exportKeys(keys));
  if (options.output === undefined) {
    process.stdout.write(text);
    return 0;
  }
  writeNewFile(options.output, text, options.force ?? false);
  const count = String(keys.length);
  process.stderr.write(`${options.output}\n${fillWords(LABEL_WORDS[options.lang].pageWritten, { count })}\n`);
  return 0;
}

export function exportKeys(keys: readonly LabelKey[]): ExportedKeys {
  return {
    format: "segur-label-keys/1",
    agencies: keys.map(({ name, key, from, until }) => ({
      name,
      key: key.pem,
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    })),
  };
}

export function barePage(root: string): string {
  return readFileSync(path.join(root, "reports", "label-page", "label-check.html"), "utf8");
}

/** No `<` gets into the block: a name in it must not be able to end it. */
export function pageWith(page: string, keys: ExportedKeys): string {
  const json = JSON.stringify(keys).replaceAll("<", "\\u003c");
  const filled = page.replace(NO_KEYS, (_, open: string, close: string) => `${open}${json}${close}`);
  if (filled === page) throw new Error("the page has no place for keys");
  return filled;
}
