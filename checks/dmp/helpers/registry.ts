/** What the registry knows of a document at a moment, as the recording shows it: its answers to TD3.1, and the uploads. */
import type { Exchange, ScenarioRun } from "../../../core/model/index.js";
import type { XdsDocument } from "../../../protocols/xds.js";
import { entriesOf, succeeded } from "./consultation.js";
import { uploadsIn } from "./steps.js";

/**
 * uniqueId by entryUUID. An upload may choose its own `urn:uuid:` ids, which the registry then keeps (ITI TF-3 §4.2.3.2.7);
 * a symbolic id is known from answers only.
 */
export function documentIds(run: ScenarioRun): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { document } of uploadsIn(run.exchanges.filter(succeeded))) note(ids, document.entry);
  for (const entry of run.exchanges.flatMap(entriesOf)) note(ids, entry);
  return ids;
}

function note(ids: Map<string, string>, { id, uniqueId }: XdsDocument): void {
  if (id?.startsWith("urn:uuid:") && uniqueId !== null) ids.set(id.toLowerCase(), uniqueId);
}

/** The last description of the document that the registry gave before the exchange; null when it gave none. */
export function lastDescribed(run: ScenarioRun, uniqueId: string, before: Exchange): XdsDocument | null {
  const entries = run.exchanges
    .filter((x) => x.startedAt < before.startedAt)
    .flatMap(entriesOf)
    .filter((entry) => entry.uniqueId === uniqueId);
  // An answer may hold former versions too: they are Deprecated.
  const current = entries.filter(({ status }) => !status?.endsWith(":Deprecated"));
  return current[current.length - 1] ?? entries[entries.length - 1] ?? null;
}
