/** `segur check FILE…`: judges files alone. A recording of one exchange per file is built in memory and judged as ever. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { evaluate } from "../../core/evaluate/evaluate.js";
import {
  type CheckDef,
  type CheckResult,
  type Exchange,
  type Finding,
  type OfficialTreeFacts,
  RECORDING_FORMAT,
  type RecordingView,
} from "../../core/model/index.js";
import { type FileKind, recogniseFile } from "../../protocols/kind.js";
import { elements, parseXml, pathOf, type XmlNode } from "../../protocols/xml.js";
import { visible } from "../../reports/safe.js";
import { renderSarif } from "../../reports/sarif/index.js";
import { type OfficialCheck, officialChecks, officialExitCode, officialText, treeText } from "../official/check.js";
import { type OfficialJudge, openOfficial } from "../official/judge.js";
import { type ExitCode, type Lang, worst } from "../output.js";
import { openSuite, type Suite } from "../suite.js";
import { toolVersion } from "../version.js";

export interface CheckOptions {
  readonly format: "text" | "json" | "sarif";
  /** As `--format json`. */
  readonly json?: boolean;
  /** Folder of a checkout of the agency's rules, judged by beside ours. */
  readonly official?: string;
  /** File name of the volet of that checkout to judge by. */
  readonly volet?: string;
  readonly lang: Lang;
}

const MAX_FILE = 100 * 1024 * 1024;

/** Output of `--json` (specs/schemas/check.schema.json). */
export interface JudgedFile {
  readonly file: string;
  readonly kind: Exclude<FileKind, "unknown"> | null;
  readonly state: "clean" | "breach" | "not_judged";
  /** Why it could not be judged: `unreadable`, `too_large`, `unknown_kind`, `no_check_for_kind`, `suite_error`. */
  readonly reason: string | null;
  readonly findings: readonly {
    readonly check: string;
    readonly message: string;
    readonly weight: "breach" | "remark";
    readonly text: string;
    readonly location: string | null;
    /** Line of the file, from 1, where the location is an element of it. */
    readonly line: number | null;
    readonly requirements: readonly string[];
  }[];
  /** What the official rules say of each CDA of the file; absent when none were given. */
  readonly official?: readonly OfficialCheck[];
}

export function check(files: readonly string[], options: CheckOptions): ExitCode {
  const suite = openSuite();
  const official = openOfficial(options);
  const judged = files.map((file) => judgeFile(file, suite, options.lang, official));
  const format = options.json ? "json" : options.format;
  if (format === "json") process.stdout.write(`${JSON.stringify(jsonOf(judged, official?.tree.facts))}\n`);
  else if (format === "sarif") {
    process.stdout.write(sarifText(judged, suite, options.lang, process.cwd(), official?.tree.facts));
  } else {
    const head = official ? treeText(official.tree, options.lang) : "";
    process.stdout.write(head + judged.map((file) => fileText(file, options.lang)).join("\n"));
  }
  official?.dispose();
  return worst(...judged.flatMap(exitCodesOf));
}

function jsonOf(files: readonly JudgedFile[], official: OfficialTreeFacts | undefined): object {
  return { format: "segur-check/1", ...(official ? { official } : {}), files };
}

function exitCodesOf({ state, official }: JudgedFile): readonly ExitCode[] {
  return [state === "breach" ? 1 : state === "clean" ? 0 : 2, officialExitCode(official ?? [])];
}

export function judgeFile(file: string, suite: Suite, lang: Lang, official: OfficialJudge | null = null): JudgedFile {
  const [judged, exchange] = judgeAlone(file, suite, lang);
  return official && exchange ? { ...judged, official: officialChecks(exchange, judged.findings, official) } : judged;
}

/** By our own rules. The exchange: the file as recorded, null where it could not be read or is of no known kind. */
function judgeAlone(file: string, suite: Suite, lang: Lang): [JudgedFile, Exchange | null] {
  const fail = (reason: string, kind: JudgedFile["kind"] = null): JudgedFile => ({
    file,
    kind,
    state: "not_judged",
    reason,
    findings: [],
  });
  let bytes: Uint8Array;
  try {
    const facts = statSync(file);
    // A pipe or a device would never end.
    if (!facts.isFile()) return [fail("unreadable"), null];
    if (facts.size > MAX_FILE) return [fail("too_large"), null];
    bytes = readFileSync(file);
  } catch {
    return [fail("unreadable"), null];
  }
  const kind = recogniseFile(bytes, path.basename(file));
  if (kind === "unknown") return [fail("unknown_kind"), null];
  const operation = `file.${kind}`;
  const checks = suite.checks.filter((one) => one.reads.includes(operation));
  const exchange = exchangeOf(operation, bytes);
  if (checks.length === 0) return [fail("no_check_for_kind", kind), exchange];
  const results = evaluate(
    viewOf(exchange),
    checks.map((one) => ({ check: one, planned: true })),
    (id, error) => process.stderr.write(`! ${id}: ${String(error)}\n`),
  );
  if (results.some((result) => result.outcome === "error")) return [fail("suite_error", kind), exchange];
  const lineOf = kind === "cda" || kind === "soap" ? linesIn(bytes) : () => null;
  const findings = results.flatMap((result) => findingsOf(result, checks, suite, lang, lineOf));
  if (results.every((result) => result.observed.count === 0 && result.outcome !== "breached")) {
    return [{ ...fail("nothing_to_judge", kind), findings }, exchange];
  }
  const state = results.some((result) => result.outcome === "breached") ? "breach" : "clean";
  return [{ file, kind, state, reason: null, findings }, exchange];
}

function findingsOf(
  result: CheckResult,
  checks: readonly CheckDef[],
  suite: Suite,
  lang: Lang,
  lineOf: (location: string) => number | null,
): JudgedFile["findings"] {
  const definition = checks.find((one) => one.id === result.id);
  const requirements = suite.specs.requirements
    .filter((row) => row.checks.includes(result.id) || row.supports.includes(result.id))
    .map((row) => row.id);
  return result.findings.map((finding: Finding) => ({
    check: finding.check,
    message: finding.message,
    weight: finding.weight,
    text: fillMessage(definition?.messages[finding.message]?.[lang] ?? finding.message, finding.slots),
    location: finding.at.where ?? null,
    line: finding.at.where === undefined ? null : lineOf(finding.at.where),
    requirements,
  }));
}

/** Finds the line of an element named by its path (`/ClinicalDocument/id[2]`); what follows the path is left aside. */
export function linesIn(bytes: Uint8Array): (location: string) => number | null {
  let root: XmlNode | null = null;
  try {
    root = parseXml(bytes);
  } catch {
    // Not XML: a finding says so, without a place in a tree.
  }
  return (location) => {
    const path = /^\/[^\s@]*/.exec(location)?.[0].replace(/\/$/, "");
    const [first, ...steps] = path?.split("/").slice(1) ?? [];
    let node = root && first === pathOf(root).slice(1) ? root : null;
    for (const step of steps) node = node && childAt(node, step);
    if (!node) return null;
    // The reader stands just behind the name: where a line ends there, the tag began on the line before.
    return node.column === 0 ? node.line - 1 : node.line;
  };
}

/** `step` as in `pathOf`: `id`, or `id[2]` where several elements have the name. */
function childAt(parent: XmlNode, step: string): XmlNode | null {
  const [, name, position = "1"] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? [];
  const named = elements(parent).filter((child) => child.name === name);
  const is = (child: XmlNode | undefined): boolean => child !== undefined && pathOf(child).endsWith(`/${step}`);
  // Where names of two namespaces are mixed, the position counts those of one only.
  const direct = named[Number(position) - 1];
  return (is(direct) ? direct : named.find(is)) ?? null;
}

/** `folder`: where the command was called; files in it are named from there, as code hosts want them. */
export function sarifText(
  judged: readonly JudgedFile[],
  suite: Suite,
  lang: Lang,
  folder: string,
  official?: OfficialTreeFacts,
): string {
  const reasons: Readonly<Record<string, string>> = WORDS[lang].reasons;
  return renderSarif({
    toolVersion: toolVersion(suite.root),
    lang,
    checks: suite.checks,
    files: judged.map(({ file, state, reason, findings, official: reports }) => ({
      file,
      uri: uriOf(file, folder),
      notJudged: state === "not_judged" ? (reasons[reason ?? ""] ?? reason ?? "") : null,
      findings,
      ...(reports ? { official: reports } : {}),
    })),
    ...(official ? { official } : {}),
  });
}

function uriOf(file: string, folder: string): string {
  const full = path.resolve(folder, file);
  const relative = path.relative(folder, full);
  if (relative.startsWith("..") || path.isAbsolute(relative)) return pathToFileURL(full).href;
  return relative.split(path.sep).map(encodeURIComponent).join("/");
}

/** Slots put into their text; foreign values with every hidden character made visible. */
function fillMessage(template: string, slots: Finding["slots"]): string {
  return template.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => {
    const value = slots[name];
    return value === undefined ? whole : value === null ? "-" : visible(String(value));
  });
}

/** No time is known of a file; checks that compare with the exchange do not read files. */
const NO_TIME = "1970-01-01T00:00:00.000Z";

function exchangeOf(operation: string, bytes: Uint8Array): Exchange {
  return {
    id: "x0001",
    connection: "c0000",
    direction: "in",
    service: "file",
    operation,
    scenario: null,
    startedAt: NO_TIME,
    endedAt: NO_TIME,
    request: { stream: "file", start: 0, end: bytes.length },
    response: null,
    complete: true,
    faults: [],
    requestBytes: bytes,
    responseBytes: null,
    conn: null,
  };
}

function viewOf(exchange: Exchange): RecordingView {
  return {
    meta: { format: RECORDING_FORMAT, id: "file", startedAt: NO_TIME },
    connections: [],
    exchanges: [exchange],
    events: [],
    runs: [],
  };
}

const WORDS = {
  fr: {
    clean: "aucun écart",
    breach: "écart",
    not_judged: "non jugé",
    remark: "remarque",
    reasons: {
      unreadable: "le fichier ne peut pas être lu : absent, illisible, ou dossier (donnez ses fichiers)",
      too_large: "plus de 100 Mo",
      unknown_kind: "ni CDA, ni archive IHE_XDM, ni courriel, ni message SOAP reconnu",
      no_check_for_kind: "aucun contrôle ne porte encore sur ce type de fichier",
      nothing_to_judge: "le fichier ne contient rien que ces contrôles puissent juger",
      suite_error: "défaut de la suite",
    },
  },
  en: {
    clean: "no breach",
    breach: "breach",
    not_judged: "not judged",
    remark: "remark",
    reasons: {
      unreadable: "the file cannot be read: missing, unreadable, or a folder (give its files)",
      too_large: "more than 100 MB",
      unknown_kind: "not recognised as a CDA, an IHE_XDM archive, a mail or a SOAP message",
      no_check_for_kind: "no check bears on this kind of file yet",
      nothing_to_judge: "the file holds nothing these checks can judge",
      suite_error: "a fault of the suite",
    },
  },
} as const;

function fileText(judged: JudgedFile, lang: Lang): string {
  const words = WORDS[lang];
  const reason = judged.reason ? words.reasons[judged.reason as keyof (typeof words)["reasons"]] : null;
  const lines = [
    `${visible(judged.file)}${judged.kind ? ` (${judged.kind})` : ""}: ${words[judged.state]}${reason ? `, ${reason}` : ""}`,
  ];
  for (const finding of judged.findings) {
    const rows = finding.requirements.length > 0 ? ` [${finding.requirements.join(", ")}]` : "";
    lines.push(`  ${words[finding.weight]} ${finding.check} ${finding.message}: ${finding.text}${rows}`);
    if (finding.location) lines.push(`    ${visible(finding.location)}`);
  }
  if (judged.official) lines.push(...officialText(judged.official, lang));
  return `${lines.join("\n")}\n`;
}
