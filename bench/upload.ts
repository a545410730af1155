/**
 * `npm run bench -- upload`: what the DMP mock needs to take a large document. A fresh `segur mock` per size, one MTOM upload,
 * the peak of its resident memory as Linux counts it (VmHWM); the mock that received nothing is the baseline.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Agent, request } from "undici";
import { packageRoot } from "../core/model/index.js";
import { loadIdentities } from "../services/shared/identities.js";
import { patientIdOf, submitRequest } from "../tests/services/dmp/client.js";

const root = packageRoot(import.meta.url);
const MEGABYTE = 1024 * 1024;

interface Environment {
  readonly services: { readonly dmp: { readonly endpoints: { readonly repository: string } } };
  readonly pki: { readonly caBundle: string; readonly auth: { readonly key: string; readonly cert: string } };
}

export async function benchUpload(): Promise<void> {
  const patient = loadIdentities(root).patients.find((one) => one.dmp === "active");
  if (!patient) throw new Error("no fictitious patient has a DMP");
  const idle = await withMock(() => Promise.resolve(Number.NaN));
  process.stdout.write(`segur mock, nothing received: peak ${megabytes(idle.peak)} MB\n`);
  for (const size of [1, 10, 50]) {
    const { seconds, peak } = await withMock(async ({ services, pki }) => {
      const { contentType, body } = submitRequest({
        patientId: patientIdOf(patient),
        content: randomBytes(size * MEGABYTE),
      });
      const agent = new Agent({
        connect: {
          ca: readFileSync(pki.caBundle),
          key: readFileSync(pki.auth.key),
          cert: readFileSync(pki.auth.cert),
        },
      });
      const started = performance.now();
      const answer = await request(services.dmp.endpoints.repository, {
        method: "POST",
        dispatcher: agent,
        headers: { "content-type": contentType },
        body,
      });
      const text = await answer.body.text();
      const taken = (performance.now() - started) / 1000;
      await agent.destroy();
      if (!text.includes("ResponseStatusType:Success"))
        throw new Error(`the upload was refused: ${text.slice(0, 300)}`);
      return taken;
    });
    process.stdout.write(
      `${String(size).padStart(2)} MB: ${seconds.toFixed(2)} s, ${(size / seconds).toFixed(0)} MB/s, peak ${megabytes(peak)} MB, ${megabytes(peak - idle.peak)} MB above the mock that received nothing\n`,
    );
  }
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(0);
}

/** Peak resident memory of the mock, in bytes, and what `use` measured. */
async function withMock(
  use: (environment: Environment) => Promise<number>,
): Promise<{ readonly seconds: number; readonly peak: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), "segur-bench-"));
  const child = spawn(process.execPath, [path.join(root, "bin", "segur.mjs"), "mock", "--json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    let line = "";
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      line += chunk.toString("utf8");
      if (line.includes("\n")) break;
    }
    const seconds = await use(JSON.parse(line) as Environment);
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    return { seconds, peak: Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024 };
  } finally {
    child.kill("SIGINT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
