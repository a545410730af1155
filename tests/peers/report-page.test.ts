/** The page in a real browser: nothing fetched or run, no accessibility violation, readable narrow, by keyboard and on paper. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { renderReport } from "../../reports/index.js";
import { sample } from "../reports/sample.js";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  readonly passes: readonly unknown[];
}

describe("report page in a browser", function () {
  this.timeout(60_000);
  let browser: Browser;
  let folder: string;
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "segur-report-"));
    for (const lang of ["fr", "en"] as const)
      writeFileSync(join(folder, `${lang}.html`), renderReport("html", sample({ lang, extraRows: 2 })));
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  });

  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(lang: string, width: number, seen: string[] = []): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    page.on("request", (request) => seen.push(request.url()));
    page.on("console", (line) => seen.push(line.text()));
    page.on("pageerror", (error) => seen.push(String(error)));
    page.on("dialog", (dialog) => seen.push(`dialog ${dialog.message()}`));
    await page.goto(pathToFileURL(join(folder, `${lang}.html`)).href);
    return page;
  }

  // Expressions are text: these files are compiled without the types of a browser.
  const unfold = (page: Page): Promise<void> =>
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
  const overflow = (page: Page): Promise<number> =>
    page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  const isOpen = async (details: Locator): Promise<boolean> => (await details.getAttribute("open")) !== null;

  for (const lang of ["fr", "en"]) {
    it(`${lang}: fetches and runs nothing, and puts no foreign element in the page`, async () => {
      const seen: string[] = [];
      const page = await open(lang, 1280, seen);
      expect(seen).to.deep.equal([page.url()]);
      expect(await page.locator("script, img, iframe, object, link, form, b").count()).to.equal(0);
      expect(await page.locator("style").count()).to.equal(1);
      await page.close();
    });

    for (const width of [1280, 390]) {
      it(`${lang}, ${width} px wide: axe finds no violation, folded and unfolded, and nothing overflows`, async () => {
        const page = await open(lang, width);
        await page.evaluate(axe);
        for (const unfolded of [false, true]) {
          if (unfolded) await unfold(page);
          const result = await page.evaluate<AxeResult>("axe.run(document)");
          expect(result.violations.map((v) => `${v.id} ${v.nodes[0]?.html}`)).to.deep.equal([]);
          expect(result.passes.length).to.be.greaterThan(20);
          expect(await overflow(page)).to.be.at.most(0);
        }
        await page.close();
      });
    }
  }

  it("unfolds by keyboard alone", async () => {
    const page = await open("fr", 1280);
    const list = page.locator("details.list").first();
    await list.locator("summary").focus();
    await page.keyboard.press("Enter");
    expect(await isOpen(list)).to.equal(true);
    await page.close();
  });

  it("a link from what decides opens the folded requirement it names", async () => {
    const page = await open("fr", 1280);
    const list = page.locator("details.list").first();
    await list.locator("summary").click();
    const link = list.locator("a").first();
    const target = (await link.getAttribute("href"))?.slice(1) ?? "";
    await link.click();
    expect(await page.locator(`[id="${target}"]`).isVisible()).to.equal(true);
    await page.close();
  });

  it("prints what is folded on screen", async () => {
    const page = await open("en", 794);
    const shown = (): Promise<boolean> => page.evaluate("document.querySelector('.row-body').checkVisibility()");
    expect(await shown()).to.equal(false);
    await page.emulateMedia({ media: "print" });
    expect(await shown()).to.equal(true);
    const pdf = await page.pdf({ format: "A4", tagged: true });
    expect(pdf.subarray(0, 5).toString("latin1")).to.equal("%PDF-");
    await page.close();
  });
});
