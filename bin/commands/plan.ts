/** `segur plan`: what would run, before anything does. */
import { existsSync } from "node:fs";
import { VENDOR_OPERATIONS } from "../../core/model/index.js";
import { buildPlan, describePlan, type Plan } from "../../core/plan/index.js";
import { MESSAGES } from "../../reports/messages/index.js";
import { bundledConfig } from "../bundled.js";
import { type ExitCode, type Lang, progressOn } from "../output.js";
import { openConfig, openToldSuite } from "../suite.js";

/** Taken when no `--config` is given and it is there; else the plan is that of the bundled run. */
const OWN = "segur.yaml";

export interface PlanOptions {
  readonly config?: string;
  readonly only?: readonly string[];
  readonly json?: boolean;
  /** Folder of a rule pack. */
  readonly specs?: string;
  /** File of trusted keys, to name the signer of the pack. */
  readonly trust?: string;
  readonly lang: Lang;
}

export function plan(options: PlanOptions): ExitCode {
  const suite = openToldSuite(options);
  const file = options.config ?? (existsSync(OWN) ? OWN : null);
  if (!file) process.stderr.write(`${WORDS[options.lang].bundled}\n`);
  const { config } = file
    ? openConfig(file, suite, progressOn(process.stderr), options.lang)
    : bundledConfig({ root: suite.root, specs: suite.specs, port: 0 });
  const built = buildPlan({
    config,
    specs: suite.specs,
    checks: suite.checks,
    driverCan: config.drivers.can ?? VENDOR_OPERATIONS,
    ...(options.only ? { only: options.only } : {}),
  });
  process.stdout.write(options.json ? `${JSON.stringify(describePlan(built))}\n` : planText(built, options.lang));
  return 0;
}

const WORDS = {
  fr: {
    rows: "exigences applicables",
    basis: "base",
    scenarios: "Scénarios, dans l'ordre",
    control: "témoin",
    checks: "Contrôles planifiés",
    unplanned: "Contrôles non planifiés",
    cannot: "Scénarios que le pilote ne sait pas déclencher, et ce qui lui manque",
    proofs: "preuves dues",
    proves: "décide",
    supports: "en partie",
    rule: "aucune exigence, une règle seule",
    bundled: "Pas de segur.yaml ici : plan de l'exécution fournie (segur demo).",
  },
  en: {
    rows: "applicable requirements",
    basis: "basis",
    scenarios: "Scenarios, in order",
    control: "control",
    checks: "Planned checks",
    unplanned: "Checks not planned",
    cannot: "Scenarios the driver cannot trigger, and what it lacks",
    proofs: "proofs owed",
    proves: "decides",
    supports: "in part",
    rule: "no requirement, a rule alone",
    bundled: "No segur.yaml here: the plan of the bundled run (segur demo).",
  },
} as const;

function planText(built: Plan, lang: Lang): string {
  const words = WORDS[lang];
  const { colon, reasons } = MESSAGES[lang];
  const lines: string[] = [];
  for (const perimeter of built.perimeters) {
    const rows = built.rows.filter((row) => row.applies && row.perimeters.includes(perimeter.id));
    const owed = built.proofsOwed.filter((proof) => proof.perimeters.includes(perimeter.id));
    lines.push(
      `${perimeter.title[lang]} (${perimeter.id})${colon}${rows.length} ${words.rows}, ${owed.length} ${words.proofs}, ${words.basis} ${perimeter.basis}`,
    );
  }
  lines.push("", `${words.scenarios} (${built.scenarios.length})`);
  for (const { scenario, operations } of built.scenarios) {
    const control = scenario.control ? `, ${words.control}${colon}${scenario.control}` : "";
    lines.push(`  ${scenario.id.padEnd(34)} ${scenario.title[lang]} [${operations.join(", ")}${control}]`);
  }
  lines.push("", `${words.checks} (${built.checks.length})`);
  for (const { id } of built.checks) lines.push(`  ${id.padEnd(34)} ${bearsOn(built, id, lang)}`);
  // Those with the same reason and the same operations missing stand together.
  const groups = new Map<string, string[]>();
  for (const { id, reason, missing } of built.unplanned) {
    const why = `${reasons[reason] ?? reason}${missing.length > 0 ? ` (${missing.join(", ")})` : ""}`;
    groups.set(why, [...(groups.get(why) ?? []), id]);
  }
  if (groups.size > 0) lines.push("", `${words.unplanned} (${built.unplanned.length})`);
  for (const [why, ids] of groups) lines.push(`  ${why}`, ...ids.map((id) => `    ${id}`));
  if (built.cannotTrigger.length > 0) {
    lines.push("", `${words.cannot} (${built.cannotTrigger.length})`);
    for (const { id, missing } of built.cannotTrigger) lines.push(`  ${id.padEnd(34)} ${missing.join(", ")}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The applicable rows a check decides, then those it covers in part only. */
function bearsOn(built: Plan, check: string, lang: Lang): string {
  const words = WORDS[lang];
  const { colon } = MESSAGES[lang];
  const rows = built.rows.filter((one) => one.applies).map((one) => one.row);
  const decided = rows.filter((row) => row.checks.includes(check)).map((row) => row.id);
  const part = rows.filter((row) => row.supports.includes(check)).map((row) => row.id);
  const parts = [
    ...(decided.length > 0 ? [`${words.proves}${colon}${decided.join(", ")}`] : []),
    ...(part.length > 0 ? [`${words.supports}${colon}${part.join(", ")}`] : []),
  ];
  return parts.join("; ") || words.rule;
}
