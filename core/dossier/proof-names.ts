/** Names of proof files: does a name hold the id of its proof, and what would a name that does look like. */

/** Of a file: `.mp4`, `.7z`; the `.01` at the end of an id is none. */
const ENDING = /\.([A-Za-z][A-Za-z0-9]{0,4}|\d[A-Za-z0-9]{0,3}[A-Za-z])$/;

/** The parts of an id or a name: runs of letters and digits, without case, accents, or the sign between them. */
function parts(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  return plain.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** `SSI/GEN.18.01.01` is held by `SSI-GEN_18.01.01 formulaire.pdf`, and by `ssigen180101.pdf`; not by `SSI-GEN.18.01.012.pdf`. */
export function nameHolds(name: string, id: string): boolean {
  const wanted = parts(id);
  if (wanted.length === 0) return false;
  const given = parts(name.replace(ENDING, ""));
  if (given.some((_, at) => wanted.every((part, i) => given[at + i] === part))) return true;
  const glued = wanted.join("");
  return (
    glued.length >= 6 &&
    given.some((part) => part === glued || (part.startsWith(glued) && !/\d/.test(part[glued.length] ?? "")))
  );
}

/** The id as a file name can carry it, then what the name said besides, then its ending: `SSI-GEN.18.01.01_formulaire.pdf`. */
export function normalProofName(id: string, name: string): string {
  const ending = ENDING.exec(name)?.[1]?.toLowerCase();
  const stem = ending === undefined ? name : name.slice(0, -ending.length - 1);
  const plain = (text: string): string =>
    text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .replace(/[^A-Za-z0-9.]+/g, "-")
      .replace(/^[-.]+|[-.]+$/g, "");
  const rest = plain(stem).slice(0, 60);
  const head = plain(id);
  return `${head}${rest === "" ? "" : `_${rest}`}${ending === undefined ? "" : `.${ending}`}`;
}
