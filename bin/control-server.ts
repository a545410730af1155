/**
 * Control calls for people who only run `segur mock`: expire a token, script a fault, now. Plain HTTP on loopback, JSON only.
 *   POST /control/{service}/{command}   body: arguments (or nothing)
 *   POST /faults                        body: { "faults": [{ "service", "at", "kind", "times", "args" }] }, replaces those armed
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { FaultSpec, ScriptedFaults } from "../core/model/index.js";
import { type Host, SERVICE_NAMES } from "../services/host.js";

const MAX_BODY = 64 * 1024;

export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function openControlServer(host: Host, faults: ScriptedFaults): Promise<ControlServer> {
  const server = http.createServer((req, res) => {
    void (async () => {
      const answer = (status: number, value: unknown): void => {
        res.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(value)}\n`);
      };
      try {
        // A page in a browser can neither choose this content type nor this host without being asked first.
        if (!/^(127\.0\.0\.1|localhost):\d+$/.test(req.headers.host ?? "")) return answer(403, { error: "host" });
        if (req.method !== "POST") return answer(405, { error: "POST only" });
        if (!/^application\/json\b/.test(req.headers["content-type"] ?? "")) {
          return answer(415, { error: "content-type must be application/json" });
        }
        const body = await read(req);
        if (req.url === "/faults") {
          const list = faultsOf(body);
          if (!list) return answer(400, { error: '{ "faults": [{ "service", "at", "kind" }] } expected' });
          faults.disarm("mock");
          faults.arm("mock", list);
          return answer(200, { armed: list.length });
        }
        const [, service, command] = /^\/control\/([a-z]+)\/([a-z-]+)$/.exec(req.url ?? "") ?? [];
        const name = SERVICE_NAMES.find((known) => known === service);
        if (!name || !command) return answer(404, { error: "POST /control/{service}/{command} or /faults" });
        const args = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
        return answer(200, { answer: (await host.control(name, command, args)) ?? null });
      } catch (error) {
        return answer(400, { error: error instanceof Error ? error.message : String(error) });
      }
    })();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(req: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error(`more than ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  return size === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function faultsOf(body: unknown): FaultSpec[] | null {
  const list = (body as { faults?: unknown } | null)?.faults;
  if (!Array.isArray(list)) return null;
  const sound = list.every(
    (fault: Partial<FaultSpec> | null) =>
      SERVICE_NAMES.some((name) => name === fault?.service) &&
      typeof fault?.at === "string" &&
      typeof fault?.kind === "string",
  );
  return sound ? (list as FaultSpec[]) : null;
}
