/** Puts together what a report needs: result, texts of checks and rows, evidence of the recording. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { PROOF_RULES } from "../core/dossier/rules.js";
import type { BaselineCover } from "../core/model/index.js";
import {
  type Catalogue,
  evidenceOf,
  type Lang,
  type ProofTexts,
  type ReportFormat,
  type ReportInput,
  renderReport,
  stepTroubles,
} from "../reports/index.js";
import { readDossierRecord } from "./dossier/record.js";
import type { Judged } from "./judgement.js";
import { readOfficial } from "./official/run.js";
import type { Suite } from "./suite.js";
import { toolVersion } from "./version.js";
import { findingText } from "./words/proof-rules.js";

export interface RenderOptions {
  readonly format: ReportFormat;
  readonly lang: Lang;
  readonly gate: "checks" | "wave";
  readonly mask?: boolean;
  readonly color?: boolean;
  readonly baseline?: BaselineCover | null;
}

export function renderRun(judged: Judged, suite: Suite, options: RenderOptions): string {
  const official = readOfficial(judged.folder, judged.result, suite.root);
  const input: ReportInput = {
    result: judged.result,
    catalogue: catalogueOf(suite),
    evidence: evidenceOf(judged.view),
    steps: stepTroubles(judged.view.events),
    meta: {
      toolVersion: toolVersion(suite.root),
      generatedAt: new Date().toISOString(),
      runFolder: judged.folder.name,
      gate: options.gate,
    },
    lang: options.lang,
    mask: options.mask ?? false,
    maskNames: judged.meta.maskNames,
    color: options.color ?? false,
    dossier: readDossierRecord(judged.folder, judged.meta, suite.root),
    proofTexts: proofTexts(options.lang),
    ...(judged.meta.config.maturity ? { maturity: judged.meta.config.maturity } : {}),
    ...(options.baseline ? { baseline: options.baseline } : {}),
    ...(official ? { official } : {}),
  };
  return renderReport(options.format, input);
}

/** What was found and what to do, rule by rule. */
function proofTexts(lang: Lang): ProofTexts {
  return Object.fromEntries(
    Object.keys(PROOF_RULES).map((rule) => [rule, (slots) => findingText({ rule, slots }, lang)]),
  );
}

export function catalogueOf(suite: Suite): Catalogue {
  return {
    checks: Object.fromEntries(
      suite.checks.map((check) => [
        check.id,
        { title: check.title, messages: check.messages, ...docOf(suite.root, check.id) },
      ]),
    ),
    requirements: Object.fromEntries(suite.specs.requirements.map((row) => [row.id, row])),
    perimeters: Object.fromEntries(suite.specs.perimeters.map((perimeter) => [perimeter.id, perimeter])),
    scenarios: Object.fromEntries(suite.specs.scenarios.map((scenario) => [scenario.id, { title: scenario.title }])),
  };
}

/** The two halves of a check's .md. The id of a check is the path of its files, sub-rooms of a slice aside. */
export function docOf(root: string, id: string): { doc?: { fr: string; en: string } } {
  const [slice = "", name = ""] = id.split("/");
  const file = ["", "document", "lifecycle"]
    .map((room) => path.join(root, "checks", slice, room, `${name}.md`))
    .find((candidate) => existsSync(candidate));
  if (!file) return {};
  const text = readFileSync(file, "utf8");
  const english = text.search(/^\*English\*\s*$/m);
  const french = text.search(/^\*Français\*\s*$/m);
  if (english < 0 || french < 0) return { doc: { fr: text, en: text } };
  const after = (start: number, end: number) =>
    text
      .slice(start, end)
      .replace(/^\*[^*]+\*\s*/, "")
      .trim();
  return { doc: { fr: after(french, english), en: after(english, text.length) } };
}
