/** Faults of the scenarios now open. A fault strikes `times` times (default once), in the order of the file. */
import type { FaultSpec, ScriptedFaults, ServiceName } from "../../core/model/index.js";

export function scriptedFaults(): ScriptedFaults {
  const armed = new Map<string, { fault: FaultSpec; left: number }[]>();
  const find = (service: ServiceName, at: string) => {
    for (const list of armed.values()) {
      const hit = list.find((entry) => entry.left > 0 && entry.fault.service === service && entry.fault.at === at);
      if (hit) return hit;
    }
    return null;
  };
  return {
    arm(scenario, faults) {
      armed.set(
        scenario,
        faults.map((fault) => ({ fault, left: fault.times ?? 1 })),
      );
    },
    disarm(scenario) {
      const left = (armed.get(scenario) ?? []).reduce((sum, entry) => sum + entry.left, 0);
      armed.delete(scenario);
      return left;
    },
    next(service, at) {
      const hit = find(service, at);
      if (!hit) return null;
      hit.left -= 1;
      return hit.fault;
    },
    peek: (service, at) => find(service, at)?.fault ?? null,
  };
}
