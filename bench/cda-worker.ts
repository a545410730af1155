/**
 * One process of `npm run bench -- cda`: judges files and answers as JSON on one line how long each took and what memory was needed.
 *   node cda-worker.js own FILE…                  our own rules
 *   node cda-worker.js ENGINE DIR VOLET FILE…     the official rules of DIR by our interpreter, engine `fontoxpath` or `fast`: XSD,
 *                                                 header, IHE, models, ANS models, terminologies and a volet (`-`: the document's own)
 */
import { readFileSync } from "node:fs";
import { openOfficialTree } from "../bin/official/tree.js";
import { withRebuiltVocabularies } from "../bin/official/vocabulary.js";
import { chooseVolet, factsOfDocument, voletNamed, voletsOf } from "../bin/official/volets.js";
import { XSD_ENTRY } from "../bin/official/tree.js";
import { innerDocument } from "../protocols/auto-presentable.js";
import { compileSchematron, prepareDocument, runSchematron, type Schematron } from "../protocols/schematron/index.js";
import { compileXsd } from "../protocols/xsd.js";

export interface WorkerAnswer {
  /** Milliseconds of each file; the first holds what had to be compiled. */
  readonly milliseconds: readonly number[];
  /** Failures found over all files, so that nobody measures a judge that judges nothing. */
  readonly failures: number;
  /** Bytes. */
  readonly peakRss: number;
  /** Seconds of processor, all threads: what other work on the machine changes least. */
  readonly cpu: number;
}

type Judge = (file: string) => number;

/** Schematrons every document goes through, as `segur check --official` does. */
const COMMON = [
  "schematrons/profils/structurationMinimale/ASIP-STRUCT-MIN-StrucMin.sch",
  "schematrons/profils/IHE.sch",
  "schematrons/profils/CI-SIS_ModelesDeContenusCDA.sch",
  "schematrons/profils/CI-SIS_Modeles_ANS.sch",
  "schematrons/profils/terminologies/schematron/terminologie.sch",
];

/** The command itself, but for its printing. Loaded here only: a process of the official rules does not pay for it. */
async function ownRules(): Promise<Judge> {
  const [{ judgeFile }, { openSuite }] = await Promise.all([
    import("../bin/commands/check.js"),
    import("../bin/suite.js"),
  ]);
  const suite = openSuite();
  return (file) => judgeFile(file, suite, "en").findings.length;
}

function officialRules(engine: "fontoxpath" | "fast", dir: string, given: string): Judge {
  const tree = openOfficialTree(dir);
  const volets = voletsOf(tree.files);
  const [header = ""] = COMMON;
  const { files } = withRebuiltVocabularies(tree.files, header);
  const compiled = new Map<string, Schematron>();
  const schematron = (entry: string): Schematron => {
    const made = compiled.get(entry) ?? compileSchematron(files, entry);
    compiled.set(entry, made);
    return made;
  };
  const xsd = compileXsd(tree.files, XSD_ENTRY);
  return (file) => {
    const { bytes, root } = innerDocument(readFileSync(file));
    if (!root) return 0;
    const chosen = given === "-" ? chooseVolet(factsOfDocument(root), volets) : null;
    const volet =
      chosen === null ? voletNamed(given, volets)?.entry : "volet" in chosen ? chosen.volet.entry : undefined;
    const checked = xsd.validate(bytes, root);
    const input = prepareDocument(bytes);
    const entries = volet === undefined ? COMMON : [...COMMON, volet];
    return entries.reduce(
      (sum, entry) => sum + runSchematron(schematron(entry), input, { engine }).failures.length,
      "findings" in checked ? checked.findings.length : 0,
    );
  };
}

const [mode = "", ...words] = process.argv.slice(2);
const started = performance.now();
let files = words;
let judge: Judge;
if (mode === "own") {
  judge = await ownRules();
} else {
  const [dir = "", volet = "-", ...rest] = words;
  files = rest;
  judge = officialRules(mode === "fast" ? "fast" : "fontoxpath", dir, volet);
}
let last = started;
let failures = 0;
const milliseconds = files.map((file) => {
  failures += judge(file);
  const now = performance.now();
  const taken = now - last;
  last = now;
  return taken;
});
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const answer: WorkerAnswer = {
  milliseconds,
  failures,
  peakRss: maxRSS * 1024,
  cpu: (userCPUTime + systemCPUTime) / 1e6,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
