/** What a CI server would run, read from the examples of docs/ci. A key or condition nobody here understands is an error, not a guess. */
import { parse } from "yaml";

/** What only a server with a package registry can play. */
export const INSTALLATION = /^npm ci$/;

export interface Step {
  readonly name: string;
  /** Null for what only the server itself can do. */
  readonly script: string | null;
  /** Runs even when an earlier step failed. */
  readonly always: boolean;
  /** A failure of it does not fail the job. */
  readonly harmless: boolean;
  readonly env: Readonly<Record<string, string>>;
}

export interface Job {
  readonly steps: readonly Step[];
  /** As the server's shell is called. */
  readonly shell: readonly string[];
  /** Patterns of the files kept after the job, and of those read as JUnit. */
  readonly artifacts: readonly string[];
  readonly junit: readonly string[];
}

type Block = Readonly<Record<string, unknown>>;

/** `secrets`: values of `${{ secrets.X }}`. */
export function githubJob(text: string, secrets: Readonly<Record<string, string>>): Job {
  const file = block(parse(text), ["name", "on", "permissions", "jobs"]);
  const job = block(block(file.jobs, ["segur"]).segur, ["runs-on", "timeout-minutes", "steps"]);
  const steps = list(job.steps).map((one) => block(one, ["name", "uses", "with", "run", "if", "env"]));
  const uploads = steps.filter((step) => String(step.uses ?? "").startsWith("actions/upload-artifact@"));
  return {
    steps: steps.map((step) => ({
      name: String(step.name ?? step.uses),
      script: step.run === undefined ? null : noExpression(String(step.run)),
      always: condition(step.if),
      harmless: false,
      env: Object.fromEntries(
        Object.entries(block(step.env ?? {})).map(([name, value]) => [name, secret(String(value), secrets)]),
      ),
    })),
    shell: ["bash", "-e"],
    artifacts: uploads.flatMap((step) => lines(String(block(step.with).path))),
    junit: ["runs/*/junit.xml"],
  };
}

function condition(text: unknown): boolean {
  if (text === undefined) return false;
  if (text === "${{ !cancelled() }}") return true;
  throw new Error(`the condition ${JSON.stringify(text)} is not understood`);
}

function secret(text: string, secrets: Readonly<Record<string, string>>): string {
  const value = /^\$\{\{ secrets\.([A-Z_]+) \}\}$/.exec(text)?.[1];
  return value === undefined ? noExpression(text) : (secrets[value] ?? "");
}

function noExpression(text: string): string {
  if (text.includes("${{")) throw new Error(`the expression in ${JSON.stringify(text)} is not understood`);
  return text;
}

export function gitlabJob(text: string): Job {
  const { segur } = block(parse(text), ["segur"]);
  const job = block(segur, ["image", "timeout", "before_script", "script", "after_script", "artifacts"]);
  const artifacts = block(job.artifacts, ["when", "expose_as", "paths", "reports"]);
  if (artifacts.when !== "always") throw new Error("the artifacts of a red job would be lost");
  const step = (name: string, script: string, after = false): Step => ({
    name,
    script,
    always: after,
    harmless: after,
    env: {},
  });
  // The lines of before_script and script share one shell, those of after_script another. An installation stands alone, because
  // it is not played.
  const before = [...list(job.before_script), ...list(job.script)].map(String);
  const installation = before.filter((line) => INSTALLATION.test(line));
  return {
    steps: [
      ...installation.map((line) => step(line, line)),
      step("script", before.filter((line) => !INSTALLATION.test(line)).join("\n")),
      step("after_script", list(job.after_script).map(String).join("\n"), true),
    ],
    shell: ["bash", "-eo", "pipefail"],
    artifacts: list(artifacts.paths).map(String),
    junit: [String(block(artifacts.reports, ["junit"]).junit)],
  };
}

/** A block of keys; when `known` is given, no other key may stand in it. */
function block(value: unknown, known?: readonly string[]): Block {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("a block of keys is missing");
  const strange = Object.keys(value).filter((key) => known && !known.includes(key));
  if (strange.length > 0) throw new Error(`the keys ${strange.join(", ")} are not understood`);
  return value as Block;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error("a list is missing");
  return value;
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
