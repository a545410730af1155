/** The thread of `pdf.ts`: for each PDF it is handed, posts its text or null. */
import { parentPort } from "node:worker_threads";

const MOST_PAGES = 500;

/** A piece of a page, or a mark of its structure; the reader's own types do not come through. */
interface Piece {
  readonly str?: string;
  readonly hasEOL?: boolean;
}

interface Task {
  readonly bytes: Uint8Array;
  readonly most: number;
}

async function textOfPdf({ bytes, most }: Task): Promise<string | null> {
  const { getDocumentProxy } = await import("unpdf");
  const pdf = await getDocumentProxy(bytes, { isEvalSupported: false, stopAtErrors: false, verbosity: 0 });
  const pieces: string[] = [];
  let length = 0;
  for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES) && length < most; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = (await page.getTextContent()) as { readonly items: readonly Piece[] };
    const text = items.map(({ str = "", hasEOL = false }) => (hasEOL ? `${str}\n` : str)).join("");
    pieces.push(text);
    length += text.length + 1;
    page.cleanup();
  }
  await pdf.loadingTask.destroy();
  const whole = pieces.join("\n");
  return whole.trim() === "" ? null : whole.slice(0, most);
}

parentPort?.on("message", (task: Task) => {
  textOfPdf(task).then(
    (text) => parentPort?.postMessage(text),
    () => parentPort?.postMessage(null),
  );
});
