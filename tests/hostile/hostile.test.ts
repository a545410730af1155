/** Every hostile or forged bundle gives exactly its named reason: no throw, no hang, bounded memory. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import fc from "fast-check";
import { packageRoot } from "../../core/model/index.js";
import { Refusal, REFUSAL_REASONS } from "../../core/seal/refusal.js";
import { readReviews, trustedReviewers } from "../../core/seal/review.js";
import type { Trust } from "../../core/seal/trust.js";
import { decideWithReviews } from "../../bin/agency-decision.js";
import { verificationText } from "../../bin/verification-text.js";
import { type Verification, verifyBundle } from "../../bin/verification.js";
import { CANDIDATE } from "../support/bundle.js";
import type { HostileCase } from "./case.js";
import { hostilePage } from "./page.js";
import { Forgery } from "./forge.js";
import { spoil } from "./spoil.js";
import { openStage, type Stage } from "./stage.js";
import { HOSTILE } from "./table.js";

const run = promisify(execFile);
const ALL = HOSTILE.flatMap(({ cases }) => cases);

/** What no terminal, log or page may be given: controls but the line feed, and what turns text around. */

const COMMANDS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe("hostile bundles", function () {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  const verify = async (bytes: Uint8Array, trust = stage.trust as typeof stage.trust | null): Promise<Verification> =>
    (await verifyBundle(bytes, { suite: stage.suite, schemas: stage.schemas, trust })).verification;

  /** Reads reviews beside a bundle and decides with them, as `segur review` does: the reason of their refusal, or `equal`. */
  const reviewed = async (bytes: Uint8Array, text: string, trust: Trust | null): Promise<string> => {
    const { bundle, meta, result } = await verifyBundle(bytes, { suite: stage.suite, schemas: stage.schemas, trust });
    if (!bundle || !meta || !result || !trust) throw new Error("not judged");
    const subject = { bundle: bundle.sha256, candidate: bundle.manifest.candidate };
    try {
      const log = readReviews(Buffer.from(text), subject, trustedReviewers(trust), "reviews");
      decideWithReviews({ result, meta, suite: stage.suite, reviews: log.entries });
      return "equal";
    } catch (error) {
      if (error instanceof Refusal) return error.reason;
      throw error;
    }
  };

  it("the bundles they are made from are accepted", async () => {
    for (const { bytes } of [stage.good, stage.other, stage.challenged]) {
      const { status, refusal } = await verify(bytes);
      expect({ status, refusal }).to.deep.equal({ status: "equal", refusal: null });
    }
    const again = await verify(new Forgery(stage).rejudge().seal());
    expect(again.bundle.sha256).to.equal((await verify(stage.good.bytes)).bundle.sha256);
  });

  for (const { title, cases } of HOSTILE) {
    describe(title, () => {
      for (const one of cases) {
        it(`${one.id}: ${answerOf(one)}`, async () => {
          const bytes = await one.build(stage);
          const trust = one.trust ? await one.trust(stage) : stage.trust;
          const verification = await verify(bytes, trust);
          const { status, refusal, differences } = verification;
          if (one.reviews) {
            expect({ status, refusal }, "the bundle itself").to.deep.equal({ status: "equal", refusal: null });
            expect(await reviewed(bytes, one.reviews(stage, bytes), trust)).to.equal(answerOf(one));
            return;
          }
          if (one.expected.status === "equal") {
            const { row: wanted } = one.expected;
            const { result } = await verifyBundle(bytes, { suite: stage.suite, schemas: stage.schemas, trust });
            const rows = (result?.perimeters ?? []).flatMap(({ groups }) => groups.flatMap((group) => group.rows));
            const found = rows.filter(({ id }) => id === wanted.id);
            expect(found).not.to.deep.equal([]);
            for (const { id, verdict, dossier } of found) expect({ id, verdict, dossier }).to.deep.equal(wanted);
          }
          expect(refusal?.reason ?? status).to.equal(
            one.expected.status === "refused" ? one.expected.reason : one.expected.status,
          );
          if (one.expected.status === "different") {
            const { kind, id } = one.expected;
            expect(differences.map((difference) => difference.kind)).to.include(kind);
            if (id !== undefined) expect(differences.map((difference) => difference.id)).to.include(id);
          }
          for (const lang of ["fr", "en"] as const) {
            expect(verificationText(verification, lang)).not.to.match(COMMANDS);
          }
        });
      }
    });
  }

  it("shows as plain text a name that would command a terminal, where nothing else is wrong", async () => {
    const product = "\u001b[2J\u202eelbacneréfér\u0007";
    const forgery = new Forgery(stage)
      .run((meta) => (meta.config.candidate.product = product))
      .records("events", (events) => {
        for (const { kind, data } of events) if (kind === "recording.open") data.candidate.product = product;
      });
    forgery.facts.candidate.product = product;
    const verification = await verify(forgery.rejudge().seal());
    expect(verification.status).to.equal("equal");
    expect(verificationText(verification, "fr")).to.include("[ESC][2J[U+202E]").and.not.to.match(COMMANDS);
  });

  it("have names of their own, and show every reason there is about archives", () => {
    expect(new Set(ALL.map(({ id }) => id)).size).to.equal(ALL.length);
    const shown = new Set(ALL.flatMap(({ expected }) => (expected.status === "refused" ? [expected.reason] : [])));
    const archive = REFUSAL_REASONS.filter((reason) => reason.startsWith("archive_") && !shown.has(reason));
    // Shown one by one in tests/core/seal/archive.test.ts.
    expect(archive).to.deep.equal(["archive_corrupt", "archive_crc", "archive_folder", "archive_method"]);
  });

  it("end with a status, whatever place of a signed file is spoilt", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(2 ** 31 - 1)), fc.boolean(), async (numbers, challenged) => {
        const forgery = new Forgery(stage, challenged ? stage.challenged : stage.good);
        const where = spoil(forgery, (below) => Number(numbers.next().value) % Math.max(1, below));
        const bytes = sealedAnyhow(forgery);
        if (!bytes) return;
        const verification = await verify(bytes);
        seen.add(verification.status);
        if (verification.status === "different") expect(verification.differences, where).not.to.deep.equal([]);
        expect(verificationText(verification, "fr")).not.to.match(COMMANDS);
      }),
      { numRuns: 40 },
    );
    expect([...seen]).to.include("refused");
  });

  it("stand in docs/hostile-bundles.md as they are here (else: npm run build, node dist/tests/hostile/write-page.js)", () => {
    const page = readFileSync(path.join(packageRoot(import.meta.url), "docs", "hostile-bundles.md"), "utf8");
    expect(page).to.equal(hostilePage());
  });

  describe("by the command line, in little memory", () => {
    let folder: string;
    let trust: string;
    before(() => {
      folder = mkdtempSync(path.join(tmpdir(), "segur-hostile-"));
      trust = path.join(folder, "keys.yaml");
      writeFileSync(
        trust,
        JSON.stringify({ format: "segur-trust/1", candidates: [{ vendor: CANDIDATE.vendor, key: stage.vendor.pem }] }),
      );
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    /** Megabytes that the process held at most, its own code included. */
    const MOST = 700;
    const COMMAND = `
      const { main } = await import(${JSON.stringify(new URL("../../bin/segur.js", import.meta.url).href)});
      process.exitCode = await main(["node", "segur", ...process.argv.slice(1)]);
      process.stderr.write("\\nmemory " + Math.round(process.resourceUsage().maxRSS / 1024));
    `;

    for (const id of [
      "zip-bomb",
      "zip-bomb-said-small",
      "zip-bomb-just-allowed",
      "zip-bomb-of-many",
      "truly-many",
      "command-in-name",
      "manifest-deep",
      "many-signatures",
      "facts-deep",
      "one-request-as-many",
      "names-that-command",
    ]) {
      it(id, async () => {
        const one = ALL.find((known) => known.id === id);
        if (!one || one.expected.status !== "refused") throw new Error(`no such case ${id}`);
        const file = path.join(folder, `${id}.segur.zip`);
        writeFileSync(file, await one.build(stage));
        const args = ["--max-old-space-size=256", "--input-type=module", "-e", COMMAND, "verify", file];
        const { code, stdout, stderr } = await outcome([...args, "--trust", trust, "--lang", "en"]);
        expect(stdout).to.include(`[${one.expected.reason}]`);
        expect(stdout).not.to.match(COMMANDS);
        expect(code).to.equal(1);
        expect(Number(/memory (\d+)$/.exec(stderr)?.[1])).to.be.within(1, MOST);
      });
    }
  });
});

async function outcome(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, args)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

function answerOf({ expected }: HostileCase): string {
  return expected.status === "refused" ? expected.reason : expected.status;
}

/** Null where the spoilt file cannot be sealed by the forger's own tools. */
function sealedAnyhow(forgery: Forgery): Uint8Array | null {
  try {
    return forgery.digest().seal();
  } catch {
    return null;
  }
}
