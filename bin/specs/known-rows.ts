/** Which of our rows an id of a workbook names. Ids have a history: other spellings, and numbers that a couloir gave in wave 1. */
import type { Couloir, Perimeter, Requirement } from "../../core/model/index.js";
import { normalRequirementId } from "../../protocols/rem/ids.js";

type Wave = Perimeter["wave"];

export interface KnownRows {
  /** Null when none, or more than one, bears the id in that wave. */
  find(id: string, wave: Wave): Requirement | null;
  /** True when a row bears this very id, whether or not it is the one meant. */
  taken(id: string): boolean;
}

export function knownRows(rows: readonly Requirement[], couloir: Couloir): KnownRows {
  const spelt = new Map<string, Requirement>();
  for (const row of rows) for (const alias of row.aliases) spelt.set(normalRequirementId(alias), row);
  // An id goes before somebody else's alias.
  for (const row of rows) spelt.set(normalRequirementId(row.id), row);
  const numbered = new Map<string, Requirement | null>();
  for (const row of rows) {
    const number = row.legacyIds?.[couloir];
    if (number === undefined) continue;
    const key = normalRequirementId(number);
    numbered.set(key, numbered.has(key) ? null : row);
  }
  const ids = new Set(rows.map(({ id }) => id));
  return {
    taken: (id) => ids.has(id),
    find(id, wave) {
      const keys = [normalRequirementId(id), normalRequirementId(withoutCouloir(id, couloir))];
      const bySpelling = keys.map((key) => spelt.get(key)).find((row) => row !== undefined) ?? null;
      // A row of wave 1 is listed in wave 2 under its new id; an old number there would be another row's.
      if (wave === "2" || bySpelling?.wave === "1") return bySpelling;
      const byNumber = keys.map((key) => numbered.get(key)).find((row) => row !== undefined) ?? null;
      // The numbers of wave 1 begin again in wave 2: `PSC.01` of the one is not that of the other.
      return byNumber ?? (bySpelling?.wave === "2" ? null : bySpelling);
    },
  };
}

/** `LGC.DMP/UX.10` in a list of that software: the prefix only says whose list it is. */
export function withoutCouloir(id: string, couloir: Couloir): string {
  const plain = id.replace(/^SC\./i, "");
  const prefix = `${couloirPrefix(couloir)}.`;
  return plain.toUpperCase().startsWith(prefix.toUpperCase()) ? plain.slice(prefix.length) : plain;
}

/** `LGC` of `MDV/LGC`. */
export function couloirPrefix(couloir: Couloir): string {
  return couloir.split("/").at(-1) ?? couloir;
}
