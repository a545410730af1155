/**
 * One small schematron per trap, with the verdict it must give stored beside it. The verdicts were compared with those of
 * the ISO skeleton on Saxon-HE 9.9 (`npm run oracle` does it again); both our engines must give them.
 */
import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../core/model/root.js";
import {
  compileSchematron,
  prepareDocument,
  runSchematron,
  SchematronError,
  type RuleFiles,
  type SchematronEngine,
  type SchematronRun,
} from "../../../protocols/schematron/index.js";

const CASES = join(packageRoot(import.meta.url), "tests/protocols/schematron/cases");

interface Expected {
  readonly why: string;
  readonly entry?: string;
  /** The rules cannot be used. */
  readonly refused?: { readonly code: string; readonly file: string; readonly line: number };
  /** fontoxpath is known to differ from the official engine here; only the fast evaluator is held to the verdict. */
  readonly fastOnly?: boolean;
  readonly assertions?: number;
  readonly caseFixes?: unknown;
  readonly documents?: unknown;
  readonly firedRules?: number;
  readonly failures?: readonly unknown[];
  readonly errors?: readonly unknown[];
}

function filesOf(name: string): RuleFiles {
  const found = readdirSync(join(CASES, name), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) =>
      join(e.parentPath, e.name)
        .slice(join(CASES, name).length + 1)
        .replaceAll("\\", "/"),
    );
  return { read: (path) => (found.includes(path) ? readFileSync(join(CASES, name, path)) : null), paths: () => found };
}

function shown(run: SchematronRun): unknown {
  return {
    firedRules: run.firedRules,
    failures: run.failures.map(({ key, kind, role, see, location, path, line, text }) => ({
      key,
      kind,
      role,
      see,
      location,
      path,
      line,
      text,
    })),
    errors: run.errors.map(({ key, code, location, count }) => ({ key, code, location, count })),
  };
}

describe("schematron: one case per trap", () => {
  const names = readdirSync(CASES).sort();

  it("has its cases, none without anything to find", () => {
    expect(names.length).to.be.greaterThan(40);
    for (const name of names) {
      const expected = JSON.parse(readFileSync(join(CASES, name, "expected.json"), "utf8")) as Expected;
      const silent = expected.refused === undefined && expected.failures?.length === 0 && expected.errors?.length === 0;
      // Two cases are about rules that do not fire.
      expect(silent, name).to.equal(name === "wrong-root");
    }
  });

  for (const name of names) {
    const expected = JSON.parse(readFileSync(join(CASES, name, "expected.json"), "utf8")) as Expected;
    const entry = expected.entry ?? "rules.sch";

    if (expected.refused) {
      it(`${name}: refused. ${expected.why}`, () => {
        let error: unknown = null;
        try {
          compileSchematron(filesOf(name), entry);
        } catch (thrown) {
          error = thrown;
        }
        expect(error).to.be.instanceOf(SchematronError);
        if (error instanceof SchematronError) {
          expect({ code: error.code, file: error.file, line: error.line }).to.deep.equal(expected.refused);
        }
      });
      continue;
    }

    const engines: readonly SchematronEngine[] = expected.fastOnly ? ["fast"] : ["fast", "fontoxpath"];
    for (const engine of engines) {
      it(`${name} (${engine}): ${expected.why}`, () => {
        const rules = compileSchematron(filesOf(name), entry);
        expect(rules.assertions).to.equal(expected.assertions);
        expect(rules.caseFixes).to.deep.equal(expected.caseFixes ?? []);
        expect(rules.documents).to.deep.equal(expected.documents ?? []);
        const input = prepareDocument(readFileSync(join(CASES, name, "document.xml")));
        const { firedRules, failures, errors } = expected;
        expect(shown(runSchematron(rules, input, { engine }))).to.deep.equal({ firedRules, failures, errors });
        // Nothing of one run is left in the next.
        expect(shown(runSchematron(rules, input, { engine }))).to.deep.equal({ firedRules, failures, errors });
      });
    }
  }
});
