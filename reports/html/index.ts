/** HTML rendering: the template laid over the view. One page, nothing fetched, nothing executed. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";
import type { ReportInput } from "../model.js";
import { type ReportView, reportView } from "./view-model.js";

interface Page {
  readonly style: string;
  readonly view: ReportView;
}

/** Parts of the template kept in files of their own. */
const PARTIALS = {
  waves: "waves.hbs",
  gap: "gap.hbs",
  need: "need.hbs",
  dossier: "dossier.hbs",
  proofState: "proof-state.hbs",
  maturity: "maturity.hbs",
} as const;

let template: Handlebars.TemplateDelegate<Page> | null = null;
let style = "";

export function renderHtml(input: ReportInput): string {
  if (template === null) {
    // An instance of its own: no helper or partial of anybody else; prototype access stays off and every value is escaped.
    const handlebars = Handlebars.create();
    const source = readFileSync(asset("report.hbs"), "utf8");
    for (const [name, file] of Object.entries(PARTIALS)) {
      handlebars.registerPartial(name, readFileSync(asset(file), "utf8").trimEnd());
    }
    template = handlebars.compile<Page>(source, { strict: true, preventIndent: true });
    style = readFileSync(asset("report.css"), "utf8");
  }
  return template({ style, view: reportView(input) });
}

/** Assets stay in the source tree: found from the package root, wherever the compiled file stands. */
function asset(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const path = join(folder, "reports", "html", name);
    try {
      readFileSync(join(folder, "package.json"));
      return path;
    } catch {
      const parent = dirname(folder);
      if (parent === folder) throw new Error(`no package root above ${fileURLToPath(import.meta.url)}`);
      folder = parent;
    }
  }
}
