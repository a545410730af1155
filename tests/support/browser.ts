/** Pages in Debian's chromium, as the peers tier looks at them. Nothing but the page asked for may reach the network. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import { type Browser, chromium, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  readonly passes: readonly unknown[];
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
}

// Expressions are text: these files are compiled without the types of a browser.

/** Opens everything that is folded. */
export function unfold(page: Page): Promise<void> {
  return page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
}

/** Pixels by which the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
}

/** axe finds nothing, and looked at more than `passes` things; nothing is wider than the window. */
export async function expectReadable(page: Page, passes: number, what = ""): Promise<void> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(AXE);
  const result = await page.evaluate<AxeResult>("axe.run(document)");
  expect(result.violations.map((v) => `${v.id} ${v.nodes[0]?.html}`)).to.deep.equal([], what);
  expect(result.passes.length, what).to.be.greaterThan(passes);
  expect(await overflow(page), what).to.be.at.most(0);
}
