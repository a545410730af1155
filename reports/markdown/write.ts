/** Markdown safe to write: tables, folded parts, text of ours escaped, foreign text in code spans. */
import type { Part } from "../doc.js";

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
  return [line(head.map(plain)), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function folded(summary: string, body: string): string {
  return `<details><summary>${plain(summary)}</summary>\n\n${body}\n\n</details>`;
}

export function parts(list: readonly Part[]): string {
  return list.map((part) => (part.kind === "plain" ? plain(part.text) : code(part.text))).join("");
}

/** Text of ours, with what Markdown or HTML would read as markup escaped. */
export function plain(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#!~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/\r?\n/g, " ");
}

/** Foreign text: in a code span nothing is markup, link, mention or entity. The fence is longer than any run inside. */
export function code(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const longest = runs.reduce((max, run) => Math.max(max, run.length), 0);
  const fence = "`".repeat(longest + 1);
  const pad = text === "" || text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text.replace(/\r?\n/g, " ")}${pad}${fence}`;
}
