/** Where two JSON values differ. Foreign values: bounded in depth and in what is kept of them; members are own members only. */
import { byCodeUnit } from "../model/index.js";

/** What is shown of a value: texts, numbers and constants as they are (long texts cut), lists and blocks as a short JSON text. */
export type Shown = string | number | boolean | null;

/** One place where two values differ; `undefined` where one side has nothing. */
export interface Place {
  /** `findings[0].slots.value`; empty for the whole value. */
  readonly path: string;
  readonly claimed: unknown;
  readonly recomputed: unknown;
}

/** A result is nine levels deep; whatever is deeper is told as different where it begins. */
const MAX_DEPTH = 32;
const MAX_PREVIEW = 200;
const MAX_PATH = 200;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of its own, or undefined: `__proto__` and `constructor` of a foreign block are names like others. */
export function member(block: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(block, name) ? block[name] : undefined;
}

/** The first `most` places that differ, in the order of member names and list positions. Empty only when both are equal. */
export function places(claimed: unknown, recomputed: unknown, most: number): Place[] {
  const found: Place[] = [];
  walk("", claimed, recomputed, MAX_DEPTH, most, found);
  return found;
}

function walk(path: string, claimed: unknown, recomputed: unknown, depth: number, most: number, found: Place[]): void {
  if (found.length >= most || claimed === recomputed) return;
  if (depth > 0 && Array.isArray(claimed) && Array.isArray(recomputed)) {
    const length = Math.max(claimed.length, recomputed.length);
    for (let index = 0; index < length && found.length < most; index++) {
      walk(`${path}[${index}]`, claimed[index], recomputed[index], depth - 1, most, found);
    }
  } else if (depth > 0 && isRecord(claimed) && isRecord(recomputed)) {
    const names = [...new Set([...Object.keys(claimed), ...Object.keys(recomputed)])].sort(byCodeUnit);
    for (const name of names) {
      if (found.length >= most) return;
      walk(join(path, name), member(claimed, name), member(recomputed, name), depth - 1, most, found);
    }
  } else {
    found.push({ path: cut(path, MAX_PATH), claimed, recomputed });
  }
}

function join(path: string, name: string): string {
  const word = /^[A-Za-z0-9_-]{1,80}$/.test(name) ? name : `"${cut(name, 80)}"`;
  return path === "" ? word : `${path}.${word}`;
}

export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Null for what is not there, too. Never longer than 200 characters. */
export function preview(value: unknown): Shown {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return cut(value, MAX_PREVIEW);
  if (typeof value === "number" || typeof value === "boolean") return value;
  return cut(brief(value, 3), MAX_PREVIEW);
}

/** JSON-like text of the beginning of a value; five entries of a list or block, three levels. */
function brief(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(cut(value, 80));
  if (typeof value !== "object" || value === null) return String(value);
  if (depth === 0) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, 5).map((entry) => brief(entry, depth - 1));
    return `[${[...shown, ...(value.length > 5 ? ["…"] : [])].join(",")}]`;
  }
  const names = Object.keys(value);
  const shown = names
    .slice(0, 5)
    .map((name) => `${JSON.stringify(cut(name, 80))}:${brief((value as Record<string, unknown>)[name], depth - 1)}`);
  return `{${[...shown, ...(names.length > 5 ? ["…"] : [])].join(",")}}`;
}
