import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import type { VendorOperation } from "../../core/model/index.js";
import { manualDriver } from "../../drivers/manual.js";

const TITLE = { fr: "Envoi d'un courriel", en: "Sending a mail" };

describe("driver manual", () => {
  let folder: string;
  let answerFile: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-manual-"));
    answerFile = path.join(folder, "answers.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function driver(interactive: boolean, lang: "fr" | "en" = "fr", timeout = 5) {
    const input = new PassThrough();
    let shown = "";
    const made = manualDriver({
      config: { kind: "manual", can: null, timeout },
      lang,
      answerFile,
      professionals: {},
      terminal: {
        interactive,
        input,
        write: (text) => {
          shown += text;
        },
      },
    });
    const perform = (operation: VendorOperation = "mss.send") =>
      made.perform(
        operation,
        { patientId: "P1" },
        {
          scenario: "mss-send",
          key: "mss-send#1",
          title: TITLE,
          instruction: TITLE,
          signal: new AbortController().signal,
        },
      );
    return { input, perform, shown: () => shown, made };
  }

  it("tells what to do, with the values, in the language asked", async () => {
    for (const [lang, words] of [
      ["fr", ["Envoyez le courriel MSSanté", "Envoi d'un courriel", "fait"]],
      ["en", ["Send the MSSanté mail", "Sending a mail", "done"]],
    ] as const) {
      const { input, perform, shown } = driver(true, lang);
      const asked = perform();
      input.write("d\n");
      expect(await asked).to.have.property("status", "done");
      for (const word of [...words, "P1"]) expect(shown()).to.include(word);
    }
  });

  it("takes done, refused, failed and a line of JSON from a terminal", async () => {
    for (const [typed, status] of [
      ["o", "done"],
      ["r", "refused"],
      ["e", "failed"],
      ['{"status":"done","messageId":"<x@y>"}', "done"],
    ] as const) {
      const { input, perform } = driver(true);
      const asked = perform();
      input.write(`what?\n${typed}\n`);
      expect(await asked).to.have.property("status", status);
    }
  });

  it("without a terminal, reads the answer file, line by line, and only for the operation awaited", async () => {
    const { perform, shown } = driver(false);
    appendFileSync(answerFile, 'nonsense\n{"operation":"login","status":"done"}\n');
    const asked = perform();
    appendFileSync(answerFile, '{"operation":"mss.send","status":"refused","reason":"opposition"}\n');
    expect(await asked).to.deep.equal({
      status: "refused",
      answer: { operation: "mss.send", status: "refused", reason: "opposition" },
    });
    expect(shown()).to.include(answerFile).and.to.include("not a line of JSON").and.to.include('"login"');
  });

  it("names the patient by its local number for the steps that follow", async () => {
    const { input, made } = driver(true);
    const asked = made.perform(
      "patient.put",
      { patient: { localId: "IPP-1" } },
      { scenario: "s", key: "s#1", title: TITLE, instruction: TITLE, signal: new AbortController().signal },
    );
    input.write("o\n");
    expect((await asked).answer).to.have.property("patientId", "IPP-1");
  });

  it("gives up when the countdown ends: nothing was done", async () => {
    const { perform, made } = driver(false, "fr", 1);
    expect(await perform()).to.deep.equal({
      status: "failed",
      answer: { error: "timeout", detail: "nobody answered in time" },
    });
    expect(made.contacted).to.equal(false);
  });
});
