/** `segur plan`: what would run, before anything does. */
import { VENDOR_OPERATIONS } from "../../core/model/index.js";
import { buildPlan, describePlan, type Plan } from "../../core/plan/index.js";
import { bundledConfig } from "../bundled.js";
import { type ExitCode, type Lang, progressOn } from "../output.js";
import { openConfig, openSuite } from "../suite.js";

export interface PlanOptions {
  readonly config?: string;
  readonly only?: readonly string[];
  readonly json?: boolean;
  readonly lang: Lang;
}

export function plan(options: PlanOptions): ExitCode {
  const suite = openSuite();
  const { config } = options.config
    ? openConfig(options.config, suite, progressOn(process.stderr))
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
    cannot: "Le pilote ne sait pas déclencher",
    proofs: "preuves dues",
    proves: "exigences",
  },
  en: {
    rows: "applicable requirements",
    basis: "basis",
    scenarios: "Scenarios, in order",
    control: "control",
    checks: "Planned checks",
    unplanned: "Checks not planned",
    cannot: "The driver cannot trigger",
    proofs: "proofs owed",
    proves: "requirements",
  },
} as const;

function planText(built: Plan, lang: Lang): string {
  const words = WORDS[lang];
  const lines: string[] = [];
  for (const perimeter of built.perimeters) {
    const rows = built.rows.filter((row) => row.applies && row.perimeters.includes(perimeter.id));
    const owed = built.proofsOwed.filter((proof) => proof.perimeters.includes(perimeter.id));
    lines.push(
      `${perimeter.title[lang]} (${perimeter.id}): ${rows.length} ${words.rows}, ${owed.length} ${words.proofs}; ${words.basis}: ${perimeter.basis}`,
    );
  }
  lines.push("", `${words.scenarios} (${built.scenarios.length})`);
  for (const { scenario, operations } of built.scenarios) {
    const control = scenario.control ? `, ${words.control}: ${scenario.control}` : "";
    lines.push(`  ${scenario.id.padEnd(34)} ${scenario.title[lang]} [${operations.join(", ")}${control}]`);
  }
  lines.push("", `${words.checks} (${built.checks.length})`);
  for (const check of built.checks) {
    lines.push(
      `  ${check.id.padEnd(34)} ${check.rows.length > 0 ? `${words.proves}: ${check.rows.join(", ")}` : ""}`.trimEnd(),
    );
  }
  if (built.unplanned.length > 0) {
    lines.push("", `${words.unplanned} (${built.unplanned.length})`);
    for (const check of built.unplanned)
      lines.push(`  ${check.id.padEnd(34)} ${check.reason} ${check.missing.join(", ")}`.trimEnd());
  }
  if (built.cannotTrigger.length > 0) {
    lines.push("", words.cannot);
    for (const { id, missing } of built.cannotTrigger) lines.push(`  ${id.padEnd(34)} ${missing.join(", ")}`);
  }
  return `${lines.join("\n")}\n`;
}
