/** What we pack is a plain zip archive to the tools of others: Info-ZIP's unzip and Python's zipfile. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { writeArchive } from "../../core/seal/archive.js";
import { packageRoot } from "../../core/model/index.js";

const run = promisify(execFile);
const root = packageRoot(import.meta.url);

/** Files of every kind: texts, templates, generated code, two megabytes that deflate too well to be deflated, nothing at all. */
function someFiles(): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(path.join(root, "specs"), { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    files.set(path.relative(root, file).replaceAll("\\", "/"), readFileSync(file));
  }
  files.set("proofs/1/zeros.bin", new Uint8Array(2 * 1024 * 1024));
  files.set("proofs/2/empty.txt", new Uint8Array());
  return files;
}

describe("peers: the archive of a bundle", () => {
  let folder: string;
  let file: string;
  const files = someFiles();

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-archive-"));
    file = path.join(folder, "x.zip");
    writeFileSync(file, writeArchive(files));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("unzip finds no error in it", async () => {
    const { stdout } = await run("unzip", ["-t", file], { maxBuffer: 16 * 1024 * 1024 });
    expect(stdout).to.match(/No errors detected in compressed data/);
    expect(stdout.match(/ OK$/gm)).to.have.length(files.size);
  });

  it("Python's zipfile reads the same bytes and the fixed time", async () => {
    const program = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None and z.comment == b""
    print(json.dumps({i.filename: [hashlib.sha256(z.read(i)).hexdigest(), list(i.date_time)] for i in z.infolist()}))
`;
    const { stdout } = await run("python3", ["-c", program, file], { maxBuffer: 16 * 1024 * 1024 });
    const expected = [...files].map(([name, data]) => [
      name,
      [createHash("sha256").update(data).digest("hex"), [1980, 1, 1, 0, 0, 0]],
    ]);
    expect(JSON.parse(stdout)).to.deep.equal(Object.fromEntries(expected));
  });

  it("is the same in any time zone and locale", async () => {
    const module = new URL("../../core/seal/archive.js", import.meta.url).href;
    const program = `
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
const { writeArchive, readArchive } = await import(${JSON.stringify(module)});
const files = await readArchive(readFileSync(process.argv[1]));
console.log(createHash("sha256").update(writeArchive(files)).digest("hex"));
`;
    const digest = async (env: NodeJS.ProcessEnv): Promise<string> => {
      const options = { env: { ...process.env, ...env } };
      return (await run(process.execPath, ["--input-type=module", "-e", program, file], options)).stdout.trim();
    };
    const expected = createHash("sha256").update(readFileSync(file)).digest("hex");
    for (const TZ of ["Pacific/Kiritimati", "America/St_Johns", "UTC"]) {
      expect(await digest({ TZ, LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }), TZ).to.equal(expected);
    }
  });
});
