/**
 * Plays the steps of the CI examples of docs/ci as their servers would, with bash, each time in a fresh folder that looks like a
 * checkout of a vendor's repository. Not played, and listed: actions (`uses:`) and the installation: `npm ci` needs a package
 * registry; in its place node_modules/.bin/segur is a link to this build, which is what an installation leaves behind.
 *
 *   node dist/tests/ci-examples/play.js     prints both examples in four states of the repository
 */
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { packageRoot } from "../../core/model/index.js";
import { freePort } from "../../drivers/vendor-process.js";
import { githubJob, gitlabJob, INSTALLATION, type Job, type Step } from "./steps.js";

export const EXAMPLES = ["github-actions.yml", "gitlab-ci.yml"] as const;
export type Example = (typeof EXAMPLES)[number];

/** States of the vendor's repository, one after the other, and the colour its job must have. */
export const STATES = [
  { id: "conforming software", defect: null, baseline: "empty", colour: "green" },
  { id: "a defect comes in", defect: "ins-message-id-fixed", baseline: "empty", colour: "red" },
  { id: "the failure is written down", defect: "ins-message-id-fixed", baseline: "known", colour: "green" },
  { id: "the defect is mended, the entry stays", defect: null, baseline: "known", colour: "red" },
] as const;
export type State = (typeof STATES)[number];

export interface PlayedStep {
  readonly name: string;
  /** Exit code; null = not played. */
  readonly code: number | null;
  /** `server`: only the server can do it; `skipped`: an earlier step failed. */
  readonly why: "played" | "server" | "installation" | "skipped";
  readonly output: string;
}

export interface PlayedJob {
  readonly colour: "green" | "red";
  readonly steps: readonly PlayedStep[];
  readonly folder: string;
  /** What the server would show beside the job. */
  readonly summary: string;
  readonly junit: readonly string[];
  /** Patterns of artifacts that match no file. */
  readonly missing: readonly string[];
}

const root = packageRoot(import.meta.url);
/** A baseline written by `segur judge --write-baseline`, kept from the run that showed the defect. */
const KNOWN = "known.yaml";

export interface Workshop {
  play(example: Example, state: State): Promise<PlayedJob>;
  /** Writes the failures of the run of a job down, with reasons, as a person would. */
  writeDown(job: PlayedJob): void;
  close(): void;
}

export function openWorkshop(): Workshop {
  const folder = mkdtempSync(path.join(tmpdir(), "segur-ci-"));
  const home = path.join(folder, "home");
  mkdirSync(home);
  const segur = (cwd: string, ...words: string[]): void => {
    const done = spawnSync(process.execPath, [path.join(root, "bin", "segur.mjs"), ...words], {
      cwd,
      encoding: "utf8",
    });
    if (done.error ?? done.status === 2) throw new Error(`segur ${words.join(" ")}: ${done.stderr}`);
  };
  segur(folder, "keys", "--out", home, "--name", "signing");
  const keyFile = path.join(home, "signing.key");
  let count = 0;
  return {
    async play(example, state) {
      const project = path.join(folder, `checkout-${++count}`);
      await checkout(project, state, path.join(folder, KNOWN));
      return playJob(jobOf(example, keyFile), project, home, keyFile);
    },
    writeDown(job) {
      const file = path.join(folder, KNOWN);
      rmSync(file, { force: true });
      segur(job.folder, "judge", "last", "--lang", "en", "--write-baseline", file);
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("to fill in", "mended in the next version"));
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function jobOf(example: Example, keyFile: string): Job {
  const text = readFileSync(path.join(root, "docs", "ci", example), "utf8");
  if (example === "gitlab-ci.yml") return gitlabJob(text);
  return githubJob(text, { SEGUR_SIGNING_KEY: readFileSync(keyFile, "utf8") });
}

/** A repository of a vendor whose software is the bundled one, with the INSi operations only so that a run is short. */
async function checkout(project: string, state: State, known: string): Promise<void> {
  const port = await freePort();
  mkdirSync(path.join(project, "node_modules", ".bin"), { recursive: true });
  symlinkSync(path.join(root, "bin", "segur.mjs"), path.join(project, "node_modules", ".bin", "segur"));
  const write = (name: string, ...text: string[]): void =>
    writeFileSync(path.join(project, name), `${text.join("\n")}\n`);
  write("package.json", '{ "name": "software", "private": true, "version": "1.0.0" }');
  const software = pathToFileURL(path.join(root, "dist", "fixtures", "vendors", "reference", "main.js")).href;
  write(
    "software.mjs",
    ...(state.defect === null ? [] : [`process.argv.push("--defect", ${JSON.stringify(state.defect)});`]),
    `await import(${JSON.stringify(software)});`,
  );
  write(
    "segur.yaml",
    "candidate: { vendor: Éditions Fictives, product: Cabinet, version: '1.0' }",
    "perimeters: [mdv-lgc-wave-2]",
    "subProfiles: []",
    "drivers:",
    "  kind: http",
    "  can: [patient.put, patient.get, ins.search]",
    "  concurrent: true",
    "  quiet: 50",
    "  timeout: 20",
    `  http: { baseUrl: "https://localhost:${port}" }`,
    `  start: { command: [node, software.mjs, --port, "{port}"], port: ${port}, timeout: 20 }`,
  );
  if (state.baseline === "known") cpSync(known, path.join(project, "segur-baseline.yaml"));
  else write("segur-baseline.yaml", "format: segur-baseline/1", "entries: []");
}

async function playJob(job: Job, project: string, home: string, keyFile: string): Promise<PlayedJob> {
  const temporary = path.join(project, "..", `temporary-${path.basename(project)}`);
  const summary = path.join(temporary, "summary.md");
  mkdirSync(temporary);
  writeFileSync(summary, "");
  const server = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    // Whatever is not in node_modules is not fetched.
    npm_config_offline: "true",
    GITHUB_STEP_SUMMARY: summary,
    RUNNER_TEMP: temporary,
    // GitLab gives variables of type "File" as a path; GitHub knows no such variable outside `env:`.
    ...(job.shell.includes("pipefail") ? { SEGUR_SIGNING_KEY: keyFile } : {}),
  };
  const played: PlayedStep[] = [];
  let failed = false;
  for (const step of job.steps) {
    const why = step.script === null ? "server" : INSTALLATION.test(step.script) ? "installation" : "played";
    if (why !== "played" || (failed && !step.always)) {
      played.push({ name: step.name, code: null, why: why === "played" ? "skipped" : why, output: "" });
      continue;
    }
    const done = await bash(job.shell, step, project, { ...server, ...step.env });
    played.push({ name: step.name, why, ...done });
    if (done.code !== 0 && !step.harmless) failed = true;
  }
  return {
    colour: failed ? "red" : "green",
    steps: played,
    folder: project,
    summary: readFileSync(
      existsSync(path.join(project, "segur-summary.md")) ? path.join(project, "segur-summary.md") : summary,
      "utf8",
    ),
    junit: job.junit.flatMap((pattern) => matching(project, pattern)),
    missing: job.artifacts.filter((pattern) => matching(project, pattern).length === 0),
  };
}

function bash(
  [shell = "bash", ...flags]: readonly string[],
  step: Step,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(shell, [...flags, "-c", step.script ?? ""], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Files and folders of a pattern whose parts are names or `*`. */
function matching(folder: string, pattern: string): string[] {
  return pattern
    .split("/")
    .filter((part) => part !== "")
    .reduce(
      (found, part) =>
        found.flatMap((at) => {
          if (part !== "*") return existsSync(path.join(at, part)) ? [path.join(at, part)] : [];
          return existsSync(at) ? readdirSync(at).map((name) => path.join(at, name)) : [];
        }),
      [folder],
    );
}

async function main(): Promise<void> {
  for (const example of EXAMPLES) {
    const workshop = openWorkshop();
    process.stdout.write(`${example}\n`);
    try {
      for (const state of STATES) {
        const job = await workshop.play(example, state);
        const right = job.colour === state.colour ? "as expected" : `EXPECTED ${state.colour}`;
        process.stdout.write(`  ${state.id}: ${job.colour} (${right})\n`);
        for (const { name, code, why } of job.steps) {
          process.stdout.write(`    ${code === null ? `not played (${why})` : `exit ${code}`}  ${name}\n`);
        }
        if (job.colour !== state.colour) process.exitCode = 1;
        if (state.baseline === "empty" && job.colour === "red") workshop.writeDown(job);
      }
    } finally {
      workshop.close();
    }
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
