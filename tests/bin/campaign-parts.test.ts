/** The parts of a campaign that need no process: spreadsheet cells, evidence used twice, journal, lock. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { CampaignContext } from "../../bin/campaign/context.js";
import { cell, csvOf } from "../../bin/campaign/csv.js";
import type { CampaignEntry } from "../../bin/campaign/entry.js";
import { openJournal } from "../../bin/campaign/journal.js";
import { takeLock } from "../../bin/campaign/lock.js";
import { findRepeats } from "../../bin/campaign/repeats.js";
import { exitCodeOfCampaign, lineOf, summaryOf } from "../../bin/campaign/summary.js";
import { SuiteError } from "../../core/model/index.js";
import { theSchemas } from "../support/bundle.js";
import { ended } from "../support/processes.js";

const hex = (seed: string): string => Buffer.from(seed.padEnd(32, ".")).toString("hex").slice(0, 64);

const CONTEXT: CampaignContext = {
  verification: "segur-verification/1",
  tool: "0.1.0",
  ruleSet: hex("rules"),
  trust: null,
};

/** An entry of a bundle like any other; `seed` makes everything in it its own. */
function entry(seed: string, change: Partial<CampaignEntry> = {}): CampaignEntry {
  return {
    status: "equal",
    refusal: null,
    bundle: { sha256: hex(`bundle ${seed}`), size: 10 },
    candidate: { vendor: `Vendor ${seed}`, product: "Product", version: "1.0" },
    run: { id: `run-${seed}`, startedAt: "2026-11-21T20:00:00.000Z", endedAt: "2026-11-21T20:01:00.000Z" },
    mode: "sandbox",
    madeWith: { tool: "0.1.0", ruleSet: CONTEXT.ruleSet, rules: null },
    signer: { keyid: hex(`key ${seed}`), algorithm: "ed25519", subject: null, trusted: null },
    challenge: null,
    countersignature: null,
    differences: 0,
    decisions: [{ perimeter: "wave", decision: "referencable", reason: null }],
    recording: hex(`recording ${seed}`),
    sample: Array.from({ length: 8 }, (_, i) => hex(`${seed}${i}`).slice(0, 16)),
    ...change,
  };
}

/** A strict reader of RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (let at = 0; at < text.length;) {
    const row = rows.at(-1) ?? [];
    const quoted = /"((?:[^"]|"")*)"/y;
    const plain = /[^",\r\n]*/y;
    quoted.lastIndex = plain.lastIndex = at;
    const found = quoted.exec(text) ?? plain.exec(text);
    row.push((found?.[1] ?? found?.[0] ?? "").replaceAll('""', '"'));
    at += found?.[0].length ?? 0;
    if (text.startsWith(",", at)) at += 1;
    else if (text.startsWith("\r\n", at)) {
      at += 2;
      rows.push([]);
    } else throw new Error(`no separator at ${at}`);
  }
  return rows.slice(0, -1);
}

describe("campaign.csv", () => {
  it("gives no cell that a spreadsheet takes for a formula", () => {
    for (const hostile of [
      "=1+1",
      "+33",
      "-2",
      "@SUM(A1)",
      "\t=1",
      "  =1",
      "|calc",
      "%0A=1",
      "＝1+1",
      "\r=1",
      "\n@a",
    ]) {
      expect(cell(hostile).replace(/^"/, "")[0], JSON.stringify(hostile)).to.be.oneOf(["'", "["]);
    }
    expect(cell("Éditeur = bon")).to.equal("Éditeur = bon");
    expect(cell("2026-11-21")).to.equal("2026-11-21");
  });

  it("gives none either where the spreadsheet cuts cells at semicolons", () => {
    for (const hostile of ["a;=1+1", 'a;" =1', 'x",=1', "a; @b", "a;=1;-2"]) {
      const cells = cell(hostile).split(/[;,]/);
      for (const one of cells.slice(1)) expect(one, hostile).to.not.match(/^[\s"]*[=+\-@|%]/);
    }
  });

  it("is read back by RFC 4180 with as many cells in each line, whatever stands in them", () => {
    const vendor = 'Dupont, "fils"\r\n=HYPERLINK("x"),\u202e;+1';
    const hostile = lineOf('a,b"c\n.zip', {
      kind: "verified",
      entry: entry("1", { candidate: { vendor, product: ",", version: '"' } }),
    });
    const rows = readCsv(csvOf([hostile, lineOf("z.zip", { kind: "unread", obstacle: "link" })]));
    expect(rows.map((row) => row.length)).to.deep.equal([27, 27, 27]);
    const column = (name: string): string => rows[1]?.[rows[0]?.indexOf(name) ?? -1] ?? "";
    expect(column("file")).to.equal('a,b"c[LF].zip');
    expect(column("vendor")).to.include('Dupont, "fils"[CR][LF]=HYPERLINK');
    expect(column("vendor")).to.include("[U+202E]").and.to.include(";'+1");
    expect(rows[2]?.slice(0, 3)).to.deep.equal(["z.zip", "unread", "link"]);
  });
});

describe("evidence used twice", () => {
  const found = (...entries: CampaignEntry[]) =>
    findRepeats(entries.map((one, index) => ({ file: `${index}.zip`, entry: one }))).map(
      ({ kind, files }) => `${kind} ${files.join(" ")}`,
    );

  it("is not seen where there is none", () => {
    expect(found(entry("a"), entry("b"), entry("c"))).to.deep.equal([]);
  });

  it("is named by the strongest thing that the bundles share", () => {
    expect(found(entry("a"), entry("b"), entry("a"))).to.deep.equal(["same_file 0.zip 2.zip"]);
    const bundle = { sha256: hex("other"), size: 1 };
    expect(found(entry("a"), entry("a", { bundle }))).to.deep.equal(["same_recording 0.zip 1.zip"]);
    const { run } = entry("a");
    expect(found(entry("a"), entry("b", { run }))).to.deep.equal(["same_run 0.zip 1.zip"]);
    const challenge = { id: "c1", issuer: null, expected: null, traced: null };
    expect(found(entry("a", { challenge }), entry("b"), entry("c", { challenge }))).to.deep.equal([
      "same_challenge 0.zip 2.zip",
    ]);
  });

  it("is seen in the recorded bytes, also when most of a recording was replaced and everything else renamed", () => {
    const { sample } = entry("a");
    const mixed = (from: number): string[] => [...sample.slice(0, from), ...entry("b").sample.slice(from)];
    expect(found(entry("a"), entry("b", { sample: mixed(3) }))).to.deep.equal(["same_evidence 0.zip 1.zip"]);
    expect(found(entry("a"), entry("b", { sample: mixed(2) }))).to.deep.equal([]);
  });

  it("tells two groups of borrowed bytes apart", () => {
    const as = (seed: string, of: string): CampaignEntry => entry(seed, { sample: entry(of).sample });
    expect(found(entry("a"), entry("b"), as("c", "b"), as("d", "a"), entry("e"))).to.deep.equal([
      "same_evidence 0.zip 3.zip",
      "same_evidence 1.zip 2.zip",
    ]);
  });

  it("tells a key that signs for two vendors, and not one that signs twice for its own", () => {
    const { signer, candidate } = entry("a");
    expect(found(entry("a"), entry("b", { signer, candidate }))).to.deep.equal([]);
    expect(found(entry("a"), entry("b", { signer }))).to.deep.equal(["same_key 0.zip 1.zip"]);
    // It is said even of files that are brought together already: that is another matter.
    expect(found(entry("a"), entry("b", { signer, run: entry("a").run }))).to.deep.equal([
      "same_run 0.zip 1.zip",
      "same_key 0.zip 1.zip",
    ]);
  });

  it("stands in the lines of the summary and changes neither status nor exit code", () => {
    const endings = new Map(
      ["b.zip", "a.zip"].map((file) => [file, { kind: "verified" as const, entry: entry("same") }]),
    );
    const summary = summaryOf(CONTEXT, endings);
    expect(summary.bundles.map(({ file, duplicateOf, status }) => [file, duplicateOf, status])).to.deep.equal([
      ["a.zip", "b.zip", "equal"],
      ["b.zip", "a.zip", "equal"],
    ]);
    expect(exitCodeOfCampaign(summary)).to.equal(0);
    expect(theSchemas().validator("campaign")(JSON.parse(JSON.stringify(summary)))).to.equal(true);
  });
});

describe("exit code of a campaign", () => {
  const code = (...endings: Parameters<typeof lineOf>[1][]): number =>
    exitCodeOfCampaign({ bundles: endings.map((ending, index) => lineOf(`${index}`, ending)) });
  const refused = (reason: "signature_invalid" | "timed_out" | "too_heavy") =>
    ({ kind: "refused", refusal: { reason, where: null, slots: {} } }) as const;
  const good = { kind: "verified", entry: entry("a") } as const;

  it("is the worst of the lines: what could not be judged, then what is not as claimed", () => {
    expect(code(good)).to.equal(0);
    expect(code(good, refused("signature_invalid"), good)).to.equal(1);
    expect(code({ kind: "verified", entry: entry("b", { status: "different" }) }, good)).to.equal(1);
    expect(code({ kind: "verified", entry: entry("b", { status: "cannot_recompute" }) }, good)).to.equal(2);
    for (const reason of ["timed_out", "too_heavy"] as const) {
      expect(code(refused("signature_invalid"), refused(reason), good), reason).to.equal(2);
    }
    expect(code(good, { kind: "unread", obstacle: "link" })).to.equal(2);
    expect(code(good, { kind: "failed", fault: "worker_died" })).to.equal(2);
  });
});

describe("journal of a campaign", () => {
  let folder: string;
  let file: string;
  const validate = theSchemas().validator("campaign", "journalLine");
  const open = (context = CONTEXT) => openJournal(file, context, (value) => validate(value) === true);
  const write = (...seeds: string[]): void => {
    const journal = open();
    for (const seed of seeds) journal.add(entry(seed));
    journal.close();
  };
  const reopened = <T>(see: (journal: ReturnType<typeof open>) => T, context = CONTEXT): T => {
    const journal = open(context);
    try {
      return see(journal);
    } finally {
      journal.close();
    }
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-journal-"));
    file = path.join(folder, "campaign.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gives back what was added, and appends", () => {
    write("a");
    write("b");
    expect(reopened(({ size, known }) => [size, known(hex("bundle a")), known(hex("bundle c"))])).to.deep.equal([
      2,
      entry("a"),
      null,
    ]);
  });

  it("drops a last line that was cut at any byte, and appends after it as if it had never been", () => {
    write("a", "b");
    const whole = readFileSync(file);
    const first = whole.indexOf(0x0a) + 1;
    for (const cut of [first + 1, first + 40, whole.length - 2, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, cut));
      expect(
        reopened(({ size, damaged }) => [size, damaged]),
        String(cut),
      ).to.deep.equal([1, 0]);
      expect(statSync(file).size).to.equal(first);
      write("b");
      expect(readFileSync(file).equals(whole)).to.equal(true);
    }
  });

  it("leaves aside lines that are damaged or not ours, and says how many", () => {
    write("a");
    const line = readFileSync(file, "utf8");
    const extra = line.replace('"entry":{', '"entry":{"extra":1,');
    const proto = line.replace('"entry":{', '"entry":{"__proto__":{"status":"equal"},');
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}\n`;
    appendFileSync(file, `\0\0\0\n{}\nnull\n${extra}${proto}${deep}`);
    write("b");
    expect(reopened(({ size, damaged }) => [size, damaged])).to.deep.equal([2, 6]);
  });

  it("knows nothing in another context: rule set, trust file, version", () => {
    write("a");
    for (const change of [{ ruleSet: hex("x") }, { trust: hex("y") }, { tool: "0.1.1" }]) {
      expect(
        reopened(({ size }) => size, { ...CONTEXT, ...change }),
        JSON.stringify(change),
      ).to.equal(0);
    }
    expect(reopened(({ size }) => size)).to.equal(1);
  });
});

describe("lock of a campaign", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-lock-"));
    file = path.join(folder, "campaign.lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const refusal = (): string => {
    try {
      takeLock(file);
    } catch (error) {
      if (error instanceof SuiteError) return error.code;
      throw error;
    }
    return "taken";
  };
  const owner = (change: object): void => {
    takeLock(file);
    const own = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...own, token: "another", ...change }));
  };

  it("is held by one, and free again after release", () => {
    const lock = takeLock(file);
    expect(refusal()).to.equal("ERR_CAMPAIGN");
    lock.demand();
    lock.release();
    expect(existsSync(file)).to.equal(false);
    expect(refusal()).to.equal("taken");
  });

  it("of a process that ended is taken over, and nothing is left beside it", async () => {
    const child = spawn(process.execPath, ["-e", "0"]);
    await once(child, "exit");
    owner({ pid: child.pid });
    expect(refusal()).to.equal("taken");
    expect(JSON.parse(readFileSync(file, "utf8"))).to.include({ pid: process.pid });
  });

  it("of a process whose number another one has by now is taken over", () => {
    owner({ start: "another boot 1" });
    expect(refusal()).to.equal("taken");
  });

  it("of another machine is respected: nobody here can tell", () => {
    owner({ host: `not-${hostname()}`, pid: 999_999_999 });
    expect(refusal()).to.equal("ERR_CAMPAIGN");
  });

  it("that says nothing is taken over", () => {
    writeFileSync(file, '{"pid":');
    expect(refusal()).to.equal("taken");
  });

  it("that was lost is noticed, and the new owner's is not removed", () => {
    const lock = takeLock(file);
    rmSync(file);
    const other = takeLock(file);
    expect(() => lock.demand()).to.throw(SuiteError, /took over/);
    lock.release();
    other.demand();
  });
});

describe("a worker whose parent is gone", () => {
  it("ends even in a loop that never rests", async () => {
    const orphan = new URL("../../bin/campaign/orphan.js", import.meta.url).href;
    const looping = `
      import { Worker } from "node:worker_threads";
      new Worker(new URL(${JSON.stringify(orphan)}), { execArgv: [], workerData: { parent: process.ppid } }).once("message", () => {
        process.stdout.write(process.pid + "\\n", () => { for (;;); });
      });`;
    const parent = `
      import { spawn } from "node:child_process";
      spawn(process.execPath, ["--input-type=module", "-e", ${JSON.stringify(looping)}], { stdio: ["ignore", "inherit", "inherit"] });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", parent], {
      cwd: path.dirname(fileURLToPath(import.meta.url)),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(pid).to.be.greaterThan(0);
    child.kill("SIGKILL");
    await ended(pid);
  });
});
