/** Java programs of this folder, compiled on the spot, and the software `cabinet` driven by a true run. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { packageRoot, type RunResult } from "../../../core/model/index.js";
import { freePort } from "../../../drivers/vendor-process.js";
import { segur } from "../../support/cli.js";

const run = promisify(execFile);
const SOURCES = path.join(packageRoot(import.meta.url), "tests", "peers", "java");
/** Where Debian puts the libraries. */
const LIBRARIES = ["gson", "jakarta-mail", "jakarta-activation", "pdfbox2", "fontbox2", "commons-logging"].map(
  (name) => `/usr/share/java/${name}.jar`,
);

/** A JVM of a few seconds gains nothing from its second compiler and its parallel collector. */
const SHORT_LIVED = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/** Compiles a package of this folder below `folder`; gives the arguments of `java` up to the class path. */
export async function compileJava(folder: string, name: "cabinet" | "witness"): Promise<readonly string[]> {
  const classes = path.join(folder, `${name}-classes`);
  const sources = readdirSync(path.join(SOURCES, name)).map((file) => path.join(SOURCES, name, file));
  const classPath = LIBRARIES.join(path.delimiter);
  const options = ["-encoding", "UTF-8", "-proc:none", "-nowarn", "-cp", classPath, "-d", classes];
  await run("javac", [...SHORT_LIVED.map((option) => `-J${option}`), ...options, ...sources]);
  return [...SHORT_LIVED, "-cp", [classes, classPath].join(path.delimiter)];
}

export interface Played {
  readonly code: number | null;
  readonly output: string;
  readonly result: RunResult;
  /** What the software answered, step by step, with the scenario's key. */
  readonly answers: readonly { readonly scenario: string; readonly answer: Readonly<Record<string, unknown>> }[];
}

/** A run by the software in Java, of these scenarios or of all it can do; `options` are its own. */
export async function playJava(
  folder: string,
  java: readonly string[],
  scenarios: readonly string[] = [],
  options: readonly string[] = [],
): Promise<Played> {
  const port = await freePort();
  const config = {
    candidate: { vendor: "Éditeur Java", product: "Cabinet Java", version: "3.2", nil: "DEMO000002" },
    perimeters: ["mdv-lgc-wave-2"],
    subProfiles: [],
    psc: {
      clients: [
        {
          id: "cabinet-java",
          method: "client_secret_basic",
          secret: "secret-fictif-du-cabinet-java-0123",
          redirectUris: [`https://localhost:${port}/callback`],
          logoutUris: [`https://localhost:${port}/`],
        },
      ],
    },
    drivers: {
      kind: "http",
      concurrent: true,
      quiet: 50,
      timeout: 60,
      http: { baseUrl: `https://localhost:${port}` },
      start: { command: ["java", ...java, "cabinet.Main", "--port", "{port}", ...options], port, timeout: 60 },
    },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "segur.yaml"), JSON.stringify(config)); // JSON is YAML
  const played = await segur(["run", ...scenarios.flatMap((id) => ["--only", id])], { cwd: folder });
  const runs = path.join(folder, "runs");
  const [name] = readdirSync(runs);
  if (name === undefined) throw new Error(`no run: ${played.stderr}${played.stdout}`);
  const at = path.join(runs, name);
  const answers = readFileSync(path.join(at, "recording", "events.jsonl"), "utf8")
    .split("\n")
    .flatMap((line) => {
      if (!line.includes('"step.end"')) return [];
      const event = JSON.parse(line) as { scenario: string; data: { answer?: Record<string, unknown> | null } };
      return event.data.answer ? [{ scenario: event.scenario, answer: event.data.answer }] : [];
    });
  const result = JSON.parse(readFileSync(path.join(at, "result.json"), "utf8")) as RunResult;
  return { code: played.code, output: played.stderr.slice(-2000), result, answers };
}

/** Planned checks that are neither met nor without object: what a conforming software must not have. */
export function faults(result: RunResult): unknown[] {
  return result.checks
    .filter((check) => check.planned && check.outcome !== "met" && check.outcome !== "inapplicable")
    .map(({ id, outcome, findings }) => ({ id, outcome, findings: findings.slice(0, 3) }));
}

/** Messages of the findings, as check: message, each once. */
export function messages(result: RunResult): string[] {
  const found = result.checks.flatMap((check) => check.findings.map((finding) => `${check.id}: ${finding.message}`));
  return [...new Set(found)].sort();
}

export function met(result: RunResult): string[] {
  return result.checks.filter((check) => check.planned && check.outcome === "met").map((check) => check.id);
}
