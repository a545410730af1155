import { expect } from "chai";
import { canonicalJson, type RunResult } from "../../../core/model/index.js";
import { readArchive, writeArchive } from "../../../core/seal/archive.js";
import { type BundleManifest, manifestText, matchFiles, NAMES, sha256 } from "../../../core/seal/bundle/manifest.js";
import { openBundle } from "../../../core/seal/bundle/open.js";
import { sealBundle } from "../../../core/seal/bundle/seal.js";
import { matchStatement, statementText } from "../../../core/seal/bundle/statement.js";
import { signEnvelope } from "../../../core/seal/envelope.js";
import { generateKeyPem, readSigningKey, type SigningKey } from "../../../core/seal/keys.js";
import { CANDIDATE, isValid, keyPair, refusalOf } from "../../support/bundle.js";
import { certificateAuthority } from "../../support/certificates.js";

/** Nothing in core/seal reads run, recording or result but for the list of checks: a few bytes stand for them. */
const FILES = new Map<string, Uint8Array>([
  [NAMES.run, Buffer.from("{}\n")],
  [NAMES.result, Buffer.from("{}\n")],
  ["recording/recording.json", Buffer.from("{}\n")],
  ["recording/streams/c0001.in", Buffer.from([0, 1, 2, 255])],
]);

const FACTS: Omit<BundleManifest, "format" | "files"> = {
  run: { id: "20261121T205618Z-183b32", startedAt: "2026-11-21T20:56:18.000Z", endedAt: "2026-11-21T20:58:00.123Z" },
  candidate: CANDIDATE,
  perimeters: ["mdv-lgc-wave-1"],
  mode: "sandbox",
  challenge: null,
  tool: { name: "segur", version: "1.0.0" },
  ruleSet: "a1".repeat(32),
  rules: null,
  configHash: "b2".repeat(32),
  recording: "c3".repeat(32),
  proofs: [],
};

type Sketch = readonly [id: string, outcome: string, findings?: number, planned?: boolean];

/** As much of a result as an attestation speaks of. */
function resultOf(gate: string, ...checks: readonly Sketch[]): RunResult {
  return {
    checks: checks.map(([id, outcome, findings = 0, planned = true]) => ({
      id,
      outcome,
      planned,
      findings: Array(findings).fill({}),
    })),
    gate: { checks: gate },
  } as unknown as RunResult;
}

const RESULT = resultOf("passed", ["mss/subject", "met"], ["dmp/mtom", "met", 1], ["ins/search", "inapplicable"]);
const isManifest = isValid("bundle");
const seal = (key: SigningKey = keyPair(), files = FILES): Uint8Array => sealBundle(FACTS, files, RESULT, key);
const reasonOf = async (bytes: Uint8Array): Promise<string> => {
  const { reason, where } = await refusalOf(() => openBundle(bytes, isManifest));
  return `${reason} ${where}`;
};

describe("bundle: sealed and opened", () => {
  it("gives back what was put in, with the signer's key", async () => {
    const key = keyPair("ecdsa-p256");
    const bytes = seal(key);
    const bundle = await openBundle(bytes, isManifest);
    expect(bundle.signer.key.keyid).to.equal(key.keyid);
    expect([bundle.sha256, bundle.size]).to.deep.equal([sha256(bytes), bytes.length]);
    for (const [name, content] of FILES) {
      expect(Buffer.from(bundle.files.get(name) ?? "absent").equals(content), name).to.equal(true);
    }
    const { format, files, ...facts } = bundle.manifest;
    expect(format).to.equal("segur-bundle/1");
    expect(facts).to.deep.equal(FACTS);
    expect(Object.keys(files)).to.have.members([...FILES.keys(), NAMES.signer]);
    matchStatement(bundle.statement, bundle.manifestBytes, bundle.manifest, RESULT);
  });

  it("is the same to the byte with the same Ed25519 key, whatever the order of the files", () => {
    const key = keyPair();
    const turned = new Map([...FILES].reverse());
    expect(Buffer.from(seal(key)).equals(seal(key, turned))).to.equal(true);
    expect(Buffer.from(seal(key)).equals(seal(keyPair()))).to.equal(false);
  });

  it("refuses a bundle that lacks a part", async () => {
    const files = await readArchive(seal());
    for (const name of [...FILES.keys(), NAMES.signer, NAMES.manifest, NAMES.attestation]) {
      const rest = new Map(files);
      rest.delete(name);
      const expected = name === "recording/streams/c0001.in" ? "manifest_files" : "manifest_missing";
      expect(await reasonOf(writeArchive(rest))).to.equal(`${expected} ${name}`);
    }
  });

  it("refuses a bundle that was changed after it was signed", async () => {
    const files = await readArchive(seal());
    const changed = (name: string, edit: (text: string) => string): Uint8Array => {
      const text = Buffer.from(files.get(name) ?? "").toString("latin1");
      return writeArchive(new Map(files).set(name, Buffer.from(edit(text), "latin1")));
    };
    const stream = "recording/streams/c0001.in";
    expect(await reasonOf(changed(stream, (text) => `${text}x`))).to.equal(`manifest_size ${stream}`);
    expect(await reasonOf(changed(stream, () => "\u0000\u0001\u0002\u0003"))).to.equal(`manifest_hash ${stream}`);
    expect(await reasonOf(changed(NAMES.signer, () => keyPair().pem))).to.equal(`manifest_hash ${NAMES.signer}`);
    const more = writeArchive(new Map(files).set("more.txt", Buffer.from("x")));
    expect(await reasonOf(more)).to.equal("manifest_files more.txt");
    const swapped = signEnvelope("attestation", Buffer.from("{}"), keyPair());
    expect(await reasonOf(changed(NAMES.attestation, () => swapped))).to.equal(
      `signature_invalid ${NAMES.attestation}`,
    );
    const otherKind = signEnvelope("label", Buffer.from("{}"), keyPair());
    expect(await reasonOf(changed(NAMES.attestation, () => otherKind))).to.equal(`envelope_type ${NAMES.attestation}`);
    // The manifest is held by its digest in what is signed: `matchStatement` finds the other one.
    const edited = await openBundle(
      changed(NAMES.manifest, (text) => text.replace('"1.0.0"', '"1.0.1"')),
      isManifest,
    );
    const { reason } = await refusalOf(() =>
      matchStatement(edited.statement, edited.manifestBytes, edited.manifest, RESULT),
    );
    expect(reason).to.equal("attestation_subject");
  });

  it("refuses a manifest that has another spelling than its own, or says what no manifest says", async () => {
    const files = await readArchive(seal());
    const text = Buffer.from(files.get(NAMES.manifest) ?? "").toString("utf8");
    const facts = JSON.parse(text) as Record<string, unknown>;
    const texts: Readonly<Record<string, string | Uint8Array>> = {
      "no JSON": "{",
      "another format": text.replace("segur-bundle/1", "segur-bundle/2"),
      "a member more": canonicalJson({ ...facts, more: 1 }),
      "a member less": canonicalJson({ ...facts, challenge: undefined }),
      "no final line feed": text.trimEnd(),
      "a space": text.replace(":", ": "),
      "a member twice": text.replace('"mode":', '"mode":"homologation","mode":'),
      "a byte order mark": `\ufeff${text}`,
      "broken UTF-8": Buffer.concat([Buffer.from(text.slice(0, 20)), Buffer.from([0xff]), Buffer.from(text.slice(20))]),
      "nine megabytes": text.trimEnd() + " ".repeat(9_000_000),
      "deep nesting": "[".repeat(500_000),
      "a run that ends before it begins": canonicalJson({
        ...facts,
        run: { ...FACTS.run, endedAt: "2026-11-21T20:56:17Z" },
      }),
      "a day that is none": canonicalJson({ ...facts, run: { ...FACTS.run, endedAt: "2026-11-31T00:00:00Z" } }),
    };
    for (const [what, content] of Object.entries(texts)) {
      const bytes = writeArchive(new Map(files).set(NAMES.manifest, Buffer.from(content)));
      expect(await reasonOf(bytes), what).to.equal(`manifest_unreadable ${NAMES.manifest}`);
    }
  });

  it("refuses JSON too large to be parsed, and a signer that is no text", async () => {
    const key = keyPair();
    const oversized = new Map(FILES).set(NAMES.run, Buffer.alloc(5 * 1024 * 1024, " "));
    expect(await reasonOf(seal(key, oversized))).to.equal(`archive_too_large ${NAMES.run}`);
    const noText = new Map(FILES).set(NAMES.signer, Buffer.from([0xff, 0xfe]));
    const manifest = manifestText(FACTS, noText);
    noText.set(NAMES.manifest, Buffer.from(manifest));
    noText.set(NAMES.attestation, Buffer.from(signEnvelope("attestation", Buffer.from("{}"), key)));
    expect(await reasonOf(writeArchive(noText))).to.equal(`signer_unreadable ${NAMES.signer}`);
  });

  it("holds the signer's certificates against the end of the run", async () => {
    const root = await certificateAuthority({ subject: "CN=AC fictive" });
    const certified = async (from: string, until: string, under = root): Promise<SigningKey> => {
      const { privatePem, publicPem } = generateKeyPem("ed25519");
      const leaf = await under.issue({ subject: "CN=Éditeur fictif", publicPem, from, until });
      return readSigningKey(privatePem, "k", leaf + root.pem);
    };
    // The certificate begins after the run began, and is in force when it ends.
    const bundle = await openBundle(seal(await certified("2026-11-21T20:57:00Z", "2026-11-22T00:00:00Z")), isManifest);
    expect(bundle.signer.certificates).to.have.length(2);
    const late = await certified("2026-11-22T00:00:00Z", "2027-01-01T00:00:00Z");
    expect(await reasonOf(seal(late))).to.equal("certificate_not_yet_valid signer.pem");
    const early = await certified("2026-01-01T00:00:00Z", "2026-11-21T20:57:00Z");
    expect(await reasonOf(seal(early))).to.equal("certificate_expired signer.pem");
    const stranger = await certificateAuthority({ subject: "CN=AC fictive" });
    const forged = await certified("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", stranger);
    expect(await reasonOf(seal(forged))).to.equal("certificate_chain signer.pem");
  });
});

describe("bundle: manifest", () => {
  it("lists every file with its SHA-256 and size, sorted, in canonical JSON", () => {
    const text = manifestText(FACTS, new Map([...FILES].reverse()));
    const { files } = JSON.parse(text) as BundleManifest;
    expect(text).to.equal(canonicalJson(JSON.parse(text)));
    expect(Object.keys(files)).to.deep.equal([...FILES.keys()].sort());
    // printf '\0\1\2\377' | sha256sum
    expect(files["recording/streams/c0001.in"]).to.deep.equal({
      sha256: "3d1f57c984978ef98a18378c8166c1cb8ede02c03eeb6aee7e2f121dfeee3e56",
      size: 4,
    });
  });

  it("may not list itself nor the attestation, which stand apart", async () => {
    for (const name of [NAMES.manifest, NAMES.attestation]) {
      const files = new Map(FILES).set(name, Buffer.from("x"));
      const manifest = JSON.parse(manifestText(FACTS, files)) as BundleManifest;
      const { reason, slots } = await refusalOf(() => matchFiles(manifest, files));
      expect([reason, slots.side]).to.deep.equal(["manifest_files", "absent"]);
    }
  });

  it("knows files by their own names only, also odd ones", async () => {
    const files = new Map(FILES).set("__proto__", Buffer.from("x"));
    const manifest = JSON.parse(manifestText(FACTS, files)) as BundleManifest;
    matchFiles(manifest, files);
    const unlisted = new Map(FILES).set("constructor", Buffer.from("x"));
    expect((await refusalOf(() => matchFiles(manifest, unlisted))).reason).to.equal("manifest_files");
    expect((await refusalOf(() => matchFiles(manifest, FILES))).where).to.equal("__proto__");
  });
});

describe("bundle: attestation", () => {
  const bytes = Buffer.from(manifestText(FACTS, FILES));
  const manifest = JSON.parse(bytes.toString()) as BundleManifest;
  const statementOf = (result: RunResult): Record<string, unknown> & { predicate: Record<string, unknown> } =>
    JSON.parse(statementText(bytes, manifest, result)) as never;
  const reason = async (statement: unknown, result = RESULT): Promise<string> =>
    (await refusalOf(() => matchStatement(statement, bytes, manifest, result))).reason;

  it("says what the result says of the planned checks", () => {
    const { predicate, ...rest } = statementOf(
      resultOf(
        "breach",
        ["b/met", "met"],
        ["a/met", "met"],
        ["a/remark", "met", 2],
        ["a/breached", "breached", 1],
        ["a/unobserved", "unobserved"],
        ["a/error", "error"],
        ["a/inapplicable", "inapplicable"],
        ["a/unplanned", "breached", 1, false],
      ),
    );
    expect(rest).to.deep.equal({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "bundle.json", digest: { sha256: sha256(bytes) } }],
      predicateType: "https://in-toto.io/attestation/test-result/v0.1",
    });
    expect(predicate).to.deep.equal({
      result: "FAILED",
      configuration: [
        { name: "segur.yaml", digest: { sha256: FACTS.configHash } },
        { name: "rule-set", digest: { sha256: FACTS.ruleSet } },
      ],
      passedTests: ["a/met", "b/met"],
      warnedTests: ["a/remark"],
      failedTests: ["a/breached", "a/error", "a/unobserved"],
    });
  });

  it("says PASSED without a remark, WARNED with one, FAILED in every other state of the gate", () => {
    const said = (result: RunResult): unknown => statementOf(result).predicate.result;
    expect(said(resultOf("passed", ["a/met", "met"]))).to.equal("PASSED");
    expect(said(resultOf("passed", ["a/met", "met", 1]))).to.equal("WARNED");
    for (const gate of ["breach", "unobserved", "error", "empty"]) expect(said(resultOf(gate))).to.equal("FAILED");
  });

  it("holds for its own result, whatever members others add", () => {
    const statement = statementOf(RESULT);
    const more = { ...statement, more: 1, predicate: { ...statement.predicate, url: "https://exemple.invalid/" } };
    matchStatement(more, bytes, manifest, RESULT);
  });

  it("is refused when it claims anything else", async () => {
    const { predicate } = statementOf(RESULT);
    const changes: Readonly<Record<string, unknown>> = {
      result: "PASSED",
      configuration: [],
      passedTests: ["mss/subject", "dmp/mtom"],
      warnedTests: undefined,
      failedTests: "none",
    };
    for (const [member, value] of Object.entries(changes)) {
      const statement = { ...statementOf(RESULT), predicate: { ...predicate, [member]: value } };
      const refusal = await refusalOf(() => matchStatement(statement, bytes, manifest, RESULT));
      expect([refusal.reason, refusal.slots.member]).to.deep.equal(["attestation_result", member]);
    }
    expect(await reason(statementOf(RESULT), resultOf("passed"))).to.equal("attestation_result");
  });

  it("is refused when it is about other bytes, or is no statement of a test result", async () => {
    const own = statementOf(RESULT);
    const subject = (digest: unknown): unknown => ({ ...own, subject: [{ name: "bundle.json", digest }] });
    expect(await reason(subject({ sha256: "0".repeat(64) }))).to.equal("attestation_subject");
    expect(await reason(subject({ sha512: "0".repeat(128) }))).to.equal("attestation_subject");
    for (const odd of [
      null,
      [],
      "text",
      {},
      { ...own, _type: "https://in-toto.io/Statement/v0.1" },
      { ...own, predicateType: "https://slsa.dev/provenance/v1" },
      { ...own, subject: [] },
      { ...own, subject: [...(own.subject as unknown[]), ...(own.subject as unknown[])] },
      { ...own, subject: ["bundle.json"] },
      subject("digest"),
      { ...own, predicate: null },
      { ...own, predicate: [] },
    ]) {
      expect(await reason(odd), JSON.stringify(odd)).to.equal("attestation_payload");
    }
  });
});
