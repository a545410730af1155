/** A bundle in the hands of tools we did not write: unzip, Python, sha256sum, OpenSSL, and the rules of in-toto. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { packageRoot } from "../../core/model/index.js";
import { writeArchive } from "../../core/seal/archive.js";
import { manifestText, NAMES, sha256 } from "../../core/seal/bundle/manifest.js";
import { parseEnvelope, payloadJson, signedBy } from "../../core/seal/envelope.js";
import { generateKeyPem, readSigningKey, type SigningKey } from "../../core/seal/keys.js";
import { jsonOf, keyPair, seal, unpack } from "../support/bundle.js";
import { type Authority, certificateAuthority } from "../support/certificates.js";

const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program whatever its end; output and errors in one text. */
async function ended(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  const options = { cwd, maxBuffer: 16 * 1024 * 1024 };
  try {
    const { stdout, stderr } = await run(program, [...args], options);
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number | string; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { code, output: `${stdout}${stderr}` };
  }
}

/** The blocks of commands of docs/bundle-format.md, as a reader would copy them: by hand, then with a certificate. */
function commandsOfTheDoc(): readonly [byHand: string, withCertificate: string] {
  const text = readFileSync(path.join(packageRoot(import.meta.url), "docs", "bundle-format.md"), "utf8");
  const [byHand, withCertificate, ...more] = [...text.matchAll(/^```sh\n([\s\S]+?)^```$/gm)].map((match) => match[1]);
  if (byHand === undefined || withCertificate === undefined || more.length > 0) {
    throw new Error("docs/bundle-format.md has not two blocks of commands");
  }
  return [byHand, withCertificate];
}

describe("peers: a bundle verified by the tools of others", () => {
  const SUBJECT = "CN=Éditeur fictif, O=Exemple";
  const [byHand, withCertificate] = commandsOfTheDoc();
  let home: string;
  let root: Authority;
  let middle: Authority;
  let folders = 0;

  before(async () => {
    home = mkdtempSync(path.join(tmpdir(), "segur-foreign-"));
    root = await certificateAuthority({ subject: "CN=AC racine fictive" });
    middle = await root.below({ subject: "CN=AC fictive" });
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  /** A folder that holds `bundle.segur.zip` and `ca.pem`. */
  function folderWith(bundle: Uint8Array): string {
    folders += 1;
    const folder = path.join(home, String(folders));
    mkdirSync(folder);
    writeFileSync(path.join(folder, "bundle.segur.zip"), bundle);
    writeFileSync(path.join(folder, "ca.pem"), root.pem);
    return folder;
  }

  async function certified(algorithm: SigningKey["algorithm"], until = "2090-01-01T00:00:00Z"): Promise<SigningKey> {
    const { privatePem, publicPem } = generateKeyPem(algorithm);
    const leaf = await middle.issue({ subject: SUBJECT, publicPem, until });
    return readSigningKey(privatePem, "k", leaf + middle.pem);
  }

  const play = (bundle: Uint8Array, script = byHand): Promise<Ended> =>
    ended("bash", ["-c", script], folderWith(bundle));

  describe("by hand, as docs/bundle-format.md says", () => {
    for (const algorithm of ["ed25519", "ecdsa-p256"] as const) {
      it(`holds for a bare ${algorithm} key, and ends with its key id`, async () => {
        const key = keyPair(algorithm);
        const { code, output } = await play(await seal({ key }));
        expect(code, output).to.equal(0);
        expect(output).to.match(algorithm === "ed25519" ? /^Signature Verified Successfully$/m : /^Verified OK$/m);
        expect(output.trimEnd().split("\n").at(-1)).to.equal(key.keyid);
      });

      it(`holds for a ${algorithm} key with a certificate chain, at the end of the run`, async () => {
        const key = await certified(algorithm);
        const { code, output } = await play(await seal({ key }), byHand + withCertificate);
        expect(code, output).to.equal(0);
        expect(output)
          .to.include("signer.pem: OK")
          .and.to.match(/subject=.*CN ?= ?/);
      });
    }

    it("is refused at its own step when something was altered", async () => {
      const key = keyPair();
      const good = await unpack(await seal({ key }));
      const altered = (name: string, content: string | Uint8Array, alsoManifest = false): Uint8Array => {
        const files = new Map(good).set(name, Buffer.from(content));
        if (!alsoManifest) return writeArchive(files);
        const {
          files: listed,
          format,
          ...facts
        } = jsonOf(files, NAMES.manifest) as Parameters<typeof manifestText>[0] & {
          files: object;
          format: string;
        };
        const rest = new Map([...files].filter(([one]) => Object.hasOwn(listed, one)));
        expect(format).to.equal("segur-bundle/1");
        return writeArchive(files.set(NAMES.manifest, Buffer.from(manifestText(facts, rest))));
      };
      const text = (name: string): string => Buffer.from(good.get(name) ?? "").toString("utf8");
      const envelope = JSON.parse(text(NAMES.attestation)) as { payload: string };
      const claimed = Buffer.from(envelope.payload, "base64")
        .toString()
        .replace('"failedTests":[', '"failedTests":["x",');
      const forged = { ...envelope, payload: Buffer.from(claimed).toString("base64") };
      const cases: Readonly<Record<string, readonly [bundle: Uint8Array, step: RegExp]>> = {
        "a recorded byte": [
          altered("recording/events.jsonl", text("recording/events.jsonl").replace("step.begin", "step.bogus")),
          /^recording\/events\.jsonl: FAILED$/m,
        ],
        "one file more": [altered("more.txt", "x"), /^> more\.txt$/m],
        "the payload": [altered(NAMES.attestation, JSON.stringify(forged)), /^Signature Verification Failure$/m],
        "a result and its manifest": [altered(NAMES.result, "{}\n", true), /AssertionError/],
        "the key shown and its manifest": [
          altered(NAMES.signer, keyPair().pem, true),
          /^Signature Verification Failure$/m,
        ],
      };
      for (const [what, [bundle, step]] of Object.entries(cases)) {
        const { code, output } = await play(bundle);
        expect(code, what).to.not.equal(0);
        expect(output, what).to.match(step);
      }
    });

    it("is refused by OpenSSL when the certificate was not in force, or is of another authority", async () => {
      const expired = await play(
        await seal({ key: await certified("ed25519", "2026-01-01T00:00:00Z") }),
        byHand + withCertificate,
      );
      expect(expired.code).to.not.equal(0);
      expect(expired.output).to.include("certificate has expired");
      const stranger = await certificateAuthority({ subject: root.subject });
      const { privatePem, publicPem } = generateKeyPem("ecdsa-p256");
      const leaf = await stranger.issue({ subject: SUBJECT, publicPem });
      const foreign = await play(await seal({ key: readSigningKey(privatePem, "k", leaf) }), byHand + withCertificate);
      expect(foreign.code).to.not.equal(0);
      expect(foreign.output).to.match(/unable to get local issuer certificate|certificate signature failure/);
    });
  });

  it("unzip and Python's zipfile find no fault in it", async () => {
    const folder = folderWith(await seal());
    const tested = await ended("unzip", ["-t", "bundle.segur.zip"], folder);
    expect(tested.output).to.include("No errors detected in compressed data");
    const program = `
import hashlib, json, zipfile
with zipfile.ZipFile("bundle.segur.zip") as z:
    assert z.testzip() is None and z.comment == b""
    listed = json.loads(z.read("bundle.json"))["files"]
    assert sorted(z.namelist()) == sorted([*listed, "bundle.json", "attestation.dsse.json"])
    for name, file in listed.items():
        data = z.read(name)
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (file["sha256"], file["size"]), name
    print(len(listed))
`;
    const { code, output } = await ended("python3", ["-c", program], folder);
    expect(code, output).to.equal(0);
    expect(Number(output)).to.be.greaterThan(50);
  });

  it("what OpenSSL signs, we accept: the same encoding in the other direction", async () => {
    for (const algorithm of ["ed25519", "ecdsa-p256"] as const) {
      const key = keyPair(algorithm);
      const folder = folderWith(await seal({ key }));
      const pem = key.privateKey.export({ type: "pkcs8", format: "pem" });
      writeFileSync(path.join(folder, "private.pem"), pem, { mode: 0o600 });
      const sign =
        algorithm === "ed25519"
          ? "openssl pkeyutl -sign -inkey private.pem -rawin -in signed -out own"
          : "openssl dgst -sha256 -sign private.pem -out own signed";
      const { code, output } = await ended("bash", ["-c", `(${byHand}) > /dev/null && ${sign}`], folder);
      expect(code, output).to.equal(0);
      const files = await unpack(readFileSync(path.join(folder, "bundle.segur.zip")));
      const envelope = jsonOf(files, NAMES.attestation) as { signatures: { sig: string }[] };
      const sig = readFileSync(path.join(folder, "own")).toString("base64");
      const bytes = Buffer.from(JSON.stringify({ ...envelope, signatures: [{ sig }] }));
      expect(signedBy(parseEnvelope(bytes, "attestation", "x"), [key]), algorithm).to.equal(key);
    }
  });

  it("its statement keeps the rules of in-toto", async () => {
    const key = keyPair();
    const files = await unpack(await seal({ key }));
    const envelope = parseEnvelope(files.get(NAMES.attestation) ?? new Uint8Array(0), "attestation", "x");
    const statement = payloadJson(envelope, "x");
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(IN_TOTO_TEST_RESULT);
    expect(validate(statement), JSON.stringify(validate.errors)).to.equal(true);
    const { subject } = statement as { subject: readonly { digest: { sha256: string } }[] };
    expect(subject.map(({ digest }) => digest.sha256)).to.deep.equal([sha256(files.get(NAMES.manifest) ?? "")]);
    for (const wrong of [
      { ...(statement as object), _type: "https://in-toto.io/Statement/v0.1" },
      { ...(statement as object), subject: [{ name: "bundle.json" }] },
      { ...(statement as object), predicate: { result: "OK", configuration: [] } },
      { ...(statement as object), predicate: { result: "PASSED" } },
    ]) {
      expect(validate(wrong), JSON.stringify(wrong)).to.equal(false);
    }
  });
});

/** A ResourceDescriptor (in-toto/attestation, spec/v1/resource_descriptor.md): one of uri, digest, content at least. */
const RESOURCE_DESCRIPTOR = {
  type: "object",
  anyOf: ["uri", "digest", "content"].map((name) => ({ required: [name] })),
  properties: {
    name: { type: "string" },
    uri: { type: "string" },
    // spec/v1/digest_set.md: lower-case hexadecimal by name of the algorithm.
    digest: { type: "object", minProperties: 1, additionalProperties: { type: "string", pattern: "^([0-9a-f]{2})+$" } },
    content: { type: "string" },
    downloadLocation: { type: "string" },
    mediaType: { type: "string" },
    annotations: { type: "object" },
  },
} as const;

const TEXTS = { type: "array", items: { type: "string" } } as const;

/** Statement v1 (spec/v1/statement.md) with the predicate test-result v0.1 (spec/predicates/test-result.md), required fields and types. */
const IN_TOTO_TEST_RESULT = {
  type: "object",
  required: ["_type", "subject", "predicateType"],
  properties: {
    _type: { const: "https://in-toto.io/Statement/v1" },
    subject: {
      type: "array",
      minItems: 1,
      items: { allOf: [RESOURCE_DESCRIPTOR, { type: "object", required: ["digest"] }] },
    },
    predicateType: { const: "https://in-toto.io/attestation/test-result/v0.1" },
    predicate: {
      type: "object",
      required: ["result", "configuration"],
      properties: {
        result: { enum: ["PASSED", "WARNED", "FAILED"] },
        configuration: { type: "array", items: RESOURCE_DESCRIPTOR },
        url: { type: "string" },
        passedTests: TEXTS,
        warnedTests: TEXTS,
        failedTests: TEXTS,
      },
    },
  },
} as const;
