/** Which scenarios may be played side by side. A recording tells by it in which order they were asked for. */
import type { Scenario } from "../core/model/index.js";

/** True when the scenario may start beside those under way: services disjoint, none of them exclusive, a lane left. */
export function fitsBeside(scenario: Scenario, active: Iterable<Scenario>, lanes: number): boolean {
  const others = [...active];
  if (others.length === 0) return true;
  if (others.length >= lanes || scenario.exclusive) return false;
  return others.every(
    (other) => !other.exclusive && !other.services.some((service) => scenario.services.includes(service)),
  );
}

/**
 * Plays scenarios in their order, at most `lanes` at once: two run together only when their services are disjoint, and an
 * exclusive one runs alone. A throw of one lets the others under way end, then is thrown.
 */
export async function inLanes(
  scenarios: readonly Scenario[],
  lanes: number,
  play: (scenario: Scenario) => Promise<void>,
): Promise<void> {
  const waiting = [...scenarios];
  const active = new Map<Scenario, Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  while ((waiting.length > 0 && !failure) || active.size > 0) {
    const startable = () =>
      failure ? -1 : waiting.findIndex((scenario) => fitsBeside(scenario, active.keys(), lanes));
    for (let next = startable(); next >= 0; next = startable()) {
      const [scenario] = waiting.splice(next, 1);
      if (!scenario) break;
      const playing = play(scenario)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => active.delete(scenario));
      active.set(scenario, playing);
    }
    await Promise.race(active.values());
  }
  if (failure) throw (failure as { readonly error: unknown }).error;
}
