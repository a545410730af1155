import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { Verification } from "../../bin/verification.js";
import { DIFFERENCE_KINDS } from "../../core/compare/index.js";
import { canonicalJson, type RunResult } from "../../core/model/index.js";
import { NAMES } from "../../core/seal/bundle/manifest.js";
import { generateKeyPem, readSigningKey, type SigningKey } from "../../core/seal/keys.js";
import { REFUSAL_REASONS } from "../../core/seal/refusal.js";
import {
  CANDIDATE,
  copyOfRun,
  editJson,
  isValid,
  jsonOf,
  keyPair,
  repack,
  seal,
  theSchemas,
  unpack,
} from "../support/bundle.js";
import { certificateAuthority } from "../support/certificates.js";
import { segurInProcess } from "../support/in-process.js";

describe("segur verify", function () {
  const key = keyPair();
  let folder: string;
  let good: Uint8Array;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-verify-"));
    good = await seal({ key });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const put = (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const verify = (bundle: Uint8Array, ...options: readonly string[]) =>
    segurInProcess(["verify", put("b.segur.zip", bundle), ...options]);
  /** The verification as JSON, after its exit code and form were looked at. */
  const asJson = async (bundle: Uint8Array, code: number, ...options: readonly string[]): Promise<Verification> => {
    const told = await verify(bundle, "--json", ...options);
    expect(told.code, told.stderr + told.stdout).to.equal(code);
    const value = JSON.parse(told.stdout) as Verification;
    expect(told.stdout, "canonical JSON").to.equal(canonicalJson(value));
    const validate = theSchemas().validator("verification");
    validate(value);
    expect(validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`) ?? []).to.deep.equal([]);
    return value;
  };
  const trusting = (signer: SigningKey, vendor: string = CANDIDATE.vendor): string => {
    const pem = signer.pem.trimEnd().replaceAll("\n", "\n      ");
    return put("keys.yaml", `format: segur-trust/1\ncandidates:\n  - vendor: ${vendor}\n    key: |\n      ${pem}\n`);
  };
  const forged = async (edit: (files: Map<string, Uint8Array>) => void): Promise<Uint8Array> => {
    const files = await unpack(good);
    edit(files);
    return repack(files, { resign: key });
  };

  it("equal: exit 0", async () => {
    const { status, signer, recomputed, refusal, differences } = await asJson(good, 0);
    expect([status, refusal, differences]).to.deep.equal(["equal", null, []]);
    expect(signer).to.deep.equal({ keyid: key.keyid, algorithm: "ed25519", subject: null, trusted: null });
    expect(recomputed?.gate).to.equal("passed");
  });

  it("says that the signer is unknown without trust, and that it is trusted with it", async () => {
    expect((await verify(good)).stdout).to.include("intégrité seule, signataire inconnu");
    expect((await verify(good, "--lang", "en")).stdout).to.include("integrity only, signer unknown");
    expect((await asJson(good, 0, "--trust", trusting(key))).signer?.trusted).to.equal(true);
    expect((await verify(good, "--trust", trusting(key))).stdout).to.include("clé de confiance pour ce candidat");
  });

  it("trusts a certificate by its authority", async () => {
    const root = await certificateAuthority({ subject: "CN=AC fictive" });
    const { privatePem, publicPem } = generateKeyPem("ecdsa-p256");
    const leaf = await root.issue({ subject: "CN=Éditeur fictif", publicPem });
    const bundle = await seal({ key: readSigningKey(privatePem, "k", leaf) });
    put("ca.pem", root.pem);
    const trust = put(
      "keys.yaml",
      `format: segur-trust/1\ncandidates:\n  - { vendor: ${CANDIDATE.vendor}, caFile: ca.pem, subject: "CN=Éditeur fictif" }\n`,
    );
    const { signer } = await asJson(bundle, 0, "--trust", trust);
    expect([signer?.trusted, signer?.subject]).to.deep.equal([true, "CN=Éditeur fictif"]);
  });

  it("different: exit 1, naming the check and the row, claimed beside recomputed", async () => {
    const bundle = await forged((files) =>
      editJson<{ checks: { id: string; outcome: string }[] }>(files, NAMES.result, ({ checks }) => {
        const check = checks.find(({ id }) => id === "mss/subject");
        if (check) check.outcome = "breached";
      }),
    );
    const { status, differences } = await asJson(bundle, 1);
    expect(status).to.equal("different");
    expect(differences).to.deep.equal([
      { kind: "check", id: "mss/subject", perimeter: null, claimed: "breached", recomputed: "met", detail: "outcome" },
    ]);
    const { stdout } = await verify(bundle, "--lang", "en");
    expect(stdout)
      .to.match(/^DIFFERENT/)
      .and.to.include("check mss/subject (outcome): claimed breached, recomputed met");
    expect((await verify(bundle)).stdout).to.match(/^DIFFÉRENT/);
  });

  it("refused when the claimed result has another spelling than the one it is written in", async () => {
    const bundle = await forged((files) => {
      files.set(NAMES.result, Buffer.from(JSON.stringify(jsonOf(files, NAMES.result), null, 2)));
    });
    expect((await asJson(bundle, 1)).refusal?.reason).to.equal("result_unreadable");
  });

  it("refused: exit 1, with reason, place and mend in both languages", async () => {
    const files = await unpack(good);
    files.set("recording/events.jsonl", Buffer.from("other bytes"));
    const bundle = repack(files);
    const { status, refusal, signer, recomputed } = await asJson(bundle, 1);
    expect([status, signer, recomputed]).to.deep.equal(["refused", null, null]);
    expect(refusal?.reason).to.equal("manifest_size");
    expect(refusal?.where).to.equal("recording/events.jsonl");
    for (const [lang, words] of [
      ["fr", ["REFUSÉ", "motif", "un fichier n'a pas la taille", "que faire"]],
      ["en", ["REFUSED", "reason", "a file does not have the size", "what to do"]],
    ] as const) {
      const { stdout, stderr } = await verify(bundle, "--lang", lang);
      for (const word of [...words, "[manifest_size]", "recording/events.jsonl"]) expect(stdout).to.include(word);
      expect(stderr).to.equal("");
    }
  });

  it("refused when the signer is not the one trusted", async () => {
    expect((await asJson(good, 1, "--trust", trusting(keyPair()))).refusal?.reason).to.equal("signer_not_trusted");
    expect((await asJson(good, 1, "--trust", trusting(key, "Un autre"))).refusal?.reason).to.equal("signer_of_another");
  });

  it("cannot_recompute: exit 2, naming version and rule set needed, never `different`", async () => {
    const other = "0".repeat(64);
    const bundle = repack(
      await forgedFiles((files) => {
        editJson<{ ruleSet: string; toolVersion: string }>(files, NAMES.run, (run) => {
          run.ruleSet = other;
          run.toolVersion = "0.0.9";
        });
        // Verdicts that this version would not give either.
        editJson<{ ruleSet: string; checks: unknown[] }>(files, NAMES.result, (result) => {
          result.ruleSet = other;
          result.checks.pop();
        });
      }),
      {
        resign: key,
        facts: (facts) => ({ ...facts, ruleSet: other, tool: { ...facts.tool, version: "0.0.9" } }),
      },
    );
    const { status, differences, recomputed, claims } = await asJson(bundle, 2);
    expect([status, differences, recomputed]).to.deep.equal(["cannot_recompute", [], null]);
    expect(claims?.ruleSet).to.equal(other);
    for (const lang of ["fr", "en"]) {
      const { code, stdout } = await verify(bundle, "--lang", lang);
      expect(code).to.equal(2);
      expect(stdout).to.include("0.0.9").and.to.include(other);
    }
  });

  it("names the agency that countersigned the run, and refuses the countersignature over other bytes", async () => {
    const agency = keyPair("ecdsa-p256");
    const agencyKey = put("agency.key", agency.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    const run = await copyOfRun();
    const args = ["countersign", run.path, "--key", agencyKey, "--issuer", "Agence fictive"];
    const told = await segurInProcess(args);
    expect(told.code, told.stderr).to.equal(0);
    const bundle = await seal({ key, folder: run });
    expect((await asJson(bundle, 0)).countersignature).to.deep.equal({ issuer: null });
    const pem = agency.pem.trimEnd().replaceAll("\n", "\n      ");
    const agencies = `agencies:\n  - name: Agence fictive\n    roles: [countersign]\n    key: |\n      ${pem}\n`;
    const trust = put("both.yaml", `${readFileSync(trusting(key), "utf8")}${agencies}`);
    expect((await asJson(bundle, 0, "--trust", trust)).countersignature).to.deep.equal({ issuer: "Agence fictive" });
    const stranger = await asJson(bundle, 1, "--trust", trusting(key));
    expect(stranger.refusal?.reason).to.equal("countersignature_agency");
    // Sealed with another run.json than the one the agency saw, recording untouched: nothing but the countersignature can tell.
    for (const change of [{ driver: "exec" }, { maskNames: [] }, { configFile: "other.yaml" }, { rules: undefined }]) {
      const files = await unpack(bundle);
      editJson<object>(files, NAMES.run, (meta) => ({ ...meta, ...change }));
      const { refusal } = await asJson(repack(files, { resign: key }), 1);
      expect(refusal?.reason, Object.keys(change).join()).to.equal("countersignature_mismatch");
    }
    expect((await segurInProcess(args)).code, "never replaced unasked").to.equal(2);
  });

  it("refused: answers that ask less of the candidate, which segur.yaml would not have been taken with", async () => {
    const answering = (answers: Record<string, unknown>) =>
      copyOfRun((run) => ({ ...run, config: { ...(run.config as Record<string, unknown>), ...answers } }));
    const refusalFor = async (answers: Record<string, unknown>) => {
      // Judged with these answers and sealed whole: nothing differs, and every hash and signature holds.
      const { refusal } = await asJson(await seal({ key, folder: await answering(answers) }), 1);
      return [refusal?.reason, refusal?.where];
    };
    const condition = "other-identification-means";
    const no = "run.json conditions other-identification-means";
    expect(await refusalFor({ conditions: { [condition]: { applies: false } } })).to.deep.equal(["run_unreadable", no]);
    for (const alternatives of [{ "PSC.01": "PSC.01.05" }, { "PSC.02": "PSC.02.01" }]) {
      const [row] = Object.keys(alternatives);
      expect(await refusalFor({ alternatives })).to.deep.equal(["run_unreadable", `run.json alternatives ${row}`]);
    }
    const honest = await answering({
      conditions: { [condition]: { applies: false, justification: "Pro Santé Connect seul" } },
      alternatives: { "PSC.01": "PSC.01.01" },
    });
    await asJson(await seal({ key, folder: honest }), 0);
  });

  it("tells the scenarios that were played again, and refuses a recording from which an attempt is gone", async () => {
    /** The good run with one more attempt of a scenario, which ended at once. */
    const again = async (attempt: number): Promise<Uint8Array> => {
      const run = await copyOfRun();
      const file = path.join(run.recording, "events.jsonl");
      const text = readFileSync(file, "utf8");
      const lines = text.trimEnd().split("\n");
      const opening = lines.find((line) => line.includes('"scenario.open"') && line.includes("mss-two-mails#1"));
      const { facts } = (JSON.parse(opening ?? "{}") as { data: { facts: object } }).data;
      const { id, at } = JSON.parse(lines.at(-1) ?? "{}") as { id: string; at: string };
      const event = { id: `e${Number(id.slice(1)) + 1000}`, at, kind: "scenario.open", exchange: null };
      const data = { facts: { ...facts, attempt } };
      writeFileSync(file, `${text}${JSON.stringify({ ...event, scenario: `mss-two-mails#${attempt}`, data })}\n`);
      return seal({ key, folder: run });
    };
    expect((await asJson(good, 0)).recomputed?.repeated).to.deep.equal([]);
    const twice = await again(2);
    expect((await asJson(twice, 0)).recomputed?.repeated).to.deep.equal([{ scenario: "mss-two-mails", attempts: 2 }]);
    expect((await verify(twice)).stdout).to.include("mss-two-mails : 2 tentatives, seule la dernière est jugée");
    expect((await verify(twice, "--lang", "en")).stdout).to.include(
      "mss-two-mails: 2 attempts, the last alone is judged",
    );
    expect((await asJson(await again(3), 1)).refusal?.reason).to.equal("scenario_altered");
  });

  it("what is no readable file: exit 2, in the words of an error", async () => {
    for (const [name, lang, said] of [
      ["nothing.zip", "fr", ["ce fichier n'existe pas", "où :", "que faire :"]],
      ["nothing.zip", "en", ["there is no such file", "where:", "what to do:"]],
    ] as const) {
      const { code, stdout, stderr } = await segurInProcess(["verify", path.join(folder, name), "--lang", lang]);
      expect([code, stdout]).to.deep.equal([2, ""]);
      for (const word of [...said, "[ERR_FILE]", name]) expect(stderr).to.include(word);
    }
  });

  it("what is no archive: refused, exit 1", async () => {
    for (const bytes of [Buffer.from(""), Buffer.from("not a zip"), good.subarray(0, 1000)]) {
      const { status, claims } = await asJson(bytes, 1);
      expect([status, claims]).to.deep.equal(["refused", null]);
    }
  });

  it("a trust file with mistakes: exit 2, before anything is judged", async () => {
    const trust = put("keys.yaml", "format: segur-trust/1\ncandidates: [{ vendor: V, key: rubbish }]\n");
    const { code, stdout, stderr } = await verify(good, "--trust", trust, "--lang", "en");
    expect([code, stdout]).to.deep.equal([2, ""]);
    expect(stderr).to.include("keys.yaml:2").and.to.include("this is not a public key");
  });

  it("shows foreign text without obeying it", async () => {
    const name = "V\u001b[2J\u202e";
    const bundle = repack(
      await forgedFiles((files) => {
        editJson<{ config: { candidate: { vendor: string } } }>(files, NAMES.run, (run) => {
          run.config.candidate.vendor = name;
        });
        editJson<RunResult>(files, NAMES.result, (result) => ({
          ...result,
          candidate: { ...CANDIDATE, vendor: name },
        }));
      }),
      { resign: key, facts: (facts) => ({ ...facts, candidate: { ...facts.candidate, vendor: name } }) },
    );
    const { code, stdout } = await verify(bundle);
    expect(code).to.equal(1);
    expect(stdout).to.include("[candidate_mismatch]").and.to.include("V[ESC][2J[U+202E]");
    expect(stdout).to.not.match(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it("leaves the bundle as it is", async () => {
    await verify(good);
    expect(readFileSync(path.join(folder, "b.segur.zip")).equals(good)).to.equal(true);
  });

  async function forgedFiles(edit: (files: Map<string, Uint8Array>) => void): Promise<Map<string, Uint8Array>> {
    const files = await unpack(good);
    edit(files);
    return files;
  }
});

describe("the schema of verifications", () => {
  it("lists the very reasons and kinds of difference there are", () => {
    const schema = theSchemas().validator("verification").schema as unknown as {
      properties: {
        refusal: { oneOf: [unknown, { properties: { reason: { enum: string[] } } }] };
        differences: { items: { properties: { kind: { enum: string[] } } } };
      };
    };
    expect(schema.properties.refusal.oneOf[1].properties.reason.enum).to.deep.equal(REFUSAL_REASONS);
    expect(schema.properties.differences.items.properties.kind.enum).to.deep.equal(DIFFERENCE_KINDS);
  });

  it("is closed: nothing else may be printed", () => {
    const isVerification = isValid("verification");
    expect(isVerification({ format: "segur-verification/1" })).to.equal(false);
  });
});
