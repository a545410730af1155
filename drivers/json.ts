/** JSON as a vendor's software answers it. */

/** Members and lists one inside the other; deeper ones could not be written down again, since writers recurse. */
const MAX_DEPTH = 200;

/** The value; undefined when the text is no JSON, or nested too deep to be kept. */
export function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
    if (level.length === 0) return value;
  }
  return undefined;
}
