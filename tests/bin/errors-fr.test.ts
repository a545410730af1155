/** Every sentence that an error can say has its French: read from the sources, so that a new one cannot be forgotten. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { french } from "../../bin/errors-fr.js";
import { packageRoot } from "../../core/model/index.js";

const root = packageRoot(import.meta.url);
const ROOMS = ["bin", "core", "drivers", "services"];

/** Errors that only a fault of the suite itself raises: nobody but us reads them. */
const OURS = new Set(["ERR_SPEC", "ERR_INTERNAL"]);

interface Said {
  readonly text: string;
  readonly at: string;
}

/** The texts of `new SuiteError(code, what, { mend })` in a file; holes of templates are filled with a sample word. */
function said(file: string): Said[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
  const found: Said[] = [];
  const take = (node: ts.Expression | undefined): void => {
    if (!node) return;
    const at = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isStringLiteralLike(node)) found.push({ text: node.text, at });
    else if (ts.isTemplateExpression(node)) {
      found.push({ text: node.head.text + node.templateSpans.map((span) => `7${span.literal.text}`).join(""), at });
    } else if (ts.isConditionalExpression(node)) {
      take(node.whenTrue);
      take(node.whenFalse);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === "SuiteError") {
      const [code, what, facts] = node.arguments ?? [];
      const name = code && ts.isStringLiteralLike(code) ? code.text : "";
      if (!OURS.has(name)) {
        take(what);
        if (facts && ts.isObjectLiteralExpression(facts)) {
          for (const member of facts.properties) {
            if (ts.isPropertyAssignment(member) && member.name.getText() === "mend") take(member.initializer);
          }
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const sources = ROOMS.flatMap((room) =>
  readdirSync(path.join(root, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${room}/${name.replaceAll("\\", "/")}`),
);

describe("French of errors", () => {
  it("finds the sentences", () => {
    expect(sources.flatMap(said).length).to.be.greaterThan(100);
  });

  it("has a translation of what the schemas of files that people write say they expect", () => {
    const expected = new Set<string>();
    const walk = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const { description } = value as { readonly description?: unknown };
      if (typeof description === "string") expected.add(description);
      for (const member of Object.values(value)) walk(member);
    };
    for (const name of ["segur", "dossier", "trust", "review", "rules"]) {
      walk(JSON.parse(readFileSync(path.join(root, "specs", "schemas", `${name}.schema.json`), "utf8")));
    }
    expect(expected.size).to.be.greaterThan(30);
    const lacking = [...expected].filter((text) => {
      const whole = french(`Write it out. Expected: ${text}.`);
      return whole === `Écrivez-le. Attendu : ${text}.`;
    });
    expect(lacking).to.deep.equal([]);
  });

  it("has a translation of each", () => {
    const lacking = sources.flatMap(said).filter(({ text }) => french(text) === null);
    expect(lacking.map(({ text, at }) => `${at}: ${text}`)).to.deep.equal([]);
  });
});
