import { expect } from "chai";
import { packageRoot } from "../../../core/model/index.js";
import { openSchemas } from "../../../core/plan/index.js";
import { signEnvelope } from "../../../core/seal/envelope.js";
import { generateKeyPem, readSigningKey } from "../../../core/seal/keys.js";
import { Refusal } from "../../../core/seal/refusal.js";
import {
  isRulesFile,
  openRulePack,
  rulePackDifferences,
  rulePackDigest,
  rulePackManifest,
  rulePackSigner,
  signRulePack,
} from "../../../core/seal/rule-pack.js";
import type { AgencyRole, Trust } from "../../../core/seal/trust.js";

const key = readSigningKey(generateKeyPem("ecdsa-p256").privatePem, "key");
const other = readSigningKey(generateKeyPem("ed25519").privatePem, "other");
const text = (words: string): Uint8Array => Buffer.from(words);
const FILES = new Map([
  ["rules.yaml", text("format: segur-rules/1\n")],
  ["perimeters/p.yaml", text("id: p\n")],
]);
const CARD = { name: "pack", version: "1.0" };
const NOW = "2026-11-21T20:00:00Z";

function trust(roles: readonly AgencyRole[], days: { from?: string; until?: string } = {}): Trust {
  return { candidates: [], agencies: [{ name: "A", key, roles, ...days }] };
}

/** Reason of the refusal of an envelope with this payload, signed by the agency. */
function refused(payload: unknown): string {
  const bytes = Buffer.from(signEnvelope("rules", Buffer.from(JSON.stringify(payload)), key));
  try {
    openRulePack(bytes, "rules.dsse.json");
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  return "accepted";
}

describe("the signed manifest of a rule pack", () => {
  const manifest = rulePackManifest(CARD, FILES);
  const signed = openRulePack(Buffer.from(signRulePack(manifest, key)), "rules.dsse.json");

  it("names every file by its SHA-256, comes back as it was written, and fits its schema", () => {
    expect(Object.keys(manifest.files)).to.deep.equal(["perimeters/p.yaml", "rules.yaml"]);
    expect(signed.manifest).to.deep.equal(manifest);
    const validate = openSchemas(`${packageRoot()}/specs/schemas`).validator("rules", "manifest");
    expect(validate(manifest), JSON.stringify(validate.errors)).to.equal(true);
  });

  it("is the same pack whoever signs it, and another one when a byte of a file or its version is another", () => {
    const digest = rulePackDigest(manifest);
    expect(rulePackDigest(openRulePack(Buffer.from(signRulePack(manifest, other)), "x").manifest)).to.equal(digest);
    const files = new Map([...FILES, ["perimeters/p.yaml", text("id: q\n")] as const]);
    expect(rulePackDigest(rulePackManifest(CARD, files))).not.to.equal(digest);
    expect(rulePackDigest(rulePackManifest({ ...CARD, version: "1.1" }, FILES))).not.to.equal(digest);
    expect(rulePackDigest(rulePackManifest(CARD, new Map([...FILES].reverse())))).to.equal(digest);
  });

  it("tells files that are missing, altered, or not named", () => {
    expect(rulePackDifferences(manifest, FILES)).to.deep.equal([]);
    const files = new Map([
      ["rules.yaml", text("format: segur-rules/1 \n")],
      ["scenarios/s.yaml", text("x")],
    ]);
    expect(rulePackDifferences(manifest, files)).to.deep.equal([
      { file: "perimeters/p.yaml", kind: "missing" },
      { file: "rules.yaml", kind: "altered" },
      { file: "scenarios/s.yaml", kind: "unlisted" },
    ]);
  });

  it("has a signer only when a key trusted for rules at that time made the signature", () => {
    expect(rulePackSigner(signed, trust(["rules"]), NOW)).to.equal("A");
    expect(rulePackSigner(signed, trust(["review", "label"]), NOW)).to.equal(null);
    expect(rulePackSigner(signed, trust(["rules"], { from: "2026-11-22" }), NOW)).to.equal(null);
    expect(rulePackSigner(signed, trust(["rules"], { until: "2026-11-20" }), NOW)).to.equal(null);
    const foreign = openRulePack(Buffer.from(signRulePack(manifest, other)), "x");
    expect(rulePackSigner(foreign, trust(["rules"]), NOW)).to.equal(null);
    const swapped = { ...signed, envelope: { ...signed.envelope, payload: Buffer.from("{}") } };
    expect(rulePackSigner(swapped, trust(["rules"]), NOW)).to.equal(null);
  });

  it("is refused when it is of another kind, or not as this tool writes it", () => {
    const label = Buffer.from(signEnvelope("label", Buffer.from("{}"), key));
    expect(() => openRulePack(label, "x"))
      .to.throw(Refusal)
      .with.property("reason", "envelope_type");
    expect(() => openRulePack(Buffer.from("{"), "x"))
      .to.throw(Refusal)
      .with.property("reason", "envelope_unreadable");
    expect(refused(manifest)).to.equal("accepted");
    const digest = "0".repeat(64);
    const shapes: readonly unknown[] = [
      null,
      [],
      { ...manifest, format: "segur-rules/2" },
      { ...manifest, name: "../x" },
      { ...manifest, version: "" },
      { ...manifest, files: [] },
      { ...manifest, files: { "rules.yaml": "abc" } },
      { ...manifest, files: { "rules.yaml": [digest] } },
      { ...manifest, files: { "../rules.yaml": digest } },
      { ...manifest, files: { "checks/evil.ts": digest } },
      {
        ...manifest,
        files: Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`scenarios/s${n}.yaml`, digest])),
      },
      JSON.parse(`{"format":"segur-rules/1","name":"n","version":"1","files":{"__proto__":"${digest}"}}`),
    ];
    for (const shape of shapes) expect(refused(shape), JSON.stringify(shape).slice(0, 80)).to.equal("rules_unreadable");
  });

  it("admits YAML files of three folders, and no path that leads elsewhere", () => {
    for (const name of ["rules.yaml", "requirements/a.yaml", "perimeters/A-1.b.yaml", "scenarios/x_y.yaml"]) {
      expect(isRulesFile(name), name).to.equal(true);
    }
    const odd = ["", "rules.yml", "requirements", "requirements/", "requirements/a/b.yaml", "requirements/../a.yaml"];
    odd.push(
      "requirements/.a.yaml",
      "other/a.yaml",
      "requirements/a.ts",
      "requirements\\a.yaml",
      "/rules.yaml",
      "a.yaml",
    );
    for (const name of odd) expect(isRulesFile(name), name).to.equal(false);
  });
});
