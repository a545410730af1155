/** The little of a check's page that a report quotes, and sentences in pieces. */

/** A piece of a sentence. `foreign` text came from the recording, already made visible; `code` asks for a fixed-width face. */
export interface Part {
  readonly text: string;
  readonly kind: "plain" | "foreign" | "code";
}

/** First block of text under a level-2 heading, lines joined; null when there is none. */
export function firstParagraph(markdown: string, heading: string): string | null {
  const lines = markdown.split(/\r?\n/);
  const at = lines.findIndex((line) => /^##\s/.test(line) && line.slice(2).trim() === heading);
  if (at < 0) return null;
  const block: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.startsWith("#")) break;
    if (line.trim() === "") {
      if (block.length > 0) break;
      continue;
    }
    block.push(line.trim().replace(/^[-*] /, ""));
  }
  return block.length === 0 ? null : block.join(" ");
}

/** Inline Markdown reduced to what a paragraph of a check's page uses: code, emphasis marks and links. */
export function inlineParts(markdown: string): readonly Part[] {
  return markdown
    .split(/(`[^`]+`)/)
    .filter((piece) => piece !== "")
    .map((piece): Part => {
      if (piece.length > 2 && piece.startsWith("`") && piece.endsWith("`")) {
        return { text: piece.slice(1, -1), kind: "code" };
      }
      const plain = piece
        .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, "$1 ($2)")
        .replace(/\*\*([^*]+)\*\*/g, "$1")
        .replace(/(^|\s)\*([^*\s][^*]*)\*/g, "$1$2");
      return { text: plain, kind: "plain" };
    });
}

/** The sentence without any markup. */
export function plainText(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join("");
}
