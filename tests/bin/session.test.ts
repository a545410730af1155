/** What a session mode forbids and demands before anything runs. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { RUN_FORMAT, type RunMeta, runFolderAt } from "../../bin/run-folder.js";
import { continuedSession, openSession, type SessionOptions } from "../../bin/session.js";
import { packageRoot, type SegurConfig, type SessionMode, SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { CHALLENGE_FORMAT, type Challenge, signChallenge } from "../../core/seal/challenge.js";
import { generateKeyPem, readSigningKey } from "../../core/seal/keys.js";

const schemas = openSchemas(path.join(packageRoot(import.meta.url), "specs", "schemas"));
const candidate = { vendor: "V", product: "P", version: "1" };
const config = { candidate } as SegurConfig;
const now = new Date("2026-11-21T12:00:00Z");
const challenge: Challenge = {
  format: CHALLENGE_FORMAT,
  id: "00112233445566778899aabbccddeeff",
  seed: "ab".repeat(32),
  issuer: "Agence",
  candidate,
  issuedAt: "2026-11-20T00:00:00.000Z",
  notAfter: "2026-11-27T00:00:00.000Z",
};

describe("session", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-session-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const file = (content: string): string => {
    const name = path.join(folder, "challenge.json");
    writeFileSync(name, content);
    return name;
  };
  const signed = (change: Partial<Challenge> = {}): string =>
    signChallenge({ ...challenge, ...change }, readSigningKey(generateKeyPem("ed25519").privatePem, "key"));
  const open = (options: Partial<SessionOptions>) =>
    openSession({ mode: "sandbox", lang: "en", ...options }, config, schemas, now);

  it("takes seed and id from a challenge for this candidate, in its dates", () => {
    const session = open({ mode: "homologation", challenge: file(signed()) });
    expect(session.mode).to.equal("homologation");
    expect(session.challenge?.id).to.equal(challenge.id);
    expect(Buffer.from(session.challenge?.seed ?? []).toString("hex")).to.equal(challenge.seed);
  });

  it("lets a sandbox do anything without a challenge", () => {
    expect(open({ only: ["dmp"], learn: true })).to.deep.equal({ mode: "sandbox", challenge: null });
  });

  it("lets a rehearsal go without a challenge", () => {
    expect(open({ mode: "rehearsal" })).to.deep.equal({ mode: "rehearsal", challenge: null });
  });

  const refused: readonly (readonly [string, () => Partial<SessionOptions>, string, string])[] = [
    ["homologation without a challenge", () => ({ mode: "homologation" }), "ERR_USAGE", "needs a challenge"],
    ["homologation with --only", () => ({ mode: "homologation", only: ["dmp"] }), "ERR_USAGE", "deselects nothing"],
    ["rehearsal with --only", () => ({ mode: "rehearsal", only: ["dmp"] }), "ERR_USAGE", "deselects nothing"],
    ["rehearsal with --learn", () => ({ mode: "rehearsal", learn: true }), "ERR_USAGE", "unknown client"],
    ["a file that is not there", () => ({ challenge: path.join(folder, "none") }), "ERR_FILE", "no such file"],
    ["a folder", () => ({ challenge: folder }), "ERR_FILE", "not a challenge"],
    ["a file that is no envelope", () => ({ challenge: file("{}") }), "ERR_FILE", "envelope"],
    [
      "a challenge of another candidate",
      () => ({ challenge: file(signed({ candidate: { ...candidate, version: "2" } })) }),
      "ERR_FILE",
      "candidate",
    ],
    [
      "a challenge that is over",
      () => ({ challenge: file(signed({ notAfter: "2026-11-21T11:59:59.000Z" })) }),
      "ERR_FILE",
      "dates",
    ],
    [
      "a challenge that begins later",
      () => ({ challenge: file(signed({ issuedAt: "2026-11-21T12:00:01.000Z" })) }),
      "ERR_FILE",
      "dates",
    ],
    ["a seed that is too short", () => ({ challenge: file(signed({ seed: "abcd" })) }), "ERR_FILE", "challenge"],
  ];
  for (const [title, options, code, says] of refused) {
    it(`refuses ${title}`, () => {
      expect(() => open(options()))
        .to.throw(SuiteError)
        .that.satisfies((error: SuiteError) => error.code === code && error.message.includes(says));
    });
  }

  describe("a run that goes on", () => {
    const goOn = (options: Partial<SessionOptions>, at = now, mode: SessionMode = "homologation") => {
      const { id, seed } = challenge;
      const run: RunMeta = {
        format: RUN_FORMAT,
        id: "2026-11-21T10-00-00",
        startedAt: "2026-11-21T10:00:00.000Z",
        toolVersion: "0.0.0",
        ruleSet: "0".repeat(64),
        rules: null,
        configHash: "0".repeat(64),
        configFile: "segur.yaml",
        config: { candidate, perimeters: [], subProfiles: [], conditions: {}, proofs: {} },
        driver: "manual",
        driverCan: null,
        only: null,
        maskNames: [],
        mode,
        challenge: { id, seed },
      };
      writeFileSync(path.join(folder, "run.json"), JSON.stringify(run));
      writeFileSync(path.join(folder, "challenge.dsse.json"), signed());
      return continuedSession(runFolderAt(folder), { mode: "sandbox", lang: "en", ...options }, schemas, at);
    };

    it("keeps its mode and its challenge", () => {
      const session = goOn({});
      expect([session.mode, session.challenge?.id]).to.deep.equal(["homologation", challenge.id]);
      expect(goOn({ mode: "homologation" }).mode).to.equal("homologation");
    });

    it("may still do anything in a sandbox", () => {
      expect(goOn({ only: ["dmp"], learn: true }, now, "sandbox").mode).to.equal("sandbox");
    });

    const kept: readonly (readonly [string, () => unknown, string, string])[] = [
      ["--only in a homologation", () => goOn({ only: ["dmp"] }), "ERR_USAGE", "deselects nothing"],
      ["--learn in a rehearsal", () => goOn({ learn: true }, now, "rehearsal"), "ERR_USAGE", "unknown client"],
      ["another mode", () => goOn({ mode: "rehearsal" }), "ERR_USAGE", "keeps its mode"],
      // All of it would be refused: a run ends with its last event.
      ["to go on after the last day", () => goOn({}, new Date("2026-11-27T00:00:00.001Z")), "ERR_FILE", "dates"],
    ];
    for (const [title, call, code, says] of kept) {
      it(`refuses ${title}`, () => {
        expect(call)
          .to.throw(SuiteError)
          .that.satisfies((error: SuiteError) => error.code === code && error.message.includes(says));
      });
    }
  });
});
