/** Driver `http`: calls the endpoints of specs/vendor-endpoints.yaml and, for pages of a login, plays the browser. */
import { setTimeout as pause } from "node:timers/promises";
import axios, { type AxiosResponse, isAxiosError } from "axios";
import type {
  Driver,
  DriverConfig,
  DriverContext,
  OperationAnswer,
  OperationContext,
  VendorOperation,
} from "../core/model/index.js";
import { SuiteError, VENDOR_OPERATIONS } from "../core/model/index.js";
import { readJson } from "./json.js";
import { recordedCall } from "./recorded-call.js";

const MAX_ANSWER = 1024 * 1024;

/** Walks pages from a start URL, as a browser would (drivers/user-agent.ts). */
export type Browse = (
  start: string,
  hints: { readonly professional: string | null; readonly scenario?: string; readonly signal: AbortSignal },
) => Promise<{ readonly ok: boolean; readonly detail: string; readonly finalUrl: string }>;

export interface HttpDriverOptions {
  readonly config: DriverConfig;
  readonly context: DriverContext;
  readonly browse: Browse;
  /** True while a process started by us still runs (or when none was). */
  readonly alive: () => boolean;
  /** Where the output of that process stands, and how it ends. */
  readonly output?: { readonly logFile: string; lastWords(): string } | null;
}

export function httpDriver({ config, context, browse, alive, output }: HttpDriverOptions): Driver {
  const settings = config.http;
  if (!settings) {
    throw new SuiteError("ERR_CONFIG", "the http driver has no address", {
      where: "drivers.http.baseUrl",
      mend: "give the base URL of the vendor's endpoints",
    });
  }
  const base = settings.baseUrl.replace(/\/+$/, "");
  let contacted = false;
  let operations: readonly VendorOperation[] = [];

  const call = async (
    method: "GET" | "POST",
    url: string,
    body: unknown,
    scenario: string | null,
    signal: AbortSignal,
    seconds: number,
  ) => {
    const recorded = recordedCall(context.recorder, {
      listener: "driver",
      operation: "vendor.operation",
      scenario,
      ca: [context.caBundlePem, ...settings.trust],
    });
    let complete = false;
    try {
      const response: AxiosResponse<ArrayBuffer> = await axios.request({
        method,
        url,
        ...(body === undefined ? {} : { data: JSON.stringify(body) }),
        headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
        httpAgent: recorded.httpAgent,
        httpsAgent: recorded.httpsAgent,
        ...proxyFor(url, settings.proxy),
        adapter: "http",
        maxRedirects: 0,
        maxContentLength: MAX_ANSWER,
        responseType: "arraybuffer",
        transformResponse: (data: ArrayBuffer) => data,
        validateStatus: () => true,
        signal: AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]),
      });
      complete = true;
      return { status: response.status, text: Buffer.from(response.data).toString("utf8") };
    } finally {
      recorded.done(complete);
    }
  };

  return {
    get contacted() {
      return contacted;
    },
    async open() {
      const deadline = performance.now() + (config.start?.timeout ?? config.timeout) * 1000;
      let last = "no answer";
      for (;;) {
        try {
          const { status, text } = await call(
            "GET",
            `${base}/segur/health`,
            undefined,
            null,
            new AbortController().signal,
            5,
          );
          const health = readJson(text);
          if (status === 200 && isRecord(health)) {
            contacted = true;
            const listed = Array.isArray(health.operations) ? health.operations : null;
            operations = VENDOR_OPERATIONS.filter((name) => !listed || listed.includes(name));
            return {
              ...(typeof health.name === "string" ? { name: health.name } : {}),
              ...(typeof health.version === "string" ? { version: health.version } : {}),
            };
          }
          last = `HTTP ${status}, ${health === undefined ? "not JSON" : "not the health object"}`;
        } catch (error) {
          last = reason(error);
        }
        if (!alive()) {
          // Its output comes by pipes of their own, a little later than its end.
          await pause(100);
          const words = output?.lastWords() ?? "";
          throw new SuiteError("ERR_VENDOR_START", "the vendor's software ended before it answered", {
            where: output?.logFile ?? `${base}/segur/health`,
            mend:
              words === ""
                ? "it wrote nothing: start it by hand to see why"
                : `read why at the end of that file:\n${words}`,
          });
        }
        if (performance.now() > deadline) {
          throw new SuiteError("ERR_VENDOR_UNREACHABLE", `the vendor's software does not answer (${last})`, {
            where: `${base}/segur/health`,
            mend: "start it, or check drivers.http.baseUrl and the certificates it shows; `segur doctor` looks further",
          });
        }
        await pause(100);
      }
    },
    can: () => Promise.resolve(config.can ? operations.filter((name) => config.can?.includes(name)) : operations),
    async perform(operation, input, operationContext): Promise<OperationAnswer> {
      const { signal, key } = operationContext;
      if (!alive()) return failed("vendor_gone", "the vendor's process has ended");
      let answer: OperationAnswer;
      try {
        const { status, text } = await call(
          "POST",
          `${base}/segur/operations/${operation}`,
          input,
          key,
          signal,
          config.timeout,
        );
        answer = read(status, text);
      } catch (error) {
        return failed(isTimeout(error) ? "timeout" : "unreachable", reason(error));
      }
      if (answer.status !== "done" || !isRecord(answer.answer) || typeof answer.answer.start !== "string")
        return answer;
      return walk(answer, answer.answer.start, input, operationContext);
    },
    close: () => Promise.resolve(),
  };

  async function walk(
    answer: OperationAnswer,
    start: string,
    input: Readonly<Record<string, unknown>>,
    { signal, key }: OperationContext,
  ): Promise<OperationAnswer> {
    try {
      const walked = await browse(start, {
        professional: typeof input.professional === "string" ? input.professional : null,
        scenario: key,
        signal: AbortSignal.any([signal, AbortSignal.timeout(config.timeout * 1000)]),
      });
      return { status: "done", answer: { ...(answer.answer as object), browser: walked } };
    } catch (error) {
      return failed(isTimeout(error) ? "timeout" : "browser", reason(error));
    }
  }
}

function read(status: number, text: string): OperationAnswer {
  const value = readJson(text);
  if (status >= 400) return failed("http_status", `HTTP ${status}: ${text.slice(0, 200)}`);
  if (!isRecord(value)) return failed("garbage", `not a JSON object: ${text.slice(0, 200)}`);
  if (value.status !== "done" && value.status !== "refused") {
    return failed("garbage", `status is ${JSON.stringify(value.status)}, not "done" or "refused"`);
  }
  return { status: value.status, answer: value };
}

function failed(error: string, detail: string): OperationAnswer {
  return { status: "failed", answer: { error, detail: detail.slice(0, 500) } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTimeout(error: unknown): boolean {
  return (
    (isAxiosError(error) && (error.code === "ECONNABORTED" || error.code === "ERR_CANCELED")) ||
    (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError"))
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The explicit proxy of segur.yaml, never one from the environment, never for loopback. */
function proxyFor(
  url: string,
  proxy: string | undefined,
): { proxy: false | { protocol: string; host: string; port: number } } {
  const { hostname } = new URL(url);
  if (!proxy || hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname)) return { proxy: false };
  const at = new URL(proxy);
  return { proxy: { protocol: at.protocol.replace(":", ""), host: at.hostname, port: Number(at.port || 80) } };
}
