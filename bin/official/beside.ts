/** Our findings on a document and those of the official rules, set beside each other by the place they point to. */
import type { OfficialDisagreement, OfficialLayerId, OfficialReport } from "../../core/model/index.js";
import { disagreementOf } from "./run.js";

/** One of our findings on the document. `path`: element it points to, null = the document as a whole. */
export interface OwnFinding {
  readonly check: string;
  readonly message: string;
  readonly weight: "breach" | "remark";
  readonly path: string | null;
}

export interface Beside {
  readonly disagreement: OfficialDisagreement | null;
  /** Breaches of ours at places where no official rule fails. */
  readonly ownOnly: readonly Omit<OwnFinding, "weight">[];
  /** Official failures at places where ours say nothing, neither breach nor remark. */
  readonly officialOnly: readonly {
    readonly layer: OfficialLayerId;
    readonly key: string;
    readonly path: string | null;
  }[];
  /** Official failures at places where ours speak too. */
  readonly shared: number;
}

export function besides(report: OfficialReport, own: readonly OwnFinding[]): Beside {
  const failures = report.layers.flatMap(({ id, failures: list }) =>
    list.map((failure) => ({ layer: id, ...failure })),
  );
  const breaches = own.filter(({ weight }) => weight === "breach");
  // What one side says softly is said all the same: a warning of theirs, a remark of ours.
  const spoken = [...failures, ...report.layers.flatMap(({ warnings }) => warnings)];
  const ownOnly = breaches.filter(({ path }) => !spoken.some((failure) => sameMatter(path, failure)));
  const officialOnly = failures.filter((failure) => !own.some(({ path }) => sameMatter(path, failure)));
  return {
    disagreement: disagreementOf(report, breaches.length),
    ownOnly: ownOnly.map(({ check, message, path }) => ({ check, message, path })),
    officialOnly: officialOnly.map(({ layer, key, path }) => ({ layer, key, path })),
    shared: failures.length - officialOnly.length,
  };
}

/** The same place; or a rule over the whole document that names the child of it we point to. */
function sameMatter(
  own: string | null,
  { path, text }: { readonly path: string | null; readonly text: string },
): boolean {
  if (samePlace(own, path)) return true;
  const [root, name, ...more] = own === null ? [] : steps(own);
  if (root === undefined || name === undefined || more.length > 2 || path === null || steps(path).length > 1)
    return false;
  return new RegExp(`\\b${name.replace(/\W.*$/, "")}\\b`).test(text);
}

/**
 * A rule about what is missing points to the parent, one about a wrong value to the element or to one of its parts: up to two steps
 * apart they speak of the same thing. The root is no such neighbour: everything lies under it.
 */
function samePlace(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  const [short, long] = [steps(a), steps(b)].sort((one, other) => one.length - other.length);
  if (!short || !long || long.length - short.length > 2) return false;
  if (short.length < 2 && long.length !== short.length) return false;
  return short.every((step, index) => step === long[index]);
}

/** `[1]` stands only where a name repeats: writers differ on that. */
function steps(path: string): string[] {
  return path
    .split("/")
    .filter((step) => step !== "")
    .map((step) => step.replace(/\[1\]$/, ""));
}

/** Element a location of ours names (`IHE_XDM/…/DOC.XML /ClinicalDocument/id[2]`), when it speaks of the document at `place`. */
export function pathAt(location: string | null, place: string | null): { readonly path: string | null } | null {
  if (place !== null && location !== place && !location?.startsWith(`${place} `)) return null;
  const rest = (place === null ? location : location?.slice(place.length).trim()) ?? "";
  return { path: /^\/ClinicalDocument[^\s@]*/.exec(rest)?.[0].replace(/\/$/, "") ?? null };
}
