import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { DriverConfig, OperationAnswer } from "../../core/model/index.js";
import { SuiteError } from "../../core/model/index.js";
import { execDriver } from "../../drivers/exec.js";
import { type TestContext, testContext } from "../support/context.js";

describe("driver exec", () => {
  let folder: string;
  let context: TestContext;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-exec-"));
    context = await testContext();
  });
  after(() => {
    context.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A command whose body is JavaScript with `request` at hand. */
  function command(body: string): string[] {
    const file = path.join(folder, `c${Math.trunc(performance.now() * 1000)}.mjs`);
    writeFileSync(
      file,
      `let text = ""; for await (const chunk of process.stdin) text += chunk; const request = JSON.parse(text); ${body}`,
    );
    return [process.execPath, file];
  }

  function driver(commands: Record<string, readonly string[]>, more: Partial<DriverConfig> = {}) {
    const walked: string[] = [];
    const made = execDriver(
      { kind: "exec", can: null, timeout: 60, exec: { commands }, ...more },
      { recorder: context.recorder, caBundlePem: "", environmentFile: "/env.json", progress: () => undefined },
      (start) => {
        walked.push(start);
        return Promise.resolve({ ok: true, detail: "", finalUrl: start });
      },
    );
    const perform = (
      operation: "mss.send" | "login",
      signal = new AbortController().signal,
    ): Promise<OperationAnswer> =>
      made.perform(operation, { a: 1 }, { scenario: "s", key: "s#1", title: T, instruction: T, signal });
    return { made, perform, walked };
  }
  const T = { fr: "", en: "" };

  it("gives operation and input on stdin, takes the answer from stdout", async () => {
    const { perform, made } = driver({
      default: command(
        `console.log(JSON.stringify({ status: "done", saw: request.operation, a: request.input.a, env: process.env.SEGUR_ENV }))`,
      ),
    });
    expect(made.contacted).to.equal(false);
    expect(await perform("mss.send")).to.deep.equal({
      status: "done",
      answer: { status: "done", saw: "mss.send", a: 1, env: "/env.json" },
    });
    expect(made.contacted).to.equal(true);
  });

  it("can do what it has commands for", async () => {
    expect(await driver({ login: ["x"] }).made.can()).to.deep.equal(["login"]);
    expect(await driver({ default: ["x"] }, { can: ["logout"] }).made.can()).to.deep.equal(["logout"]);
    expect(() => driver({})).to.throw(SuiteError, "no command");
  });

  it("walks the browser from a start URL", async () => {
    const { perform, walked } = driver({
      login: command(`console.log(JSON.stringify({ status: "done", start: "https://localhost:1/login" }))`),
    });
    expect((await perform("login")).status).to.equal("done");
    expect(walked).to.deep.equal(["https://localhost:1/login"]);
  });

  for (const [name, body, error] of [
    ["garbage", `console.log("hello")`, "garbage"],
    ["two objects", `console.log("{}\\n{}")`, "garbage"],
    ["an unknown status", `console.log('{"status":"perhaps"}')`, "garbage"],
    ["an exit code", `process.exit(3)`, "exit_code"],
    ["too much", `process.stdout.write("x".repeat(3_000_000))`, "garbage"],
    ["silence", `await new Promise((resolve) => setTimeout(resolve, 60_000))`, "timeout"],
  ] as const) {
    it(`${name} is the vendor's failure, told by its code`, async () => {
      // Only silence may wait until it has lasted too long: a slow machine takes a second to begin.
      const { perform } = driver({ default: command(body) }, error === "timeout" ? { timeout: 1 } : {});
      const { status, answer } = await perform("mss.send");
      expect(status).to.equal("failed");
      expect(answer).to.have.property("error", error);
    });
  }

  it("an interrupted run ends the command", async () => {
    const { perform } = driver({ default: command(`await new Promise((resolve) => setTimeout(resolve, 60_000))`) });
    const controller = new AbortController();
    const asked = perform("mss.send", controller.signal);
    controller.abort();
    expect((await asked).answer).to.have.property("error", "interrupted");
  });

  it("a program that is not there is our user's matter before first contact", async () => {
    const { perform } = driver({ default: ["./no-such-program"] });
    let caught: unknown;
    await perform("mss.send").catch((error: unknown) => {
      caught = error;
    });
    expect(caught).to.be.instanceOf(SuiteError).with.property("code", "ERR_VENDOR_UNREACHABLE");
  });
});
