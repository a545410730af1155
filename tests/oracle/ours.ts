/** What the product's own interpreter says, in the words of the numbered schematron, so that the two can be laid side by side. */
import { readFileSync } from "node:fs";
import { openOfficialTree, type OfficialTree } from "../../bin/official/tree.js";
import { withRebuiltVocabularies } from "../../bin/official/vocabulary.js";
import {
  compileSchematron,
  prepareDocument,
  runSchematron,
  type Schematron,
  type SchematronEngine,
  type SchematronInput,
} from "../../protocols/schematron/index.js";
import { XmlError } from "../../protocols/xml.js";
import type { Sample } from "./mutants.js";
import { normalised, type SeenFailure } from "./svrl.js";
import type { NumberedSchema } from "./rules.js";
import type { Layer } from "./tree.js";

export interface OurError {
  readonly code: string;
  /** `r3/a12`, or the interpreter's own key where that is not an assertion. */
  readonly assertion: string;
  readonly detail: string;
}

export interface OurVerdict {
  /** Expressions that could not be evaluated; empty when all went well. */
  readonly errors: readonly OurError[];
  readonly fired: number;
  readonly failures: readonly SeenFailure[];
}

export interface OurLayer {
  readonly milliseconds: number;
  judge(input: SchematronInput): OurVerdict;
}

export function openTree(dir: string): OfficialTree {
  return openOfficialTree(dir);
}

/** The document once for all layers; null with the reason when it is not XML we accept. */
export function readSample(sample: Sample): SchematronInput | string {
  try {
    return prepareDocument(readFileSync(sample.file));
  } catch (error) {
    if (error instanceof XmlError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** Throws SchematronError when the rules cannot be used. */
export function openLayer(
  tree: OfficialTree,
  layer: Layer,
  engine: SchematronEngine,
  numbered: NumberedSchema,
): OurLayer {
  const started = performance.now();
  const files = layer.id === "header" ? withRebuiltVocabularies(tree.files, layer.entry).files : tree.files;
  const schematron = compileSchematron(files, layer.entry);
  const milliseconds = performance.now() - started;
  const ids = idsByKey(numbered, schematron);
  return {
    milliseconds,
    judge: (input) => {
      const run = runSchematron(schematron, input, { engine });
      return {
        errors: run.errors.map(({ code, key, detail }) => ({
          code,
          assertion: ids.get(key)?.join("/") ?? key,
          detail,
        })),
        fired: run.firedRules,
        failures: run.failures.map((failure) => {
          const [rule = "?", assertion = failure.key] = ids.get(failure.key) ?? [];
          return { rule, assertion, kind: failure.kind, location: failure.location, text: normalised(failure.text) };
        }),
      };
    },
  };
}

/** Rule and assertion of the numbered schematron by the interpreter's key. Throws when the two count differently. */
function idsByKey(numbered: NumberedSchema, schematron: Schematron): ReadonlyMap<string, readonly [string, string]> {
  const ids = new Map<string, readonly [string, string]>();
  for (const rule of numbered.active) {
    const pattern = rule.patternId ?? `#${rule.pattern + 1}`;
    rule.assertions.forEach((assertion, index) => {
      ids.set(`${pattern}/${rule.place + 1}/${index + 1}`, [rule.id, assertion.id]);
    });
  }
  const counted = numbered.active.reduce((sum, rule) => sum + rule.assertions.length, 0);
  if (schematron.assertions !== counted) {
    throw new Error(
      `${schematron.entry}: ${schematron.assertions} assertions for us, ${counted} in the expanded schematron`,
    );
  }
  return ids;
}
