/** The page in a real browser: nothing fetched or run, no accessibility violation, readable narrow, by keyboard and on paper. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { type Browser, type Locator, type Page } from "playwright-core";
import { renderReport } from "../../reports/index.js";
import { sample } from "../reports/sample.js";
import { expectReadable, launchBrowser, unfold } from "../support/browser.js";

describe("report page in a browser", function () {
  let browser: Browser;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "segur-report-"));
    for (const lang of ["fr", "en"] as const) {
      const input = sample({ lang, extraRows: 2 });
      writeFileSync(join(folder, `${lang}.html`), renderReport("html", input));
      const scenarios = input.result.scenarios.map((one) => ({ ...one, state: "done" as const }));
      const whole = { ...input, result: { ...input.result, scenarios } };
      writeFileSync(join(folder, `${lang}-whole.html`), renderReport("html", whole));
    }
    browser = await launchBrowser();
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
        for (const unfolded of [false, true]) {
          if (unfolded) await unfold(page);
          await expectReadable(page, 20);
        }
        await page.close();
      });
    }
  }

  for (const lang of ["fr", "en"]) {
    it(`${lang}: the first decision stands on the first screen of a phone and of a desk`, async () => {
      for (const [width, height] of [
        [375, 812],
        [1280, 900],
      ] as const) {
        const page = await open(`${lang}-whole`, width);
        const box = await page.locator(".decision .badge").first().boundingBox();
        expect(box && box.y + box.height, `${width} px`)
          .to.be.a("number")
          .and.to.be.below(height);
        await page.close();
      }
    });
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
    // But for what each check could have said: a catalogue of many pages.
    expect(await page.locator(".check .messages").first().isVisible()).to.equal(false);
    expect(await page.locator(".paper-only").first().isVisible()).to.equal(true);
    const pdf = await page.pdf({ format: "A4", tagged: true });
    expect(pdf.subarray(0, 5).toString("latin1")).to.equal("%PDF-");
    await page.close();
  });
});
