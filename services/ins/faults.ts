/** The table of INSi faults, kept as data because the official list is not public. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageRoot, SuiteError } from "../../core/model/index.js";

export interface FaultRow {
  /** Detail code, such as `insi_102`. */
  readonly code: string;
  readonly subcode: string;
  readonly side: "Receiver" | "Sender";
  readonly text: string;
}

/** Reads specs/codes/ins-faults.yaml, by code. Throws SuiteError ERR_SPEC when it is not of the expected shape. */
export function loadFaults(root = packageRoot()): ReadonlyMap<string, FaultRow> {
  const file = join(root, "specs", "codes", "ins-faults.yaml");
  const data = parse(readFileSync(file, "utf8")) as { faults?: Record<string, Partial<FaultRow>> } | null;
  const rows = Object.entries(data?.faults ?? {}).map(([code, row]): FaultRow => {
    const { subcode, side, text } = row;
    if (!subcode || !text || (side !== "Receiver" && side !== "Sender")) {
      throw new SuiteError("ERR_SPEC", `fault ${code} needs subcode, side (Receiver or Sender) and text`, {
        where: file,
      });
    }
    return { code, subcode, side, text };
  });
  return new Map(rows.map((row) => [row.code, row]));
}
