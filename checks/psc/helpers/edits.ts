/** Edits that several broken cases of PSC share. */
import type { Exchange, RecordingEditor } from "../../../core/model/index.js";

/** A text member of a JSON answer, by its raw bytes. */
export function member(exchange: Exchange, name: string): string {
  const text = Buffer.from(exchange.responseBytes ?? new Uint8Array(0)).toString("latin1");
  const found = new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1];
  if (found === undefined) throw new Error(`${exchange.id} gives no ${name}`);
  return found;
}

/** The instant some milliseconds after an exchange ended. */
export function later(exchange: Exchange, ms = 1): string {
  return new Date(Date.parse(exchange.endedAt ?? exchange.startedAt) + ms).toISOString();
}

/** The exchange of the scenario that a fault of the kind touched. */
export function struck(recording: RecordingEditor, scenario: string, kind: string): Exchange {
  const { events, exchanges } = recording.run(scenario);
  const ids = events
    .filter((event) => event.kind === "fault.injected" && (event.data.fault as { kind?: string }).kind === kind)
    .map((event) => event.id);
  const found = exchanges.find((exchange) => exchange.faults.some((id) => ids.includes(id)));
  if (!found) throw new Error(`${kind} did not strike in ${scenario}`);
  return found;
}

/** As if the software had read userinfo with the access token of an answer it should have refused. */
export function useToken(recording: RecordingEditor, scenario: string, kind: string): void {
  const poisoned = struck(recording, scenario, kind);
  const use = recording.exchange("psc.userinfo", "psc-login");
  const copy = recording.duplicate(use, { scenario: poisoned.scenario, at: later(poisoned) });
  recording.replaceInRequest(copy, /bearer \S+/i, `Bearer ${member(poisoned, "access_token")}`);
}

/** As if the software had said, after the faulted answer, that the professional is logged in. */
export function claimSession(recording: RecordingEditor, scenario: string): void {
  const steps = recording.run(scenario).steps.filter((step) => step.operation === "session.get");
  const last = steps[steps.length - 1];
  if (!last?.endEvent) throw new Error(`no session.get in ${scenario}`);
  recording.patchEvent(last.endEvent, {
    data: { step: last.index, status: "done", answer: { status: "done", authenticated: true, professional: null } },
  });
}
