/**
 * Who may change what of a document: the rows TD3.3 of the matrices of functional rights, PDT-INF-526 v1.8 (CPS and
 * establishments) and PDT-INF-606 v1.3 (AIR). How the real DMP words these refusals is unknown.
 */
import type { UpdateOperation } from "../../protocols/xds-query.js";
import { type Caller, EMERGENCY, MASKED, patientKeyOf, REGULATION } from "./access.js";
import { wrote } from "./entries.js";
import { statusOf } from "./metadata.js";
import type { DmpRoom } from "./room.js";
import type { StoredEntry } from "./store.js";

/** `change`: metadata other than the visibility, of which the matrices say nothing. */
type Action = "mask" | "unmask" | "show" | "change" | "archive" | "delete" | "other";

/** True when the operation asks for the deletion of its document. */
export function deletes(operation: UpdateOperation): boolean {
  return operation.kind === "status" && statusOf(operation.newStatus ?? "") === "Deleted";
}

/** Null when the caller may do it; else what is missing. */
export function missingRight(
  room: DmpRoom,
  caller: Caller,
  operation: UpdateOperation,
  entry: StoredEntry,
): string | null {
  const author = wrote(caller, entry);
  const patient = patientKeyOf(room.context.patients, entry.patientId);
  const attending = patient !== null && room.access.attending(patient, caller.nationalId ?? "");
  const normal = caller.purpose !== EMERGENCY && caller.purpose !== REGULATION;
  for (const action of actionsOf(operation, entry)) {
    if (action === "delete" && !author) return "only the author of a document may delete it";
    if (action === "archive" && !mayArchive(caller, { author, attending, normal })) {
      return "only the author, the attending physician or a physician as the matrix says may archive a document";
    }
    if ((action === "mask" || action === "unmask" || action === "show") && !normal) {
      return "the visibility of a document is not changed in an emergency or regulation access";
    }
    if (action === "unmask" && !author && !attending) {
      return "only the author or the attending physician may unmask a document";
    }
  }
  return null;
}

function mayArchive(
  caller: Caller,
  { author, attending, normal }: { readonly author: boolean; readonly attending: boolean; readonly normal: boolean },
): boolean {
  if (attending) return true;
  if (!normal) return caller.physician;
  return author || (caller.physician && caller.mode === "INDIRECTE_RENFORCEE");
}

function actionsOf(operation: UpdateOperation, entry: StoredEntry): readonly Action[] {
  if (operation.kind === "status") {
    if (deletes(operation)) return ["delete"];
    const statuses = [entry.status, statusOf(operation.newStatus ?? "")];
    return [statuses.includes("Archived") ? "archive" : "other"];
  }
  if (operation.kind === "other") return ["other"];
  const before = new Set(entry.visibility);
  const after = new Set(operation.document.confidentialityCodes.map((code) => code.code ?? ""));
  const actions: Action[] = [];
  if (!before.has(MASKED) && after.has(MASKED)) actions.push("mask");
  if (before.has(MASKED) && !after.has(MASKED)) actions.push("unmask");
  if ([...before].some((code) => code.startsWith("INVISIBLE_") && !after.has(code))) actions.push("show");
  return actions.length === 0 ? ["change"] : actions;
}
