/** Spoils one place of one JSON file of a good bundle, by a seed: what is signed and well formed may still have any shape. */
import type { Forgery, Loose } from "./forge.js";

export const SPOILABLE = [
  "run.json",
  "result.json",
  "recording/recording.json",
  "recording/events.jsonl",
  "recording/exchanges.jsonl",
  "recording/connections.jsonl",
  "recording/segments.jsonl",
] as const;

const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  2 ** 53,
  "",
  "x".repeat(5000),
  "2026-11-21T18:25:00.000Z",
  "__proto__",
  "\u0000\u202e\u001b[2J",
  [],
  [[], {}],
  {},
  JSON.parse('{"__proto__":{"id":"x"},"constructor":1,"toString":2,"length":-1}'),
];

/** `pick(n)` gives a whole number below n. */
export function spoil(forgery: Forgery, pick: (below: number) => number): string {
  const name = SPOILABLE[pick(SPOILABLE.length)] ?? "run.json";
  const lines = name.endsWith(".jsonl");
  const text = forgery.text(name);
  const records = lines ? text.split("\n").filter((line) => line !== "") : [text];
  const at = pick(records.length);
  const value = JSON.parse(records[at] ?? "null");
  const path = spoilInside(value, pick);
  records[at] = JSON.stringify(value);
  forgery.put(name, `${records.join("\n")}\n`);
  return `${name}:${at + 1} ${path}`;
}

/** Goes down a few steps and replaces, removes or adds a member there. */
function spoilInside(root: Loose, pick: (below: number) => number): string {
  let holder = root;
  const path: string[] = [];
  for (;;) {
    const keys = Object.keys(holder as object);
    const key = keys[pick(keys.length)];
    if (key === undefined || pick(12) === 0) {
      holder[ADDED] = ODD[pick(ODD.length)];
      return [...path, ADDED].join(".");
    }
    path.push(key);
    const next = holder[key];
    if (typeof next === "object" && next !== null && pick(4) > 0) {
      holder = next;
      continue;
    }
    if (pick(6) === 0) {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
    } else holder[key] = ODD[pick(ODD.length)];
    return path.join(".");
  }
}

const ADDED = "added";
