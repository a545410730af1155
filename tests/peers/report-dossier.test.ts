/** The page with a dossier, two waves and the maturity view, in a real browser and on paper, in both languages. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { PDFBool, PDFDict, PDFDocument, PDFHexString, PDFName, PDFString } from "pdf-lib";
import { type Browser, type Page } from "playwright-core";
import { extractText, getDocumentProxy } from "unpdf";
import { renderReport } from "../../reports/index.js";
import { dossierSample } from "../reports/dossier-sample.js";
import { expectReadable, launchBrowser, unfold } from "../support/browser.js";

describe("report with a dossier in a browser", function () {
  let browser: Browser;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "segur-report-dossier-"));
    for (const lang of ["fr", "en"] as const)
      writeFileSync(join(folder, `${lang}.html`), renderReport("html", dossierSample({ lang, extraRows: 2 })));
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(lang: string, width: number): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(pathToFileURL(join(folder, `${lang}.html`)).href);
    return page;
  }

  for (const lang of ["fr", "en"] as const) {
    for (const width of [1280, 375]) {
      it(`${lang}, ${width} px wide: axe finds no violation, folded and unfolded, and nothing overflows`, async () => {
        const page = await open(lang, width);
        for (const unfolded of [false, true]) {
          if (unfolded) await unfold(page);
          await expectReadable(page, 20);
        }
        await page.close();
      });
    }

    it(`${lang}: printed, it holds every proof, file and reviewer, and is a tagged document in its language`, async () => {
      const input = dossierSample({ lang, extraRows: 2 });
      const page = await open(lang, 794);
      const pdf = await page.pdf({ format: "A4", tagged: true, printBackground: false });
      await page.close();
      // pdf.js takes the bytes over: each reader gets its own.
      const { text, totalPages } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
      const read = text.replace(/\s+/g, "");
      const proofs = input.dossier?.proofs ?? [];
      expect(proofs).to.have.length(42);
      expect(proofs.map(({ id }) => id).filter((id) => !read.includes(id))).to.deep.equal([]);
      expect(
        proofs.flatMap(({ files }) => files).filter(({ sha256 }) => !read.includes(sha256?.slice(0, 12) ?? "?")),
      ).to.deep.equal([]);
      expect(read).to.contain("CamilleExemple-Relectrice");
      expect(totalPages).to.be.greaterThan(3);
      const { catalog } = await PDFDocument.load(new Uint8Array(pdf));
      const marks = catalog.lookup(PDFName.of("MarkInfo"), PDFDict);
      expect(marks.lookup(PDFName.of("Marked"), PDFBool).asBoolean()).to.equal(true);
      expect(catalog.lookup(PDFName.of("StructTreeRoot"))).to.be.instanceOf(PDFDict);
      const tongue = catalog.lookup(PDFName.of("Lang"));
      expect(tongue instanceof PDFString || tongue instanceof PDFHexString ? tongue.decodeText() : null).to.equal(lang);
    });
  }

  it("says each state of a proof without colours", async () => {
    const page = await open("en", 1280);
    await page.emulateMedia({ forcedColors: "active" });
    await unfold(page);
    const states = await page.locator("#dossier .proofs .badge").allInnerTexts();
    expect(new Set(states.map((state) => state.trim()))).to.have.property("size", 6);
    expect(states.filter((state) => !/[a-z]{4}/.test(state))).to.deep.equal([]);
    await page.close();
  });

  it("goes from what waits to the proof, and from the proof to its requirement", async () => {
    const page = await open("fr", 1280);
    await page.locator("#dossier > details.list > summary").first().click();
    for (const from of ["#dossier .due a", "#dossier .proofs td a"]) {
      const link = page.locator(from).first();
      const target = (await link.getAttribute("href"))?.slice(1) ?? "";
      await link.click();
      expect(await page.locator(`[id="${target}"]`).isVisible(), target).to.equal(true);
    }
    await page.close();
  });

  it("draws the measured shares to scale, with the mark of what was declared", async () => {
    const page = await open("en", 1280);
    const drawn = await page.evaluate<readonly number[]>(
      "[...document.querySelectorAll('.maturity-domain')].map((domain) => { const svg = domain.querySelector('svg').getBoundingClientRect(); return [...domain.querySelector('svg').querySelectorAll('rect:not(.bar-empty):not(.maturity-mark)')].reduce((sum, rect) => sum + rect.getBoundingClientRect().width, 0) / svg.width * 100 })",
    );
    const figures = await page.locator(".maturity-domain .maturity-bar:first-child .figure").allInnerTexts();
    expect(drawn).to.have.length(5);
    for (const [index, figure] of figures.entries()) {
      const [part = 0, total = 1] = figure.split("/").map(Number);
      expect(drawn[index]).to.be.closeTo((part * 100) / total, 1);
    }
    expect(await page.locator(".maturity-mark").count()).to.be.greaterThan(0);
    await page.close();
  });
});
