/**
 * The IHE_XDM archive (IHE ITI TF-2 3.32.4.1.2, media layout): README.TXT and INDEX.HTM at the root, one folder per
 * submission set under IHE_XDM, its METADATA.XML and documents inside. Names are found case aside, since lower-case
 * archives are widespread; what is not written as the layout has it is listed.
 */
import { readZip, type ZipArchive, type ZipEntry, type ZipReason } from "./zip.js";

export interface XdmFile {
  /** Path in the archive, as written. */
  readonly path: string;
  /** Path below the subset folder, as written: what a document's URI names. */
  readonly name: string;
  readonly entry: ZipEntry;
}

export interface XdmSubset {
  /** Folder name as written: `SUBSET01`. */
  readonly name: string;
  readonly metadata: XdmFile | null;
  /** Everything of the subset but METADATA.XML and folders, documents and style sheets alike. */
  readonly files: readonly XdmFile[];
}

export interface Xdm {
  readonly archive: ZipArchive;
  readonly readme: XdmFile | null;
  readonly index: XdmFile | null;
  readonly subsets: readonly XdmSubset[];
  /** Files outside the root pair and the subsets. */
  readonly strays: readonly string[];
  /** Names of the layout found under another case. */
  readonly caseDiffers: readonly string[];
  /** File and folder names that are not 8.3 in capitals (ISO 9660 level 1). */
  readonly notIso9660: readonly string[];
}

export type XdmResult = { readonly ok: true; readonly xdm: Xdm } | { readonly ok: false; readonly reason: ZipReason };

export function readXdm(bytes: Uint8Array): XdmResult {
  const zip = readZip(bytes);
  if (!zip.ok) return zip;
  let readme: XdmFile | null = null;
  let index: XdmFile | null = null;
  const strays: string[] = [];
  const caseDiffers: string[] = [];
  const notIso9660: string[] = [];
  const subsets = new Map<string, { name: string; metadata: XdmFile | null; files: XdmFile[] }>();
  const expect = (written: string, layout: string): void => {
    if (written !== layout && !caseDiffers.includes(written)) caseDiffers.push(written);
  };
  for (const entry of zip.archive.entries) {
    if (entry.directory) continue;
    const steps = entry.name.split("/");
    const file = (name: string): XdmFile => ({ path: entry.name, name, entry });
    if (steps.some((step) => !/^[A-Z0-9_]{1,8}(?:\.[A-Z0-9_]{1,3})?$/.test(step))) notIso9660.push(entry.name);
    const upper = steps.map((step) => step.toUpperCase());
    if (steps.length === 1 && upper[0] === "README.TXT" && !readme) {
      readme = file(entry.name);
      expect(entry.name, "README.TXT");
    } else if (steps.length === 1 && upper[0] === "INDEX.HTM" && !index) {
      index = file(entry.name);
      expect(entry.name, "INDEX.HTM");
    } else if (steps.length >= 3 && upper[0] === "IHE_XDM") {
      expect(steps[0] ?? "", "IHE_XDM");
      const folder = steps[1] ?? "";
      const subset = subsets.get(folder.toUpperCase()) ?? { name: folder, metadata: null, files: [] };
      subsets.set(folder.toUpperCase(), subset);
      const name = steps.slice(2).join("/");
      if (steps.length === 3 && upper[2] === "METADATA.XML" && !subset.metadata) {
        subset.metadata = file(name);
        expect(name, "METADATA.XML");
      } else subset.files.push(file(name));
    } else strays.push(entry.name);
  }
  return {
    ok: true,
    xdm: { archive: zip.archive, readme, index, subsets: [...subsets.values()], strays, caseDiffers, notIso9660 },
  };
}

/** File of the subset that a document URI names (RFC 3986 path, compared case aside when the exact name is not there). */
export function fileOfUri(subset: XdmSubset, uri: string): XdmFile | null {
  const wanted = uri.replace(/^\.\//, "");
  return (
    subset.files.find((f) => f.name === wanted) ??
    subset.files.find((f) => f.name.toLowerCase() === wanted.toLowerCase()) ??
    null
  );
}
