/** When a broken case counts as killed. */
import type { CheckDef, CheckResult } from "../../core/model/index.js";

/** Killed = the named message fired, no unannounced breach message did, and the outcome follows the message's weight. */
export function verdictOf(
  check: CheckDef,
  result: CheckResult | undefined,
  { message, also = [] }: { readonly message: string; readonly also?: readonly string[] },
): { readonly killed: boolean; readonly why: string } {
  const no = (why: string) => ({ killed: false, why });
  const weight = check.messages[message]?.weight;
  if (!weight) return no(`the check has no message ${message}`);
  if (!result) return no("no result");
  const fired = new Set(result.findings.map((finding) => finding.message));
  if (!fired.has(message)) {
    return no(
      `fired: ${[...fired].join(", ") || "nothing"} (${result.outcome}${result.reason ? `, ${result.reason}` : ""})`,
    );
  }
  const others = result.findings
    .filter((f) => f.weight === "breach" && f.message !== message && !also.includes(f.message))
    .map((f) => f.message);
  const idle = also.filter((id) => !fired.has(id));
  if (idle.length > 0) return no(`announced and did not fire: ${idle.join(", ")}`);
  if (others.length > 0) return no(`also fired: ${[...new Set(others)].join(", ")}`);
  if (weight === "breach" && result.outcome !== "breached") return no(`outcome ${result.outcome}`);
  return { killed: true, why: "" };
}
