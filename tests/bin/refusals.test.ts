import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { REFUSALS, refusalText } from "../../bin/words/refusals.js";
import { packageRoot } from "../../core/model/index.js";
import { Refusal, REFUSAL_REASONS } from "../../core/seal/refusal.js";

const root = packageRoot(import.meta.url);

function sources(folder: string): string {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !/^refusals?\b/.test(entry.name))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

describe("reasons of refusal", () => {
  it("stand once each, sorted", () => {
    expect([...new Set(REFUSAL_REASONS)].sort()).to.deep.equal([...REFUSAL_REASONS]);
  });

  it("are each given by some part of the suite", () => {
    const text = sources("core/seal") + sources("bin");
    expect(REFUSAL_REASONS.filter((reason) => !text.includes(`"${reason}"`))).to.deep.equal([]);
  });

  it("have a sentence and a mend in both languages, each its own", () => {
    for (const lang of ["fr", "en"] as const) {
      const said = REFUSAL_REASONS.map((reason) => REFUSALS[reason].says[lang]);
      expect(new Set(said).size).to.equal(said.length);
      for (const text of [...said, ...REFUSAL_REASONS.map((reason) => REFUSALS[reason].mend[lang])]) {
        expect(text).to.match(/^\S.*[^\s.]$/);
      }
    }
  });

  it("are told with their facts, foreign text made visible and cut", () => {
    const refusal = new Refusal("manifest_size", "a\u001b[2J\u202e.txt", { expected: 3, found: "x".repeat(500) });
    const { sentence, where, mend } = refusalText(refusal, "fr");
    expect(sentence).to.equal(
      `un fichier n'a pas la taille que donne le manifeste (attendu : 3 ; trouvé : ${"x".repeat(160)}…)`,
    );
    expect(where).to.equal("a[ESC][2J[U+202E].txt");
    expect(mend).to.include("segur seal");
    const unlisted = new Refusal("manifest_files", "x", { side: "unlisted" });
    expect(refusalText(unlisted, "en").sentence).to.include("in the bundle, not in the manifest");
    expect(new Refusal("archive_path", "x".repeat(9999)).where).to.have.length(200);
  });
});
