/** Loads the fictitious identities the services know. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { PatientFixture, ProfessionalFixture } from "../../core/model/index.js";

export interface Identities {
  readonly patients: readonly PatientFixture[];
  readonly professionals: readonly ProfessionalFixture[];
}

/** `root`: package root. A patient of the file has no status of its own; the scenario gives it. */
export function loadIdentities(root: string): Identities {
  const read = (name: string): unknown[] => {
    const value: unknown = parse(readFileSync(path.join(root, "fixtures", "identities", name), "utf8"));
    return Array.isArray(value) ? value : [];
  };
  return {
    patients: read("patients.yaml").map((row) => ({ status: "PROV", ...(row as object) }) as PatientFixture),
    professionals: read("professionals.yaml") as ProfessionalFixture[],
  };
}
