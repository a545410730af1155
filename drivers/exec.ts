/** Driver `exec`: one command per operation, JSON on stdin, one JSON object on stdout. */
import { spawn } from "node:child_process";
import type { Driver, DriverConfig, DriverContext, OperationAnswer } from "../core/model/index.js";
import { SuiteError, VENDOR_OPERATIONS } from "../core/model/index.js";
import type { Browse } from "./http.js";
import { readJson } from "./json.js";

const MAX_OUTPUT = 1024 * 1024;

export function execDriver(config: DriverConfig, context: DriverContext, browse: Browse): Driver {
  const settings = config.exec;
  const commands = settings?.commands ?? {};
  if (Object.keys(commands).length === 0) {
    throw new SuiteError("ERR_CONFIG", "the exec driver has no command", {
      where: "drivers.exec.commands",
      mend: "give a command per operation, or `default` for all",
    });
  }
  let contacted = false;
  return {
    get contacted() {
      return contacted;
    },
    open: () => Promise.resolve({}),
    can: () =>
      Promise.resolve(
        VENDOR_OPERATIONS.filter(
          (name) => (commands[name] ?? commands.default) !== undefined && (!config.can || config.can.includes(name)),
        ),
      ),
    async perform(operation, input, { signal, key }): Promise<OperationAnswer> {
      const command = commands[operation] ?? commands.default;
      if (!command) return failed("no_command", `no command for ${operation}`);
      const ran = await run(
        command,
        { operation, input },
        settings?.cwd,
        context.environmentFile,
        config.timeout,
        signal,
      );
      if (ran.kind === "missing") {
        if (!contacted) {
          throw new SuiteError("ERR_VENDOR_UNREACHABLE", `the command cannot be run: ${ran.detail}`, {
            where: `drivers.exec.commands.${operation}: ${command[0] ?? ""}`,
            mend: "check the path of the program and that it may be executed",
          });
        }
        return failed("unreachable", ran.detail);
      }
      if (ran.kind === "failed") {
        contacted = true;
        return failed(ran.error, ran.detail);
      }
      contacted = true;
      const { value } = ran;
      if (value.status !== "done" && value.status !== "refused") {
        return failed("garbage", `status is ${JSON.stringify(value.status)}, not "done" or "refused"`);
      }
      if (value.status === "done" && typeof value.start === "string") {
        const walked = await browse(value.start, {
          professional: typeof input.professional === "string" ? input.professional : null,
          scenario: key,
          signal: AbortSignal.any([signal, AbortSignal.timeout(config.timeout * 1000)]),
        });
        return { status: "done", answer: { ...value, browser: walked } };
      }
      return { status: value.status, answer: value };
    },
    close: () => Promise.resolve(),
  };
}

type Ran =
  | { kind: "answer"; value: Record<string, unknown> }
  | { kind: "failed"; error: string; detail: string }
  | { kind: "missing"; detail: string };

function run(
  command: readonly string[],
  request: unknown,
  cwd: string | undefined,
  environmentFile: string,
  seconds: number,
  signal: AbortSignal,
): Promise<Ran> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, SEGUR_ENV: environmentFile },
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const out: Buffer[] = [];
    let size = 0;
    let errors = "";
    let ended = false;
    const end = (result: Ran): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (child.exitCode === null) child.kill("SIGKILL");
      resolve(result);
    };
    const timer = setTimeout(
      () => end({ kind: "failed", error: "timeout", detail: `no answer in ${seconds} s` }),
      seconds * 1000,
    );
    const onAbort = (): void => end({ kind: "failed", error: "interrupted", detail: "the run was interrupted" });
    signal.addEventListener("abort", onAbort);
    child.on("error", (error) => end({ kind: "missing", detail: error.message }));
    child.stdin.on("error", () => undefined);
    child.stderr.on("data", (chunk: Buffer) => {
      if (errors.length < 500) errors += chunk.toString("utf8");
    });
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT)
        end({ kind: "failed", error: "garbage", detail: `more than ${MAX_OUTPUT} bytes on stdout` });
      else out.push(chunk);
    });
    child.on("close", (code) => {
      if (code !== 0) {
        end({ kind: "failed", error: "exit_code", detail: `exit ${code}: ${errors.slice(0, 300)}` });
        return;
      }
      const value = readJson(Buffer.concat(out).toString("utf8"));
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        end({ kind: "failed", error: "garbage", detail: "stdout is not one JSON object" });
      } else end({ kind: "answer", value: value as Record<string, unknown> });
    });
    child.stdin.end(JSON.stringify(request));
  });
}

function failed(error: string, detail: string): OperationAnswer {
  return { status: "failed", answer: { error, detail: detail.slice(0, 500) } };
}
