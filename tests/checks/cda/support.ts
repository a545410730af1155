/** A recording of one file given to `segur check`, and what a check says of it. */
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { CheckDef, CheckResult, Exchange, RecordingView } from "../../../core/model/index.js";

export function fileView(bytes: Uint8Array, operation = "file.cda"): RecordingView {
  const exchange: Exchange = {
    id: "x0001",
    connection: "c0001",
    direction: "in",
    service: "file",
    operation,
    scenario: null,
    startedAt: "2026-11-21T18:30:00.000Z",
    endedAt: null,
    request: { stream: "c0001.in", start: 0, end: bytes.length },
    response: null,
    complete: true,
    faults: [],
    requestBytes: bytes,
    responseBytes: null,
    conn: null,
  };
  return {
    meta: { format: "segur-recording/1", id: "test", startedAt: "2026-11-21T18:30:00.000Z" },
    connections: [],
    exchanges: [exchange],
    events: [],
    runs: [],
  };
}

export function judge(check: CheckDef, view: RecordingView): CheckResult {
  const [result] = evaluate(view, [{ check, planned: true }]);
  if (!result) throw new Error(`${check.id} gave no result`);
  return result;
}

/** `message@where` of each finding. */
export function said(result: CheckResult): string[] {
  return result.findings.map((finding) => `${finding.message}@${finding.at.where ?? ""}`);
}
