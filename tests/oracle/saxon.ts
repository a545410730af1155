/** Saxon-HE as a witness: found on this machine, run in one JVM for a whole list of jobs (`Witness.java` says their form). */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import path from "node:path";
import { packageRoot } from "../../core/model/index.js";

export interface Saxon {
  readonly java: string;
  readonly jar: string;
}

export const INSTALL_SAXON =
  "Java (11 or newer, a JDK) and Saxon-HE are needed: on Debian, the packages default-jdk-headless and libsaxonhe-java; elsewhere put java on the PATH and set SAXON_JAR to the path of a Saxon-HE 9.9 or newer jar";

/** What is missing, or the two programs. Nothing is installed. */
export function findSaxon(): Saxon | null {
  const jar = [process.env["SAXON_JAR"] ?? "", "/usr/share/java/Saxon-HE.jar"].find(
    (file) => file !== "" && existsSync(file),
  );
  const java = process.env["JAVA_HOME"] ? path.join(process.env["JAVA_HOME"], "bin", "java") : "java";
  const found = spawnSync(java, ["--list-modules"], { encoding: "utf8" });
  return jar !== undefined && found.status === 0 && found.stdout.includes("jdk.compiler") ? { java, jar } : null;
}

export interface JobAnswer {
  readonly ok: boolean;
  /** Milliseconds, without the compilation of the style sheet, which is beside it. */
  readonly run: number;
  readonly compile: number;
  /** Local name of the XPath or XSLT error, and its message; empty when all went well. */
  readonly code: string;
  readonly message: string;
}

export interface JobsAnswer {
  readonly answers: readonly JobAnswer[];
  /** Peak of the Java heap in bytes. */
  readonly peakHeap: number;
  /** The whole process, in seconds. */
  readonly seconds: number;
}

export interface JobsOptions {
  /** Gigabytes of Java heap; default 2. */
  readonly heap?: number;
  /** Runs at the lowest priority, for long work beside other work; default true. */
  readonly gently?: boolean;
  readonly progress?: (done: number, of: number) => void;
}

/** Runs jobs one after the other in one JVM. `file` receives the list. */
export function runJobs(
  saxon: Saxon,
  jobs: readonly string[][],
  file: string,
  options: JobsOptions = {},
): Promise<JobsAnswer> {
  writeFileSync(file, jobs.map((job) => `${job.join("\t")}\n`).join(""));
  const source = path.join(packageRoot(import.meta.url), "tests", "oracle", "Witness.java");
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(saxon.java, [`-Xmx${options.heap ?? 2}g`, "-Xss64m", "-cp", saxon.jar, source, file], {
      stdio: ["ignore", "pipe", "pipe"],
      // Names with accents inside the tree: Java reads them by the locale.
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
    if (options.gently !== false && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const answers: JobAnswer[] = [];
    let peakHeap = 0;
    let rest = "";
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [word, run, compile, code = "", message = ""] = line.split("\t");
        if (word === "end") peakHeap = Number(run);
        else answers.push({ ok: word === "ok", run: Number(run), compile: Number(compile), code, message });
        options.progress?.(answers.length, jobs.length);
      }
    });
    child.on("error", reject);
    child.on("close", () => {
      if (answers.length === jobs.length) {
        resolve({ answers, peakHeap, seconds: (performance.now() - started) / 1000 });
      } else {
        reject(new Error(`Saxon stopped at job ${answers.length + 1} of ${jobs.length}: ${complaint.trim()}`));
      }
    });
  });
}
