/** Anchors of the page: readable, unique, and made of letters, digits and dashes whatever the ids hold. */
export class Anchors {
  private readonly known = new Map<string, string>();
  private readonly taken = new Set<string>();

  /** The same anchor for the same kind and ids, another one for any other. */
  of(kind: string, ...ids: readonly string[]): string {
    const key = JSON.stringify([kind, ...ids]);
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const base = [kind, ...ids].map((id) => id.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 80)).join("-");
    let anchor = base;
    for (let n = 2; this.taken.has(anchor); n += 1) anchor = `${base}--${n}`;
    this.taken.add(anchor);
    this.known.set(key, anchor);
    return anchor;
  }
}
