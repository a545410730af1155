/** Values that must be new at every login (`state`, `nonce`): present, never seen before, hard to guess. */
import type { Report, Seen } from "../../../core/model/index.js";
import { authorizations, inRequest } from "./calls.js";

/** Bits under which a value counts as guessable (psc.md §4). */
export const ENOUGH_BITS = 128;

/**
 * Fires `missing`, `reused` and `short`. Uniqueness needs two logins: with fewer, nothing is observed. `kept`: message for a
 * value that one browser keeps from login to login; each scenario begins in a clean browser.
 */
export function judgeFreshness(seen: Seen, report: Report, name: "state" | "nonce", kept = "reused"): void {
  const requests = authorizations(seen);
  const logins = new Set(requests.map(({ login }) => login));
  const first = new Map<string, { login: string; exchange: string; scenario: string | null }>();
  for (const { exchange, params, login } of requests) {
    const at = inRequest(exchange, name);
    const value = params.get(name);
    if (logins.size > 1) report.observed(at);
    if (value === null || value === "") {
      report.finding("missing", at);
      continue;
    }
    const known = first.get(value);
    if (known && known.login !== login) {
      const message = known.scenario === exchange.scenario ? kept : "reused";
      report.finding(message, at, { other: known.exchange });
    }
    if (!known) first.set(value, { login, exchange: exchange.id, scenario: exchange.scenario });
    const bits = mostBits(value);
    if (bits < ENOUGH_BITS) report.finding("short", at, { bits, enough: ENOUGH_BITS });
  }
}

/** Bits per character of an alphabet of ten digits; written out, so that no engine rounds it otherwise. */
const BITS_PER_DIGIT = 3.3219;

/** The most random bits a text of this length and alphabet can hold. What it really holds cannot be seen from outside. */
export function mostBits(value: string): number {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
  if (uuid.test(value)) return 122;
  const bits = /^\d*$/.test(value) ? BITS_PER_DIGIT : /^(?:[0-9a-f]*|[0-9A-F]*)$/.test(value) ? 4 : 6;
  return Math.floor(value.length * bits);
}
