/**
 * Folders that appear whole or not at all, and are never changed afterwards: two processes starting at once never read
 * half a PKI, nor take it from under each other. What is damaged or expired is followed by the next generation
 * (`authority-1`, `authority-2`…); the highest number counts.
 */
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A file to write; `secret` ones (private keys) are readable by their owner only. */
export interface ShelfFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly secret?: boolean;
}

/**
 * What `read` gives for the latest generation of `name` in `parent`; when it gives null, the next one is made.
 * The new content is written beside and renamed into place; when another process was faster, its folder is read.
 * Throws what the file system throws, or Error when what was just made cannot be read.
 */
export async function shelf<T>(
  parent: string,
  name: string,
  read: (place: string) => Promise<T | null>,
  make: () => Promise<readonly ShelfFile[]>,
): Promise<T> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const latest = await latestGeneration(parent, name);
    const known = latest === 0 ? null : await read(join(parent, `${name}-${latest}`));
    if (known !== null) return known;
    const fresh = await mkdtemp(join(parent, `.${name}-`));
    try {
      for (const file of await make()) {
        await writeFile(join(fresh, file.name), file.content, { mode: file.secret ? 0o600 : 0o644 });
      }
      await rename(fresh, join(parent, `${name}-${latest + 1}`));
    } catch (error) {
      // The place is taken: another process made this generation; the next turn reads it.
      if (!(error instanceof Error && "code" in error && /^(ENOTEMPTY|EEXIST|EPERM)$/.test(String(error.code))))
        throw error;
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }
  throw new Error(`cannot read back what was made in ${parent} (${name})`);
}

async function latestGeneration(parent: string, name: string): Promise<number> {
  const numbers = (await readdir(parent))
    .filter((entry) => entry.startsWith(`${name}-`) && /^\d{1,6}$/.test(entry.slice(name.length + 1)))
    .map((entry) => Number(entry.slice(name.length + 1)));
  return Math.max(0, ...numbers);
}
