/** Access tokens issued by the PSC mock, so that other services can ask whether one is live without importing it. */
import type { TokenBoard } from "../../core/model/index.js";

/** Tokens remembered; beyond it the oldest are forgotten (a long-lived `segur mock` stays bounded). */
const CAPACITY = 10_000;

export function tokenBoard(clock: () => Date = () => new Date()): TokenBoard {
  const tokens = new Map<string, { subject: string; clientId: string; expiresAt: number; revoked: boolean }>();
  return {
    issued(token, facts) {
      tokens.set(token, { ...facts, revoked: false });
      if (tokens.size > CAPACITY) {
        const oldest = tokens.keys().next().value;
        if (oldest !== undefined) tokens.delete(oldest);
      }
    },
    revoked(token) {
      const known = tokens.get(token);
      if (known) known.revoked = true;
    },
    lookup(token) {
      const known = tokens.get(token);
      if (!known) return null;
      const { revoked, ...facts } = known;
      return { ...facts, live: !revoked && clock().getTime() < facts.expiresAt };
    },
  };
}
