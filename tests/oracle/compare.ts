/** Two verdicts on one document, assertion by assertion. */
import { createHash } from "node:crypto";
import type { NumberedSchema } from "./rules.js";
import type { SeenFailure, Verdict } from "./svrl.js";
import type { OurVerdict } from "./ours.js";

export type DifferenceKind = "error" | "fired" | "only-theirs" | "only-ours" | "text";

export interface Difference {
  readonly kind: DifferenceKind;
  /** `r3/a12`, empty when the whole document is meant. */
  readonly assertion: string;
  readonly location: string;
  readonly theirs: string;
  readonly ours: string;
}

const key = (failure: SeenFailure): string =>
  `${failure.rule}/${failure.assertion} ${failure.kind} ${failure.location}`;

/**
 * A message, attributes it lists (`use="MC" value="x"`) sorted: XPath leaves the order of attributes to the implementation, so that
 * another order is no disagreement.
 */
export function comparable(text: string): string {
  return text.replace(/(?: [\w:.-]+="[^"]*"){2,}/g, (list) => (list.match(/ [\w:.-]+="[^"]*"/g) ?? []).sort().join(""));
}

function byKey(failures: readonly SeenFailure[]): Map<string, SeenFailure[]> {
  const map = new Map<string, SeenFailure[]>();
  for (const failure of failures) map.set(key(failure), [...(map.get(key(failure)) ?? []), failure]);
  return map;
}

/**
 * Assertions that name a file the tree lacks. Saxon warns and reads nothing there, so that they fail for every value; the interpreter says
 * that they cannot be evaluated. Meant so, and known of the tree: they are left out, and counted in the record.
 */
export function withoutFile(ours: OurVerdict): ReadonlySet<string> {
  return new Set(ours.errors.filter((error) => error.code === "missing_document").map((error) => error.assertion));
}

export function leftOver(failures: readonly SeenFailure[], out: ReadonlySet<string>): readonly SeenFailure[] {
  return out.size === 0 ? failures : failures.filter((each) => !out.has(`${each.rule}/${each.assertion}`));
}

/** Where Saxon gives up we must say that an expression could not be evaluated; nothing more can be compared then. */
export function compare(theirs: Verdict, ours: OurVerdict): Difference[] {
  const whole = (kind: DifferenceKind, a: string, b: string): Difference => ({
    kind,
    assertion: "",
    location: "",
    theirs: a,
    ours: b,
  });
  if (theirs.error !== null) {
    return ours.errors.length > 0 ? [] : [whole("error", theirs.error, `${ours.failures.length} failures, no error`)];
  }
  const first = ours.errors.find((error) => error.code !== "missing_document");
  if (first !== undefined) {
    const said = `${first.code} ${first.assertion}: ${first.detail}`;
    return [whole("error", `${theirs.failures.length} failures, no error`, said)];
  }
  const differences: Difference[] = [];
  const fired = Object.values(theirs.fired).reduce((sum, times) => sum + times, 0);
  if (fired !== ours.fired) differences.push(whole("fired", String(fired), String(ours.fired)));
  const [left, right] = [byKey(leftOver(theirs.failures, withoutFile(ours))), byKey(ours.failures)];
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(name) ?? [], right.get(name) ?? []];
    const one = a[0] ?? b[0];
    if (!one) continue;
    const place = { assertion: `${one.rule}/${one.assertion}`, location: one.location };
    for (let i = b.length; i < a.length; i += 1)
      differences.push({ kind: "only-theirs", ...place, theirs: "fails", ours: "" });
    for (let i = a.length; i < b.length; i += 1)
      differences.push({ kind: "only-ours", ...place, theirs: "", ours: "fails" });
    const texts = (list: readonly SeenFailure[]): string[] => list.map((failure) => comparable(failure.text)).sort();
    texts(a).forEach((text, index) => {
      const other = texts(b)[index];
      if (other !== undefined && other !== text)
        differences.push({ kind: "text", ...place, theirs: text, ours: other });
    });
  }
  return differences;
}

/** How many times an assertion was evaluated for a document: those of every rule that was applied. */
export function evaluations(theirs: Verdict, numbered: NumberedSchema): number {
  return numbered.active.reduce((sum, rule) => sum + (theirs.fired[rule.id] ?? 0) * rule.assertions.length, 0);
}

/** The canonical list of a layer, digested: documents by digest, each with its verdict. No text of a rule can be read back. */
export class VerdictDigest {
  readonly #lines: string[] = [];

  add(document: string, error: boolean, fired: number, failures: readonly SeenFailure[]): void {
    const seen = failures.map((failure) => `${key(failure)} ${sha256(comparable(failure.text))}`).sort();
    this.#lines.push(JSON.stringify(error ? [document, "error"] : [document, fired, seen]));
  }

  hex(): string {
    return sha256(this.#lines.sort().join("\n"));
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
