/**
 * What the provider remembers (sessions, codes, grants, tokens), in memory, so that control calls can expire any of it
 * now. Shaped as the adapter that oidc-provider asks for.
 */
import type { Adapter, AdapterPayload } from "oidc-provider";

interface Entry {
  readonly payload: AdapterPayload;
  /** ms since epoch; null = until removed. */
  readonly expiresAt: number | null;
}

/** Entries swept once in so many writes, so that a mock kept up for days stays bounded. */
const SWEEP_EVERY = 500;

export class PscStore {
  readonly #models = new Map<string, Map<string, Entry>>();
  readonly #removed: (model: string, id: string) => void;
  #writes = 0;

  /** `removed` is told of every entry that goes before its time (revoked, expired by control), not of natural expiry. */
  constructor(removed: (model: string, id: string) => void) {
    this.#removed = removed;
  }

  /** Adapter of one model, as oidc-provider calls it. */
  readonly adapter = (model: string): Adapter => {
    const entries = this.#entries(model);
    const find = async (test: (payload: AdapterPayload) => boolean) =>
      [...entries.keys()].map((id) => this.get(model, id)).find((payload) => payload && test(payload));
    return {
      upsert: async (id, payload, expiresIn) => {
        entries.set(id, { payload, expiresAt: expiresIn === undefined ? null : Date.now() + expiresIn * 1000 });
        this.#writes += 1;
        if (this.#writes % SWEEP_EVERY === 0) this.#sweep();
      },
      find: async (id) => this.get(model, id),
      findByUid: (uid) => find((payload) => payload.uid === uid),
      findByUserCode: (code) => find((payload) => payload.userCode === code),
      consume: async (id) => {
        const payload = this.get(model, id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => this.remove(model, id),
      revokeByGrantId: async (grantId) => {
        this.removeWhere(model, (payload) => payload.grantId === grantId);
      },
    };
  };

  /** A live entry, undefined when unknown or past its time. */
  get(model: string, id: string): AdapterPayload | undefined {
    const entry = this.#entries(model).get(id);
    if (!entry) return undefined;
    if (entry.expiresAt !== null && entry.expiresAt <= Date.now()) return undefined;
    return entry.payload;
  }

  remove(model: string, id: string): void {
    if (this.#entries(model).delete(id)) this.#removed(model, id);
  }

  /** Removes the live entries that pass the test and says how many they were. */
  removeWhere(model: string, test: (payload: AdapterPayload) => boolean): number {
    const ids = [...this.#entries(model).keys()].filter((id) => {
      const payload = this.get(model, id);
      return payload !== undefined && test(payload);
    });
    for (const id of ids) this.remove(model, id);
    return ids.length;
  }

  /** Live entries of a model. */
  list(model: string): readonly { readonly id: string; readonly payload: AdapterPayload }[] {
    return [...this.#entries(model).keys()].flatMap((id) => {
      const payload = this.get(model, id);
      return payload ? [{ id, payload }] : [];
    });
  }

  #entries(model: string): Map<string, Entry> {
    let entries = this.#models.get(model);
    if (!entries) {
      entries = new Map();
      this.#models.set(model, entries);
    }
    return entries;
  }

  #sweep(): void {
    const now = Date.now();
    for (const entries of this.#models.values()) {
      for (const [id, entry] of entries) if (entry.expiresAt !== null && entry.expiresAt <= now) entries.delete(id);
    }
  }
}
