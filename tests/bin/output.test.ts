import { expect } from "chai";
import { errorText, progressOn, worst } from "../../bin/output.js";
import { SuiteError } from "../../core/model/index.js";

/** A terminal that keeps what is written to it. */
function terminal(isTTY: boolean): { stream: NodeJS.WriteStream; written: () => string } {
  let all = "";
  const stream = { isTTY, columns: 40, write: (text: string) => (all += text) } as unknown as NodeJS.WriteStream;
  return { stream, written: () => all };
}

describe("output", () => {
  it("is plain lines when piped: nothing that replaces itself", () => {
    const { stream, written } = terminal(false);
    const progress = progressOn(stream);
    progress.now("going on");
    progress.line("done");
    progress.end();
    expect(written()).to.equal("done\n");
  });

  it("replaces itself on a terminal, within its width, and leaves nothing behind", () => {
    const { stream, written } = terminal(true);
    const progress = progressOn(stream);
    progress.now("x".repeat(100));
    progress.line("done");
    progress.now("more");
    progress.end();
    expect(written()).to.equal(`${"x".repeat(39)}\r\u001b[2Kdone\nmore\r\u001b[2K`);
  });

  it("lets no vendor text command the terminal", () => {
    const { stream, written } = terminal(false);
    progressOn(stream).line("name\u001b[2J\u202e");
    expect(written()).to.not.include("\u001b").and.not.include("\u202e");
  });

  it("says how long something lasts", async function () {
    const { stream, written } = terminal(true);
    const progress = progressOn(stream, { ticking: true });
    progress.now("waiting");
    // A busy machine may skip a second.
    while (!/waiting \(\d+ s\)/.test(written())) await new Promise((resolve) => setTimeout(resolve, 50));
    progress.end();
  });

  it("tells an error in three parts, in the language asked", () => {
    const error = new SuiteError("ERR_USAGE", "the file is already there", { where: "/x", mend: "do this" });
    expect(errorText(error, "en")).to.equal(
      "segur: the file is already there [ERR_USAGE]\n  where: /x\n  what to do: do this\n",
    );
    expect(errorText(error, "fr")).to.include("le fichier existe déjà").and.to.include("que faire :");
  });

  it("the worst exit code wins", () => {
    expect([worst(0, 1), worst(1, 2, 0), worst(0, 0), worst()]).to.deep.equal([1, 2, 0, 0]);
  });
});
