/**
 * Scenarios drawn from a seed: what they hold of the fixtures' identities becomes what was drawn for them, each document and
 * each mail bears a word nobody could know before, and the order is shuffled. docs/challenge.md says what is drawn.
 */
import { byCodeUnit, type Scenario } from "../../core/model/index.js";
import { drawIdentities, likeDate, replaceTexts } from "./draw.js";
import type { Identities } from "./identities.js";
import { diceOf, wordOf } from "./seeded.js";

export interface DrawnSession {
  readonly identities: Identities;
  /** Each as it is played, in the order given. */
  readonly scenarios: readonly Scenario[];
}

/** Everything that a run of a challenge is played with. `seed`: 32 bytes. */
export function drawSession(identities: Identities, scenarios: readonly Scenario[], seed: Uint8Array): DrawnSession {
  const drawn = drawIdentities(identities, seed);
  return {
    identities: drawn,
    scenarios: scenarios.map((scenario) => drawScenario(scenario, { identities, drawn, seed })),
  };
}

/** A scenario with the drawn identities wherever its values, faults and steps held those of the fixtures, and its own words. */
export function drawScenario(
  scenario: Scenario,
  { identities, drawn, seed }: { identities: Identities; drawn: Identities; seed: Uint8Array },
): Scenario {
  const known = knownTexts(identities, drawn);
  const find = ({ patients }: Identities) => patients.find(({ key }) => key === scenario.patient?.key);
  const [before, after] = [find(identities), find(drawn)];
  // A date is one beside the patient's own: another day, month 00.
  const replace = (text: string): string =>
    known.get(text) ??
    (before && after && /^\d{4}-\d\d-\d\d$/.test(text) ? likeDate(text, before.birthDate, after.birthDate) : text);
  return {
    ...scenario,
    ...(scenario.values ? { values: withWords(replaceTexts(scenario.values, replace), scenario.id, seed) } : {}),
    ...(scenario.faults
      ? {
          faults: scenario.faults.map((fault) =>
            fault.args ? { ...fault, args: replaceTexts(fault.args, replace) } : fault,
          ),
        }
      : {}),
    steps: scenario.steps.map((step) => {
      if ("operation" in step) return step.input ? { ...step, input: replaceTexts(step.input, replace) } : step;
      if (!("control" in step) || !step.control.args) return step;
      return { control: { ...step.control, args: replaceTexts(step.control.args, replace) } };
    }),
  };
}

/** Texts that designate one person of the fixtures, and what they became. A matricule is also known without its key. */
function knownTexts(before: Identities, after: Identities): Map<string, string> {
  const known = new Map<string, string>();
  for (const [index, patient] of before.patients.entries()) {
    const drawn = after.patients[index];
    if (!drawn) continue;
    const numbers = [patient.ins, ...patient.history].map((one) => one?.matricule ?? "");
    const drawnNumbers = [drawn.ins, ...drawn.history].map((one) => one?.matricule ?? "");
    for (const [i, number] of numbers.entries()) {
      if (number === "") continue;
      known.set(number, drawnNumbers[i] ?? "");
      known.set(number.slice(0, 13), (drawnNumbers[i] ?? "").slice(0, 13));
    }
    known.set(patient.localId, drawn.localId);
    known.set(patient.birthName, drawn.birthName);
    if (patient.usedName !== undefined) known.set(patient.usedName, drawn.usedName ?? "");
  }
  for (const [index, professional] of before.professionals.entries()) {
    const drawn = after.professionals[index];
    if (!drawn) continue;
    known.set(professional.nationalId, drawn.nationalId);
    known.set(professional.familyName, drawn.familyName);
  }
  return known;
}

/** Beginning of every word added to a document or a mail. */
const WORD = "REF";

/** Adds a word to title and text of each document, and to each body of a mail. One word per document: two differ. */
function withWords(
  values: Readonly<Record<string, unknown>>,
  scenario: string,
  seed: Uint8Array,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const word = wordOf(diceOf(seed, `word:${scenario}:${name}`), WORD, 5);
      const add = (text: unknown): unknown => (typeof text === "string" ? `${text} ${word}` : text);
      if (name === "body" || name === "subject") return [name, add(value)];
      if (!isDocument(value)) return [name, value];
      return [name, { ...value, title: add(value.title), text: add(value.text) }];
    }),
  );
}

function isDocument(value: unknown): value is { readonly title: unknown; readonly text: unknown } {
  return typeof value === "object" && value !== null && "typeCode" in value && "title" in value && "text" in value;
}

/** The words that were added to the values of a drawn scenario. */
export function wordsOf(values: Readonly<Record<string, unknown>>): string[] {
  const words = new Set<string>();
  replaceTexts(values, (text) => {
    const word = new RegExp(` (${WORD}[A-Z]{10})$`).exec(text)?.[1];
    if (word !== undefined) words.add(word);
    return text;
  });
  return [...words];
}

/**
 * A shuffle in which a control comes before the scenarios that lean on it, and those that fault a certificate or a listener
 * come last: what they do to a software must not spoil the others. Depends on ids only, so that a plan and its copy agree.
 */
export function drawOrder(scenarios: readonly Scenario[], seed: Uint8Array): Scenario[] {
  const drawn = scenarios
    .map((scenario) => ({ scenario, rank: diceOf(seed, `turn:${scenario.id}`).below(2 ** 32) }))
    .sort(
      (a, b) =>
        Number(a.scenario.exclusive ?? false) - Number(b.scenario.exclusive ?? false) ||
        a.rank - b.rank ||
        byCodeUnit(a.scenario.id, b.scenario.id),
    )
    .map(({ scenario }) => scenario);
  const placed = new Set<Scenario>();
  for (const scenario of drawn) {
    const control = drawn.find((one) => one.id === scenario.control);
    if (control) placed.add(control);
    placed.add(scenario);
  }
  return [...placed];
}
