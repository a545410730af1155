/** Judges one CDA by the official rules of a tree, layer by layer. Rules are compiled once and kept for the documents that follow. */
import { createHash } from "node:crypto";
import type {
  OfficialFailure,
  OfficialLayer,
  OfficialLayerId,
  OfficialReason,
  OfficialReport,
  OfficialState,
  OfficialVolet,
} from "../../core/model/index.js";
import { SuiteError } from "../../core/model/index.js";
import { innerDocument } from "../../protocols/auto-presentable.js";
import {
  compileSchematron,
  prepareDocument,
  type RuleFiles,
  runSchematron,
  type Schematron,
  SchematronError,
  type SchematronInput,
  type SchematronRun,
} from "../../protocols/schematron/index.js";
import { attr, child, type XmlNode, XmlError } from "../../protocols/xml.js";
import { compileXsd, XsdError, type XsdSchema } from "../../protocols/xsd.js";
import { uncheckedSystems } from "./terminologies.js";
import { type OfficialTree, openOfficialTree, XSD_ENTRY } from "./tree.js";
import { withRebuiltVocabularies } from "./vocabulary.js";
import { type Chosen, chooseVolet, factsOfDocument, type Volet, voletNamed, voletsOf } from "./volets.js";

/** Schematrons every document goes through, in the order of the agency's own procedure but for the header, which comes first. */
const COMMON: readonly (readonly [OfficialLayerId, string])[] = [
  ["header", "schematrons/profils/structurationMinimale/ASIP-STRUCT-MIN-StrucMin.sch"],
  ["ihe", "schematrons/profils/IHE.sch"],
  ["models", "schematrons/profils/CI-SIS_ModelesDeContenusCDA.sch"],
  ["ans-models", "schematrons/profils/CI-SIS_Modeles_ANS.sch"],
  ["terminologies", "schematrons/profils/terminologies/schematron/terminologie.sch"],
];

/** Failures kept of one layer; the others are counted. */
const FAILURES_MAX = 50;
const TEXT_MAX = 400;
/** Roles of rules that do not reject. */
const SOFT = /^(?:warn(?:ing)?|info(?:rmation)?|hint)$/i;

export interface OfficialJudge {
  readonly tree: OfficialTree;
  readonly volets: readonly Volet[];
  /** Never throws for what stands in `bytes`. */
  judge(bytes: Uint8Array): OfficialReport;
  /** Parts of the tree that cannot be used, found by compiling them all. */
  unusable(): readonly { readonly name: string; readonly code: OfficialReason; readonly where: string | null }[];
  dispose(): void;
}

/** `volet`: the one to judge by, whatever the documents say. Throws SuiteError ERR_OFFICIAL when the tree has none of that name. */
export function openOfficialJudge(
  tree: OfficialTree,
  options: { readonly volet?: string | undefined } = {},
): OfficialJudge {
  const volets = voletsOf(tree.files);
  const given = options.volet === undefined ? null : demandVolet(options.volet, volets);
  const rules = new Rules(tree);
  return {
    tree,
    volets,
    judge: (bytes) => judgeDocument(bytes, rules, volets, given),
    unusable: () => {
      const entries = [...COMMON, ...volets.map(({ entry }) => ["volet", entry] as const)];
      const schematrons = entries.map(([id, entry]) => ({ name: entry, made: rules.schematron(id, entry) }));
      return [{ name: XSD_ENTRY, made: rules.xsd() }, ...schematrons].flatMap(({ name, made }) =>
        "code" in made ? [{ name, ...made }] : [],
      );
    },
    dispose: () => rules.dispose(),
  };
}

/** As the options `--official` and `--volet` ask; null without them. Throws SuiteError ERR_OFFICIAL or ERR_USAGE. */
export function openOfficial({
  official,
  volet,
}: {
  readonly official?: string;
  readonly volet?: string;
}): OfficialJudge | null {
  if (official !== undefined) return openOfficialJudge(openOfficialTree(official), { volet });
  if (volet === undefined) return null;
  throw new SuiteError("ERR_USAGE", "--volet stands without --official", {
    mend: "give the folder of the official rules with --official",
  });
}

function demandVolet(name: string, volets: readonly Volet[]): Volet {
  const volet = voletNamed(name, volets);
  if (volet) return volet;
  const known = volets.map(({ entry }) => entry.slice(entry.lastIndexOf("/") + 1));
  throw new SuiteError("ERR_OFFICIAL", `the official rules have no volet ${name}`, {
    mend: `name one of: ${known.join(", ")}`,
  });
}

type Unusable = { readonly code: OfficialReason; readonly where: string | null };

/** Compiled rules of a tree. */
class Rules {
  readonly tree: OfficialTree;
  private readonly schematrons = new Map<string, Compiled | Unusable>();
  private schema: XsdSchema | Unusable | null = null;

  constructor(tree: OfficialTree) {
    this.tree = tree;
  }

  xsd(): XsdSchema | Unusable {
    this.schema ??= this.compileSchema();
    return this.schema;
  }

  private compileSchema(): XsdSchema | Unusable {
    try {
      return compileXsd(this.tree.files, XSD_ENTRY);
    } catch (error) {
      if (!(error instanceof XsdError)) throw error;
      const codes = { missing_file: "missing_include", not_schema: "bad_rules", too_large: "too_large" } as const;
      return { code: codes[error.code], where: error.file };
    }
  }

  schematron(id: OfficialLayerId, entry: string): Compiled | Unusable {
    const known = this.schematrons.get(entry);
    if (known) return known;
    const made = compile(id, entry, this.tree.files);
    this.schematrons.set(entry, made);
    return made;
  }

  dispose(): void {
    if (this.schema && "dispose" in this.schema) this.schema.dispose();
    this.schema = null;
    this.schematrons.clear();
  }
}

interface Compiled {
  readonly schematron: Schematron;
  readonly rebuilt: readonly string[];
}

function compile(id: OfficialLayerId, entry: string, files: RuleFiles): Compiled | Unusable {
  const made = id === "header" ? withRebuiltVocabularies(files, entry) : { files, rebuilt: [] };
  try {
    return { schematron: compileSchematron(made.files, entry), rebuilt: made.rebuilt };
  } catch (error) {
    if (!(error instanceof SchematronError)) throw error;
    const at = error.line === null ? error.file : `${error.file}:${error.line}`;
    // The sentence of the error may be an engine's; the name it quotes is the tree's.
    const quoted = error.code === "missing_include" ? /"([^"]*)"/.exec(error.detail)?.[1] : undefined;
    return { code: reasonOf(error.code), where: quoted === undefined ? at : `${at}: ${quoted}` };
  }
}

function reasonOf(code: SchematronError["code"]): OfficialReason {
  if (code === "missing_entry") return "not_in_tree";
  if (code === "missing_include") return "missing_include";
  return code === "limit" ? "too_large" : "bad_rules";
}

function judgeDocument(bytes: Uint8Array, rules: Rules, volets: readonly Volet[], given: Volet | null): OfficialReport {
  const base = { sha256: createHash("sha256").update(bytes).digest("hex"), size: bytes.length };
  const nothing = (problem: string): OfficialReport => ({
    ...base,
    state: "not_judged",
    problem,
    unwrapped: false,
    volet: null,
    layers: [],
  });
  try {
    const inner = innerDocument(bytes);
    if (!inner.root) return nothing("not_cda");
    const chosen: Chosen = given ? givenVolet(given) : chooseVolet(factsOfDocument(inner.root), volets);
    // Lines of a document taken out of its style sheet are those of the file: `innerDocument` keeps them.
    const input = prepareDocument(inner.bytes);
    const own = voletLayer(rules, chosen, input);
    const layers = [
      xsdLayer(rules, inner.bytes, inner.root),
      ...COMMON.map(([id, entry]) => schematronLayer(rules, id, entry, input, inner.root)),
      own,
    ];
    const volet = "volet" in chosen ? { ...chosen.volet, passes: otherPasses(rules, chosen.volet, own, input) } : null;
    return { ...base, state: stateOf(layers), problem: null, unwrapped: inner.unwrapped, volet, layers };
  } catch (error) {
    if (error instanceof XmlError) return nothing(error.code);
    throw error;
  }
}

function givenVolet({ entry }: Volet): Chosen {
  return { volet: { entry, choice: "given", template: null, asked: null, others: [], passes: [] } };
}

function stateOf(layers: readonly OfficialLayer[]): OfficialState {
  if (layers.some(({ state }) => state === "failed")) return "rejected";
  return layers.some(({ state, applies }) => state === "not_run" && applies) ? "incomplete" : "accepted";
}

const EMPTY: Omit<OfficialLayer, "id" | "entry" | "state"> = {
  reason: null,
  applies: true,
  rebuilt: [],
  caseFixes: 0,
  unchecked: [],
  failed: 0,
  warned: 0,
  failures: [],
  warnings: [],
};

function notRun(id: OfficialLayerId, entry: string | null, reason: Unusable, applies = true): OfficialLayer {
  return { ...EMPTY, id, entry, state: "not_run", reason, applies };
}

function xsdLayer(rules: Rules, bytes: Uint8Array, root: XmlNode): OfficialLayer {
  const schema = rules.xsd();
  if ("code" in schema) return notRun("xsd", XSD_ENTRY, schema);
  const result = schema.validate(bytes, root);
  if ("problem" in result) return notRun("xsd", XSD_ENTRY, { code: "engine", where: null });
  const failures = result.findings.map(({ code, subject, path, line }): OfficialFailure => ({
    key: code,
    role: null,
    path,
    line,
    text: subject,
  }));
  return {
    ...EMPTY,
    id: "xsd",
    entry: XSD_ENTRY,
    state: failures.length > 0 ? "failed" : "passed",
    failed: failures.length,
    failures: failures.slice(0, FAILURES_MAX),
  };
}

function schematronLayer(
  rules: Rules,
  id: OfficialLayerId,
  entry: string,
  input: SchematronInput,
  root: XmlNode | null,
): OfficialLayer {
  const compiled = rules.schematron(id, entry);
  if ("code" in compiled) return notRun(id, entry, compiled);
  const run = runSchematron(compiled.schematron, input);
  const soft = run.failures.filter(({ role }) => role !== null && SOFT.test(role));
  const hard = run.failures.filter((failure) => !soft.includes(failure));
  const reason = reasonOfRun(run) ?? (id === "header" && hard.length === 0 ? silence(root) : null);
  return {
    ...EMPTY,
    id,
    entry,
    state: reason ? "not_run" : hard.length > 0 ? "failed" : "passed",
    reason,
    rebuilt: compiled.rebuilt,
    caseFixes: compiled.schematron.caseFixes.length,
    unchecked: id === "terminologies" && root ? uncheckedSystems(root, entry, rules.tree) : [],
    failed: hard.length,
    warned: soft.length,
    failures: hard.slice(0, FAILURES_MAX).map(failureOf),
    warnings: soft.slice(0, FAILURES_MAX).map(failureOf),
  };
}

/** HL7 CDA R2 §4.2.1.1: the fixed typeId. The header rules hang on it: without it they only warn, whatever else is wrong. */
function silence(root: XmlNode | null): Unusable | null {
  const typeId = child(root, "typeId");
  if (attr(typeId, "root") === "2.16.840.1.113883.1.3" && attr(typeId, "extension") === "POCD_HD000040") return null;
  return { code: "silenced", where: null };
}

/** An expression that cannot be evaluated stops the official engine: what else was found does not make the layer a judgement. */
function reasonOfRun(run: SchematronRun): Unusable | null {
  const [error] = run.errors;
  if (!error) return null;
  const codes = { missing_document: "missing_document", bad_document: "bad_document", limit: "too_large" } as const;
  const code = error.code in codes ? codes[error.code as keyof typeof codes] : "rule_errors";
  const named = code === "rule_errors" ? error.key : `${error.key}: ${error.detail}`;
  return { code, where: named.slice(0, TEXT_MAX) };
}

function failureOf({ key, role, path, line, text }: SchematronRun["failures"][number]): OfficialFailure {
  return { key, role, path: path.startsWith("/") ? path : `/${path}`, line, text: cutText(text) };
}

function cutText(text: string): string {
  if (text.length <= TEXT_MAX) return text;
  // Never half a pair.
  return `${text.slice(0, TEXT_MAX).replace(/[\ud800-\udbff]$/, "")}…`;
}

function voletLayer(rules: Rules, chosen: Chosen, input: SchematronInput): OfficialLayer {
  if ("reason" in chosen) return notRun("volet", null, { code: chosen.reason, where: chosen.where }, chosen.applies);
  return schematronLayer(rules, "volet", chosen.volet.entry, input, null);
}

/** A document that writes no version was judged by the newest: whoever made it for an older one must be able to see that. */
function otherPasses(
  rules: Rules,
  { choice, asked, others }: OfficialVolet,
  own: OfficialLayer,
  input: SchematronInput,
): readonly string[] {
  if (choice !== "newest" || asked !== null || own.state === "passed") return [];
  return others.filter((entry) => schematronLayer(rules, "volet", entry, input, null).state === "passed");
}
