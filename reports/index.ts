/** Renderings of a result. JSON is not one of them: it is result.json itself. */
import { renderHtml } from "./html/index.js";
import { renderJunit } from "./junit/index.js";
import { renderMarkdown } from "./markdown/index.js";
import type { ReportFormat, ReportInput } from "./model.js";
import { renderText } from "./text/index.js";

export { evidenceOf } from "./evidence.js";
export * from "./model.js";
export { type StepTrouble, stepTroubles } from "./steps.js";

/** Whole document as a string (UTF-8 when written). Pure but for reading the template and style of the HTML format. */
export function renderReport(format: ReportFormat, input: ReportInput): string {
  switch (format) {
    case "html":
      return renderHtml(input);
    case "text":
      return renderText(input);
    case "markdown":
      return renderMarkdown(input);
    case "junit":
      return renderJunit(input);
  }
}
