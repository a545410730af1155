/** What writer and reader of the archive share: its signatures, its limits, its names. */

export interface ArchiveLimits {
  readonly maxEntries: number;
  /** Inflated bytes of one entry. */
  readonly maxEntryBytes: number;
  /** Inflated bytes of all entries. */
  readonly maxTotalBytes: number;
  /** Inflated bytes per compressed byte of an entry, looked at above `RATIO_FREE` only: small text deflates well. */
  readonly maxRatio: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  maxEntries: 20_000,
  maxEntryBytes: 256 * 1024 * 1024,
  maxTotalBytes: 512 * 1024 * 1024,
  maxRatio: 200,
};

const RATIO_FREE = 1024 * 1024;
export const MAX_NAME = 200;

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const END_SIGNATURE = 0x06054b50;
export const LOCAL_SIZE = 30;
export const CENTRAL_SIZE = 46;
export const END_SIZE = 22;

export const STORED = 0;
export const DEFLATED = 8;
/** Names Windows keeps for devices, with or without an extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Relative, forward slashes, plain ASCII, no step that climbs, is empty, ends with a dot or names a device. */
export function isArchiveName(name: string): boolean {
  if (name.length > MAX_NAME || !/^[A-Za-z0-9._/-]+$/.test(name)) return false;
  return name.split("/").every((step) => step !== "" && !step.endsWith(".") && !DEVICE.test(step));
}

/** A name that stands twice, compared without case, or that is also the folder of another: one of both would be lost on a disk. */
export function findClash(names: readonly string[]): string | null {
  const taken = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (taken.has(folded)) return name;
    taken.add(folded);
  }
  for (const name of names) {
    for (let at = name.lastIndexOf("/"); at > 0; at = name.lastIndexOf("/", at - 1)) {
      if (taken.has(name.slice(0, at).toLowerCase())) return name;
    }
  }
  return null;
}

/** Would inflate to far more than an honest entry does. */
export function suspicious(size: number, compressedSize: number, maxRatio: number): boolean {
  return size > RATIO_FREE && size > compressedSize * maxRatio;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** CRC-32 of ISO 3309, as zip uses it. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (CRC_TABLE[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
