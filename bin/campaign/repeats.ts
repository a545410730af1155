/**
 * Evidence used twice: what an agency wants to see, told beside the verdicts and never in them. There may be an honest reason
 * (a bundle sent twice, a run sealed again with a new key), which the agency asks for.
 */
import { byCodeUnit } from "../../core/model/index.js";
import type { CampaignEntry } from "./entry.js";

/** From the strongest to the weakest. A weaker word about files that a stronger one already brings together is not said. */
export const REPEAT_KINDS = [
  /** The same bytes under two names. */
  "same_file",
  /** The same recording in two bundles. */
  "same_recording",
  /** One run id in two bundles whose recordings differ. */
  "same_run",
  /** Bytes of the vendor's software that stand in two recordings. */
  "same_evidence",
  /** One challenge in two bundles. */
  "same_challenge",
  /** One key that signs for two vendors. */
  "same_key",
] as const;

export type RepeatKind = (typeof REPEAT_KINDS)[number];

export interface Repeat {
  readonly kind: RepeatKind;
  /** What they share: a digest, a run id, a challenge id, a key id; null for `same_evidence`. */
  readonly id: string | null;
  readonly files: readonly string[];
}

export interface NamedEntry {
  readonly file: string;
  readonly entry: CampaignEntry;
}

/** Sampled streams that must be found elsewhere before a bundle is said to share evidence: one alone could be a static page. */
const MIN_SHARED = 3;

/** Sorted by kind (as in REPEAT_KINDS), then by what is shared, then by file. */
export function findRepeats(entries: readonly NamedEntry[]): Repeat[] {
  const all: readonly Repeat[] = [
    ...shared("same_file", entries, ({ bundle }) => bundle.sha256),
    ...shared("same_recording", entries, ({ recording }) => recording),
    ...shared("same_run", entries, ({ run }) => run?.id ?? null),
    ...sharedEvidence(entries),
    ...shared("same_challenge", entries, ({ challenge }) => challenge?.id ?? null),
    ...shared("same_key", entries, ({ signer }) => signer?.keyid ?? null).filter(({ files }) =>
      severalVendors(entries, new Set(files)),
    ),
  ];
  const told: Repeat[] = [];
  const groups = new Map<string, ReadonlySet<string>[]>();
  for (const repeat of all) {
    const [first = ""] = repeat.files;
    const inside = (group: ReadonlySet<string>): boolean => repeat.files.every((file) => group.has(file));
    // That one key speaks for two vendors is another thing than that their evidence is the same.
    if (repeat.kind !== "same_key" && groups.get(first)?.some(inside)) continue;
    told.push(repeat);
    const group = new Set(repeat.files);
    for (const file of repeat.files) groups.set(file, [...(groups.get(file) ?? []), group]);
  }
  return told;
}

function shared(
  kind: RepeatKind,
  entries: readonly NamedEntry[],
  idOf: (entry: CampaignEntry) => string | null,
): Repeat[] {
  const groups = new Map<string, string[]>();
  for (const { file, entry } of entries) {
    const id = idOf(entry);
    if (id === null) continue;
    const group = groups.get(id);
    if (group) group.push(file);
    else groups.set(id, [file]);
  }
  return [...groups]
    .filter(([, files]) => files.length > 1)
    .map(([id, files]) => ({ kind, id, files: files.sort(byCodeUnit) }))
    .sort((a, b) => byCodeUnit(a.id, b.id));
}

function severalVendors(entries: readonly NamedEntry[], files: ReadonlySet<string>): boolean {
  const vendors = entries.filter(({ file }) => files.has(file)).map(({ entry }) => entry.candidate?.vendor);
  return new Set(vendors).size > 1;
}

/** Bundles that share enough sampled streams, brought together where one leads to the next. */
function sharedEvidence(entries: readonly NamedEntry[]): Repeat[] {
  const holders = new Map<string, number[]>();
  for (const [index, { entry }] of entries.entries()) {
    for (const digest of entry.sample) {
      const known = holders.get(digest);
      if (known) known.push(index);
      else holders.set(digest, [index]);
    }
  }
  const common = [...holders.values()].filter((indices) => indices.length > 1);
  const counts = new Map<number, number>();
  for (const index of common.flat()) counts.set(index, (counts.get(index) ?? 0) + 1);
  const group = new Map<number, number>();
  const rootOf = (index: number): number => {
    let at = index;
    for (let up = group.get(at); up !== undefined && up !== at; up = group.get(at)) at = up;
    return at;
  };
  for (const indices of common) {
    const flagged = indices.filter((index) => (counts.get(index) ?? 0) >= MIN_SHARED);
    const [first] = flagged;
    if (first === undefined) continue;
    for (const index of flagged) group.set(rootOf(index), rootOf(first));
  }
  const files = new Map<number, string[]>();
  for (const index of group.keys()) {
    const name = entries[index]?.file ?? "";
    const names = files.get(rootOf(index));
    if (names) names.push(name);
    else files.set(rootOf(index), [name]);
  }
  return [...files.values()]
    .filter((names) => names.length > 1)
    .map((names): Repeat => ({ kind: "same_evidence", id: null, files: names.sort(byCodeUnit) }))
    .sort((a, b) => byCodeUnit(a.files[0] ?? "", b.files[0] ?? ""));
}
