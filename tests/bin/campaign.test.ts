/** `segur verify FOLDER` as a user calls it: real bundles, real processes, killed at bad moments. */
import type { ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { takeLock } from "../../bin/campaign/lock.js";
import type { CampaignSummary } from "../../bin/campaign/summary.js";
import { CANDIDATE, keyPair, makeRun, repack, seal, theSchemas, unpack } from "../support/bundle.js";
import { type CliResult, segur } from "../support/cli.js";
import { childrenOf, ended } from "../support/processes.js";
import { variantOf } from "../support/variants.js";

const EQUAL = 8;

describe("segur verify FOLDER", function () {
  let home: string;
  /** Bundles of eight versions of one candidate, one of another run, a forged one and what is none. */
  let folder: string;
  /** What a campaign over `folder` writes when nobody disturbs it. */
  let reference: { readonly json: string; readonly csv: string; readonly run: CliResult; readonly out: string };
  let copies = 0;
  const key = keyPair();

  const outOf = (name: string): string => path.join(home, name);
  const read = (out: string, name: string): string => readFileSync(path.join(out, name), "utf8");
  const summaryIn = (out: string): CampaignSummary => JSON.parse(read(out, "campaign.json")) as CampaignSummary;
  const journalLines = (out: string): number => read(out, "campaign.jsonl").split("\n").length - 1;
  const same = (out: string): void => {
    expect(read(out, "campaign.json")).to.equal(reference.json);
    expect(read(out, "campaign.csv")).to.equal(reference.csv);
  };
  const verify = (args: readonly string[], more: Partial<Parameters<typeof segur>[1]> = {}): Promise<CliResult> =>
    segur(["verify", "--lang", "en", ...args], { cwd: home, ...more });
  const freshOut = (): string => {
    copies += 1;
    return outOf(`out-${copies}`);
  };
  /** Calls back once, when so many bundles have ended. */
  const when =
    (count: number, act: (child: ChildProcess, workers: readonly number[]) => void) =>
    (child: ChildProcess, output: () => string): void => {
      let done = false;
      child.stderr?.on("data", () => {
        if (done || (output().match(/^ *\d+\/\d+ {2}/gm) ?? []).length < count) return;
        done = true;
        act(child, childrenOf(child.pid ?? 0));
      });
    };

  before(async () => {
    home = mkdtempSync(path.join(tmpdir(), "segur-campaign-"));
    folder = path.join(home, "received");
    mkdirSync(path.join(folder, "later"), { recursive: true });
    const files = await unpack(await seal({ key }));
    for (let i = 0; i < EQUAL; i += 1) {
      const change = { candidate: { version: `1.${i}` }, run: `run-${i}` };
      const name = i % 2 === 0 ? `v${i}.segur.zip` : `later/v${i}.ZIP`;
      writeFileSync(path.join(folder, name), variantOf(files, change, key));
    }
    writeFileSync(path.join(folder, "other.segur.zip"), await seal({ key, folder: (await makeRun()).folder }));
    const edited = await unpack(await seal({ key }));
    edited.set("run.json", Buffer.concat([edited.get("run.json") ?? Buffer.alloc(0), Buffer.from(" ")]));
    writeFileSync(path.join(folder, "forged.segur.zip"), repack(edited));
    writeFileSync(path.join(folder, "=cmd.zip"), "no archive");
    writeFileSync(path.join(folder, "readme.txt"), "no zip, no line");

    const out = freshOut();
    const run = await verify([folder, "--out", out, "--jobs", "1"]);
    reference = { json: read(out, "campaign.json"), csv: read(out, "campaign.csv"), run, out };
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  it("gives one line per bundle, in a summary of the published schema, and the worst exit code", () => {
    const summary = JSON.parse(reference.json) as CampaignSummary;
    expect(theSchemas().validator("campaign")(summary)).to.equal(true);
    expect(reference.run.code).to.equal(1);
    expect(summary.counts).to.include({ bundles: EQUAL + 3, equal: EQUAL + 1, refused: 2, unsettled: 0 });
    expect(summary.bundles.map(({ file }) => file)).to.deep.equal([
      "=cmd.zip",
      "forged.segur.zip",
      "later/v1.ZIP",
      "later/v3.ZIP",
      "later/v5.ZIP",
      "later/v7.ZIP",
      "other.segur.zip",
      "v0.segur.zip",
      "v2.segur.zip",
      "v4.segur.zip",
      "v6.segur.zip",
    ]);
    const line = summary.bundles.find(({ file }) => file === "v2.segur.zip");
    expect(line?.candidate).to.deep.equal({ ...CANDIDATE, version: "1.2" });
    expect(line?.decisions).to.have.length.greaterThan(0);
    expect(summary.bundles.slice(0, 2).map(({ reason }) => reason)).to.deep.equal(["archive_not_zip", "manifest_size"]);
    expect(reference.csv).to.include("\r\n'=cmd.zip,refused,archive_not_zip,");
    expect(reference.run.stderr).to.match(/11\/11 {2}/);
    expect(`${reference.json}${reference.csv}`).to.not.include(home);
  });

  it("tells that versions were recorded with the same bytes, and leaves the honest other run alone", () => {
    const { repeats, bundles } = JSON.parse(reference.json) as CampaignSummary;
    expect(repeats.map(({ kind, files }) => [kind, files.length])).to.deep.equal([["same_evidence", EQUAL]]);
    const other = bundles.find(({ file }) => file === "other.segur.zip");
    expect([other?.status, other?.duplicateOf]).to.deep.equal(["equal", null]);
  });

  it("writes the same bytes with three processes, in another place, time zone and locale", async () => {
    const elsewhere = path.join(home, "an other place é");
    cpSync(folder, elsewhere, { recursive: true });
    const env = { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
    const run = await segur(["verify", path.basename(elsewhere), "--jobs", "3", "--lang", "fr"], { cwd: home, env });
    expect(run.code).to.equal(1);
    same(`${elsewhere}-verification`);
    expect(existsSync(path.join(elsewhere, "campaign.json"))).to.equal(false);
    expect(run.stdout).to.include("IDENTIQUE");
  });

  it("does nothing again at a second start; --json prints the summary and nothing else", async () => {
    const lines = journalLines(reference.out);
    const again = await verify([folder, "--out", reference.out, "--json"]);
    expect(again.stdout).to.equal(reference.json);
    expect(again.stderr).to.include(`${EQUAL + 3} already verified`);
    expect(journalLines(reference.out)).to.equal(lines);
    same(reference.out);
  });

  it("loses nothing when it is killed in the middle, leaves no worker behind, and goes on", async () => {
    const out = freshOut();
    let workers: readonly number[] = [];
    const killed = await verify([folder, "--out", out, "--jobs", "2"], {
      running: when(3, (child, pids) => {
        workers = pids;
        child.kill("SIGKILL");
      }),
    });
    expect(killed.code).to.equal(null);
    expect(workers).to.have.length(2);
    await ended(...workers);
    expect(existsSync(path.join(out, "campaign.json"))).to.equal(false);
    const kept = journalLines(out);
    expect(kept).to.be.within(3, EQUAL + 2);
    const resumed = await verify([folder, "--out", out, "--jobs", "1"]);
    expect(resumed.code).to.equal(1);
    expect(resumed.stderr).to.include(`${kept} already verified`);
    expect(journalLines(out)).to.equal(EQUAL + 3);
    same(out);
    expect(readdirSync(out).sort()).to.deep.equal(["campaign.csv", "campaign.json", "campaign.jsonl"]);
  });

  it("does not mind a worker that is killed", async () => {
    const out = freshOut();
    const run = await verify([folder, "--out", out, "--jobs", "2"], {
      running: when(1, (_, [first]) => process.kill(first ?? 0, "SIGKILL")),
    });
    expect(run.code).to.equal(1);
    same(out);
  });

  it("ends a worker that hangs, and tries its bundle again alone", async () => {
    const out = freshOut();
    let stopped = 0;
    const run = await verify([folder, "--out", out, "--jobs", "1", "--timeout", "10"], {
      running: when(1, (_, [first]) => {
        stopped = first ?? 0;
        process.kill(stopped, "SIGSTOP");
      }),
    });
    expect(run.stderr).to.include("1 bundle to try again");
    await ended(stopped);
    expect(run.code).to.equal(1);
    same(out);
  });

  it("refuses what takes too long, exit code 2, and keeps none of it: the next start tries again", async () => {
    const out = freshOut();
    const few = path.join(home, "few");
    mkdirSync(few);
    cpSync(path.join(folder, "v0.segur.zip"), path.join(few, "v0.zip"));
    cpSync(path.join(folder, "v2.segur.zip"), path.join(few, "v2.zip"));
    const hasty = await verify([few, "--out", out, "--jobs", "1", "--timeout", "0.001"]);
    expect(hasty.code).to.equal(2);
    expect(hasty.stderr).to.include("2 bundles to try again");
    const { counts, bundles } = summaryIn(out);
    expect(counts).to.include({ refused: 2, unsettled: 2 });
    expect(bundles.map(({ reason }) => reason)).to.deep.equal(["timed_out", "timed_out"]);
    expect(journalLines(out)).to.equal(0);
    const patient = await verify([few, "--out", out, "--jobs", "1"]);
    expect(patient.code).to.equal(0);
    expect(summaryIn(out).counts).to.include({ equal: 2, unsettled: 0 });
  });

  it("refuses what is too large, or needs too much memory, and verifies its neighbours", async () => {
    const out = freshOut();
    const large = path.join(home, "large");
    mkdirSync(large);
    cpSync(path.join(folder, "v0.segur.zip"), path.join(large, "v0.zip"));
    for (const [name, size] of [
      ["heavy.zip", 500],
      ["huge.zip", 5000],
    ] as const) {
      writeFileSync(path.join(large, name), "");
      // A hole: no disk is used.
      truncateSync(path.join(large, name), size * 1024 * 1024);
    }
    const run = await verify([large, "--out", out, "--memory", "384", "--jobs", "1"]);
    expect(run.code).to.equal(2);
    expect(summaryIn(out).bundles.map(({ status, reason }) => [status, reason])).to.deep.equal([
      ["refused", "too_heavy"],
      ["refused", "archive_too_large"],
      ["equal", null],
    ]);
  });

  it("names links and follows none, exit code 2", async () => {
    const out = freshOut();
    const linked = path.join(home, "linked");
    mkdirSync(linked);
    cpSync(path.join(folder, "v0.segur.zip"), path.join(linked, "v0.zip"));
    symlinkSync(path.join(folder, "v2.segur.zip"), path.join(linked, "link.zip"));
    symlinkSync(folder, path.join(linked, "more"));
    const run = await verify([linked, "--out", out]);
    expect(run.code).to.equal(2);
    expect(summaryIn(out).bundles.map(({ file, reason }) => [file, reason])).to.deep.equal([
      ["link.zip", "link"],
      ["v0.zip", null],
    ]);
  });

  it("judges again what changed: the file, and whom one trusts", async () => {
    const out = freshOut();
    const moving = path.join(home, "moving");
    mkdirSync(moving);
    cpSync(path.join(folder, "v0.segur.zip"), path.join(moving, "a.zip"));
    expect((await verify([moving, "--out", out])).code).to.equal(0);
    renameSync(path.join(moving, "a.zip"), path.join(moving, "b.zip"));
    const renamed = await verify([moving, "--out", out]);
    expect(renamed.stderr).to.include("1 already verified");
    cpSync(path.join(folder, "forged.segur.zip"), path.join(moving, "b.zip"));
    const forged = await verify([moving, "--out", out]);
    expect(forged.code).to.equal(1);
    expect(summaryIn(out).bundles[0]?.reason).to.equal("manifest_size");

    cpSync(path.join(folder, "v0.segur.zip"), path.join(moving, "b.zip"));
    const trust = path.join(home, "keys.yaml");
    const trusting = (one: typeof key): void =>
      writeFileSync(
        trust,
        `format: segur-trust/1\ncandidates:\n  - vendor: ${CANDIDATE.vendor}\n    key: ${JSON.stringify(one.pem)}\n`,
      );
    trusting(key);
    expect((await verify([moving, "--out", out, "--trust", trust])).code).to.equal(0);
    expect(summaryIn(out).bundles[0]?.signer?.trusted).to.equal(true);
    trusting(keyPair());
    expect((await verify([moving, "--out", out, "--trust", trust])).code).to.equal(1);
    expect(summaryIn(out).bundles[0]).to.include({ reason: "signer_not_trusted" });
    expect(summaryIn(out).bundles[0]?.signer?.trusted).to.equal(false);
  });

  it("refuses to work beside another campaign on the same result", async () => {
    const out = freshOut();
    mkdirSync(out);
    const lock = takeLock(path.join(out, "campaign.lock"));
    const refused = await verify([folder, "--out", out]);
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.include("ERR_CAMPAIGN").and.to.include(`process ${process.pid} `);
    lock.demand();
    expect(readdirSync(out)).to.deep.equal(["campaign.lock"]);
    lock.release();
  });

  it("stops at Ctrl-C with what is done kept, exit code 2, and says how to go on", async () => {
    const out = freshOut();
    let workers: readonly number[] = [];
    const stopped = await verify([folder, "--out", out, "--jobs", "2"], {
      running: when(2, (child, pids) => {
        workers = pids;
        child.kill("SIGINT");
      }),
    });
    expect(stopped.code).to.equal(2);
    expect(stopped.stderr).to.match(/Interrupted: \d+ of 11 verified and kept/);
    await ended(...workers);
    expect(readdirSync(out)).to.deep.equal(["campaign.jsonl"]);
    expect((await verify([folder, "--out", out, "--jobs", "1"])).code).to.equal(1);
    same(out);
  });

  it("says what is wrong with what was typed", async () => {
    const empty = path.join(home, "empty");
    mkdirSync(empty);
    for (const [args, code] of [
      [[empty], "ERR_NOTHING_EXECUTED"],
      [[folder, "--jobs", "0"], "ERR_USAGE"],
      [[folder, "--timeout", "soon"], "ERR_USAGE"],
      [[folder, "--memory", "1"], "ERR_USAGE"],
      [[folder, "--out", "/proc/nowhere"], "ERR_DISK"],
      [[path.join(folder, "v0.segur.zip"), "--jobs", "2"], "ERR_USAGE"],
    ] as const) {
      const run = await verify(args);
      expect([run.code, run.stderr.includes(code)], args.join(" ")).to.deep.equal([2, true]);
      expect(run.stderr).to.not.match(/^ +at /m);
    }
    expect(existsSync(`${empty}-verification`)).to.equal(false);
  });
});
