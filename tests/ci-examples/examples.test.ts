import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { packageRoot } from "../../core/model/index.js";
import { segur } from "../support/cli.js";
import { githubJob, gitlabJob, INSTALLATION, type Job } from "./steps.js";

/** What can be said of the examples without playing them; tests/peers plays them with bash. */
describe("CI examples of docs/ci", function () {
  const root = packageRoot(import.meta.url);
  const read = (name: string): string => readFileSync(path.join(root, "docs", "ci", name), "utf8");
  const github = githubJob(read("github-actions.yml"), {});
  const gitlab = gitlabJob(read("gitlab-ci.yml"));

  /** `segur run --config … --baseline …` of a job, without what calls it. */
  function commands(job: Job): string[][] {
    return job.steps
      .flatMap((step) => [...(step.script ?? "").matchAll(/npx --no segur ([^\n;]*)/g)])
      .map(([, words = ""]) => words.trim().split(" "));
  }

  it("ask the same of segur: run with a baseline, seal", () => {
    const shape = (job: Job) => commands(job).map((words) => words.filter((word) => /^(--|[a-z]+$)/.test(word)));
    expect(shape(github)).to.deep.equal([
      ["run", "--config", "--baseline"],
      ["seal", "last", "--key", "--output"],
    ]);
    expect(shape(gitlab)).to.deep.equal(shape(github));
  });

  it("use commands and options that exist", async () => {
    for (const [command = "", ...words] of commands(github)) {
      const help = await segur([command, "--help"], { cwd: root });
      expect(help.code, command).to.equal(0);
      for (const option of words.filter((word) => word.startsWith("--"))) expect(help.stdout).to.include(option);
    }
  });

  it("install, keep summary, JUnit and bundle, and go on to that when the gate is red", () => {
    for (const job of [github, gitlab]) {
      expect(job.steps.some((step) => INSTALLATION.test(step.script ?? ""))).to.equal(true);
      expect(job.artifacts).to.include("segur.segur.zip");
      expect(job.junit).to.deep.equal(["runs/*/junit.xml"]);
      const gate = job.steps.findIndex((step) => step.script?.includes("segur run"));
      expect(gate).to.be.greaterThan(0);
      expect(job.steps.slice(gate + 1).map((step) => step.always)).to.not.include(false);
    }
  });

  it("name no host, and fetch no package that the lock file does not name", () => {
    for (const name of ["github-actions.yml", "gitlab-ci.yml"]) {
      const text = read(name);
      expect(text, name).to.not.match(/https?:|registry|\bnpx (?!--no )/);
    }
  });

  it("are read strictly: a key or a condition that is not understood is an error", () => {
    const text = read("github-actions.yml");
    const change = (from: string, to: string): string => {
      const changed = text.replace(from, to);
      expect(changed).to.not.equal(text);
      return changed;
    };
    expect(() => githubJob(change("!cancelled()", "success()"), {})).to.throw("is not understood");
    expect(() => githubJob(change("timeout-minutes", "strategy"), {})).to.throw("strategy");
    expect(() => githubJob(change("npm ci", "npm ci ${{ matrix.x }}"), {})).to.throw("matrix.x");
    expect(() => gitlabJob(read("gitlab-ci.yml").replace("when: always", "when: on_success"))).to.throw("lost");
  });
});
