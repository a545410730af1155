/** The page that checks labels, opened from disk in a real browser: the answers and words of the command, and nothing fetched. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { type Browser, type Page } from "playwright-core";
import { answerText } from "../../bin/commands/label.js";
import { barePage, exportKeys, pageWith } from "../../bin/commands/label-page.js";
import { ANSWER_WORDS } from "../../bin/words/label.js";
import { packageRoot } from "../../core/model/index.js";
import { checkLabel, type LabelKey } from "../../core/seal/label-check.js";
import {
  AGENCY,
  KEYS,
  LABEL,
  LIST,
  type LabelCase,
  labelCases,
  sealed,
  stateOf,
  TRUSTED,
} from "../core/seal/label-cases.js";
import { expectReadable, launchBrowser } from "../support/browser.js";

/** A file handed to the page. */
interface Given {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const file = (name: string, text: string): Given => ({ name, mimeType: "", buffer: Buffer.from(text) });

describe("label page in a browser", function () {
  let browser: Browser;
  let folder: string;
  const bare = barePage(packageRoot(import.meta.url));

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "segur-label-"));
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface OpenOptions {
    readonly html?: string;
    readonly lang?: "fr" | "en";
    /** Run in the page before its own script. */
    readonly before?: string;
  }

  /** The page, with every request, error, console line and dialog it caused. */
  async function open(options: OpenOptions = {}): Promise<{ page: Page; seen: string[] }> {
    const { html = bare, lang = "fr" } = options;
    const place = join(folder, "page.html");
    writeFileSync(place, html);
    const page = await browser.newPage({
      viewport: { width: 1000, height: 1000 },
      locale: lang === "fr" ? "fr-FR" : "en-GB",
    });
    const seen: string[] = [];
    page.on("request", (request) => seen.push(request.url()));
    page.on("console", (line) => seen.push(line.text()));
    page.on("pageerror", (error) => seen.push(String(error)));
    page.on("dialog", (dialog) => seen.push(`dialog ${dialog.message()}`));
    if (options.before !== undefined) await page.addInitScript(options.before);
    await page.goto(pathToFileURL(place).href);
    await answers(page, 1);
    return { page, seen };
  }

  /** Waits until the page gave its answer number `count`: it gives one per thing that changes. */
  async function answers(page: Page, count: number): Promise<void> {
    await page.locator(`#result[data-question="${count}"]`).waitFor({ timeout: 10_000 });
  }

  async function change(page: Page, act: () => Promise<unknown>): Promise<void> {
    const before = await page.evaluate<number>('Number(document.getElementById("result").dataset.question)');
    await act();
    await answers(page, before + 1);
  }

  async function give(page: Page, id: string, ...files: readonly Given[]): Promise<void> {
    await change(page, () => page.setInputFiles(`#${id}`, [...files]));
  }

  async function play(page: Page, one: LabelCase, keys: readonly LabelKey[] | null = one.keys): Promise<void> {
    if (keys) await give(page, "keys-file", file("keys.json", JSON.stringify(exportKeys(keys))));
    if (one.list !== null) await give(page, "list-file", file("list.json", one.list));
    await give(page, "label-file", file("x.label.json", one.label));
    await change(page, () => page.fill("#at", one.at));
  }

  const stateShown = (page: Page): Promise<string | null> => page.getAttribute("#result", "data-state");
  const reasonShown = (page: Page): Promise<string | null> => page.getAttribute("#result", "data-reason");

  /** The answer as lines, as the command prints it: no-break spaces are the page's own. */
  async function linesShown(page: Page): Promise<string[]> {
    const lines = await page.evaluate<string[]>(`[
      ...[...document.querySelectorAll("#result .verdict strong, #result .why, #result .says")].map((one) => one.textContent),
      ...[...document.querySelectorAll("#result .fields > div")].map((row) =>
        row.querySelector("dt").textContent + " : " + row.querySelector("dd").textContent),
      ...[...document.querySelectorAll("#result .list-line")].map((one) => one.textContent),
    ]`);
    return lines.map((line) => line.replaceAll("\u00a0", " "));
  }

  function linesOfCommand(one: LabelCase, lang: "fr" | "en"): string[] {
    const answer = checkLabel({
      label: Buffer.from(one.label),
      list: one.list === null ? null : Buffer.from(one.list),
      keys: one.keys,
      at: `${one.at}T23:59:59Z`,
    });
    const lines = answerText(answer, lang).split("\n");
    return lines.filter((line) => line !== "").map((line) => line.replace(/^ {2}(.*?) +: /, "$1 : "));
  }

  it("carries the words of the command, and names the hashes of what it runs", () => {
    const words = /<script type="application\/json" id="answer-words">([\s\S]*?)<\/script>/.exec(bare)?.[1] ?? "";
    expect(JSON.parse(words)).to.deep.equal(ANSWER_WORDS);
    const sha = (text: string | undefined): string =>
      createHash("sha256")
        .update(text ?? "")
        .digest("base64");
    const policy = /content="(default-src[^"]*)"/.exec(bare)?.[1] ?? "";
    expect(policy).to.contain(`script-src 'sha256-${sha(/<script>([\s\S]*?)<\/script>/.exec(bare)?.[1])}'`);
    expect(policy).to.contain(`style-src 'sha256-${sha(/<style>([\s\S]*?)<\/style>/.exec(bare)?.[1])}'`);
    expect(policy).to.not.contain("unsafe");
    expect(bare).to.not.match(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|https?:\/\/(?!www\.w3\.org)/);
  });

  it("gives the answer of the command, in its words, for every case and in both languages", async () => {
    const { page, seen } = await open();
    for (const one of labelCases()) {
      seen.length = 0;
      await page.reload();
      await answers(page, 1);
      await play(page, one);
      const state = stateOf(one.expected);
      expect(await stateShown(page), one.name).to.equal(state);
      expect(await reasonShown(page), one.name).to.equal(one.expected === state ? "" : one.expected);
      expect(await linesShown(page), one.name).to.deep.equal(linesOfCommand(one, "fr"));
      await change(page, () => page.click('[data-lang="en"]'));
      expect(await linesShown(page), one.name).to.deep.equal(linesOfCommand(one, "en"));
      expect(seen, one.name).to.deep.equal([page.url()]);
    }
    await page.close();
  });

  const caseNamed = (name: string): LabelCase => {
    const found = labelCases().find((one) => one.name === name);
    if (!found) throw new Error(`no case ${name}`);
    return found;
  };

  const STATES = [
    "",
    "genuine, list in force",
    "revoked",
    "expired",
    "not yet valid",
    "product changed after signing",
    "stale list",
  ];

  for (const name of STATES) {
    it(`${name || "nothing given"}: axe finds no violation and nothing overflows, light, dark, wide, narrow, in both languages`, async () => {
      const { page } = await open();
      if (name !== "") await play(page, caseNamed(name));
      for (const lang of ["fr", "en"]) {
        await change(page, () => page.click(`[data-lang="${lang}"]`));
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          for (const width of [1000, 360]) {
            await page.setViewportSize({ width, height: 1000 });
            await expectReadable(page, 15, `${lang} ${colorScheme} ${width}`);
          }
        }
      }
      await page.close();
    });
  }

  it("with keys in the page, asks for label and list only; a name in them cannot break out", async () => {
    const hostile = '</script><script>document.title = "out"</script>$&$1';
    const keys = [...TRUSTED, { name: hostile, key: KEYS.stranger }];
    const { page, seen } = await open({ html: pageWith(bare, exportKeys(keys)) });
    expect(await page.locator("#keys-file").isVisible()).to.equal(false);
    expect(await page.locator("#keys-list").textContent())
      .to.contain(hostile)
      .and.to.contain(AGENCY);
    await play(page, caseNamed("genuine, list in force"), null);
    expect(await stateShown(page)).to.equal("valid");
    expect(await page.title()).to.equal("Vérifier un label");
    expect(seen).to.deep.equal([page.url()]);
    await page.close();
  });

  it("with a bare public key, answers and says that the key has no name", async () => {
    const { page } = await open({ lang: "en" });
    await give(page, "keys-file", file("a.pub", KEYS.first.pem), file("b.pub", KEYS.stranger.pem));
    await give(page, "list-file", file("l.json", sealed("revocations", LIST, KEYS.first)));
    await give(page, "label-file", file("x.label.json", sealed("label", LABEL, KEYS.first)));
    await change(page, () => page.fill("#at", "2026-04-02"));
    expect(await stateShown(page)).to.equal("valid");
    expect(await page.locator("#result .caution").textContent()).to.contain(AGENCY);
    await give(page, "keys-file", file("b.pub", KEYS.stranger.pem));
    expect(await reasonShown(page)).to.equal("label_signature");
    await page.close();
  });

  it("leaves a private key and a key of another kind aside, and says so", async () => {
    const { page } = await open({ lang: "en" });
    const secret = KEYS.first.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    await give(page, "keys-file", file("secret.key", secret), file("notes.txt", "notes"));
    const said = await page.locator("#asides").textContent();
    expect(said).to.contain("secret.key is a PRIVATE key").and.to.contain("notes.txt is neither");
    await give(page, "label-file", file("x.label.json", sealed("label", LABEL, KEYS.first)));
    expect(await reasonShown(page)).to.equal("no_key");
    await page.close();
  });

  it("sorts files dropped together by what they are", async () => {
    const { page } = await open();
    const one = caseNamed("revoked");
    const dropped = [
      ["liste.json", one.list],
      ["cles.json", JSON.stringify(exportKeys(one.keys))],
      ["a.label.json", one.label],
      ["photo.png", "PNG"],
    ];
    await change(page, () =>
      page.evaluate(`{
        const all = new DataTransfer();
        for (const [name, text] of ${JSON.stringify(dropped)}) all.items.add(new File([text], name));
        document.querySelector("main").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: all }));
      }`),
    );
    expect(await stateShown(page)).to.equal("revoked");
    expect(await page.locator("#asides").textContent()).to.contain("photo.png");
    await page.close();
  });

  it("asks about this very moment when the date is today", async () => {
    const { page } = await open();
    expect(await page.inputValue("#at")).to.equal(new Date().toISOString().slice(0, 10));
    const instant = (hours: number): string =>
      new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d{3}Z$/, "Z");
    const keys: readonly LabelKey[] = [{ name: AGENCY, key: KEYS.first }];
    const label = { ...LABEL, issuedAt: instant(-48), validUntil: instant(48) };
    // Good for some minutes more only: not until tonight, wherever this runs.
    const list = { ...LIST, thisUpdate: instant(-1), nextUpdate: instant(0.02), entries: [] };
    await give(page, "keys-file", file("k.json", JSON.stringify(exportKeys(keys))));
    await give(page, "list-file", file("l.json", sealed("revocations", list, KEYS.first)));
    await give(page, "label-file", file("x.label.json", sealed("label", label, KEYS.first)));
    expect(await stateShown(page)).to.equal("valid");
    await page.close();
  });

  it("works by keyboard, changes language and keeps the answer", async () => {
    const { page } = await open();
    await play(page, caseNamed("stale list"));
    const french = await linesShown(page);
    await page.locator('[data-lang="en"]').focus();
    await change(page, () => page.keyboard.press("Enter"));
    expect(await page.getAttribute("html", "lang")).to.equal("en");
    expect(await linesShown(page)).to.not.deep.equal(french);
    expect(await reasonShown(page)).to.equal("list_stale");
    const reached = new Set<string>();
    for (let step = 0; step < 10; step++) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate("document.activeElement.id"));
    }
    expect([...reached]).to.include.members(["label-file", "list-file", "keys-file", "at"]);
    await page.close();
  });

  it("says plainly when the browser has no WebCrypto, and gives no other answer", async () => {
    const { page } = await open({ before: 'Object.defineProperty(crypto, "subtle", { value: undefined })' });
    await play(page, caseNamed("genuine, list in force"));
    expect(await stateShown(page)).to.equal("cannot_tell");
    expect(await reasonShown(page)).to.equal("no_crypto");
    expect(await page.locator("#result .why").textContent()).to.contain("WebCrypto");
    await page.close();
  });

  it("from disk, has WebCrypto in this browser", async () => {
    const { page } = await open();
    expect(await page.evaluate("location.protocol + isSecureContext + typeof crypto.subtle")).to.equal(
      "file:trueobject",
    );
    await page.close();
  });

  it("prints the answer, without the buttons", async () => {
    const { page } = await open({ lang: "en" });
    await play(page, caseNamed("revoked"));
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#result").isVisible()).to.equal(true);
    expect(await page.locator(".choose").first().isVisible()).to.equal(false);
    const pdf = await page.pdf({ format: "A4", tagged: true });
    expect(pdf.subarray(0, 5).toString("latin1")).to.equal("%PDF-");
    await page.close();
  });
});
