/** TD3.3c and TD3.3d judged alike: the status of the document asked, and of no other, becomes the one asked. */
import type { MessageDef, Pointer, Report } from "../../../core/model/index.js";
import { updateOf } from "./consultation.js";
import { documentIds, lastDescribed } from "./registry.js";
import { LIFE, WITNESS } from "./sources.js";
import { type Asked, member, textOf } from "./steps.js";

export const STATUS_MESSAGES = {
  slots: {
    weight: "breach",
    source: `${LIFE.update}: OriginalStatus and NewStatus of UpdateAvailabilityStatus`,
    mark: "standard",
    witness: WITNESS.kitUpdate,
    fr: "L'association UpdateAvailabilityStatus n'a pas de {name}.",
    en: "The association UpdateAvailabilityStatus has no {name}.",
  },
  new_status: {
    weight: "breach",
    source: "projet de guide ANS PDSm pour le DMP : statuts Deleted et Archived de TD3.3c et TD3.3d (dmp.md §1.1, S1)",
    mark: "verified",
    witness: WITNESS.kitUpdate,
    fr: "Demandé : {action} du document « {document} », donc NewStatus = {expected} ; observé : « {observed} ».",
    en: "Asked: {action} of the document “{document}”, hence NewStatus = {expected}; observed: “{observed}”.",
  },
  original_status: {
    weight: "breach",
    source: `${LIFE.update}: OriginalStatus is the status the entry has`,
    mark: "standard",
    witness: WITNESS.kitUpdate,
    fr: "Le registre donne au document « {document} » le statut {expected} ; OriginalStatus observé : « {observed} ».",
    en: "The registry gives the document “{document}” the status {expected}; OriginalStatus observed: “{observed}”.",
  },
  other_document: {
    weight: "breach",
    source: `${LIFE.update}: targetObject is the entryUUID of the document; ${LIFE.row("DMP/CONF.03", "the delete names the document wrongly uploaded")}`,
    mark: "verified",
    witness: WITNESS.kitUpdate,
    fr: "Demandé : {action} du document « {expected} » ; la modification porte sur le document « {observed} ».",
    en: "Asked: {action} of the document “{expected}”; the update is about the document “{observed}”.",
  },
} as const satisfies Record<string, MessageDef>;

/** Judges the updates of one `dmp.update` step that asked for `status`. */
export function judgeStatusUpdate({ run, step, calls }: Asked, action: string, status: string, report: Report): void {
  const expected = textOf(member(step.input, "uniqueId"));
  if (expected === null) return;
  const ids = documentIds(run);
  for (const exchange of calls) {
    const at: Pointer = { exchange: exchange.id, side: "request", where: "Association[UpdateAvailabilityStatus]" };
    for (const operation of updateOf(exchange)?.operations ?? []) {
      if (operation.kind !== "status") continue;
      const observed = ids.get((operation.target ?? "").toLowerCase());
      report.observed(at);
      for (const [name, value] of [
        ["OriginalStatus", operation.originalStatus],
        ["NewStatus", operation.newStatus],
      ] as const) {
        if (value === null) report.finding("slots", at, { name });
      }
      // An id nobody gave is refused by the registry: it names no other document.
      if (observed !== undefined && observed !== expected) {
        report.finding("other_document", at, { action, expected, observed });
        continue;
      }
      if (operation.newStatus !== null && operation.newStatus !== status) {
        report.finding("new_status", at, {
          action,
          document: expected,
          expected: status,
          observed: operation.newStatus,
        });
      }
      const known = lastDescribed(run, expected, exchange)?.status ?? null;
      if (known !== null && operation.originalStatus !== null && operation.originalStatus !== known) {
        report.finding("original_status", at, {
          document: expected,
          expected: known,
          observed: operation.originalStatus,
        });
      }
    }
  }
}
