import { expect } from "chai";
import { MESSAGES } from "../../reports/messages/index.js";

/** Every string of a catalogue, with functions called on stand-ins. */
function texts(value: unknown, path: string): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") {
    const args = path.includes("counts") || path.endsWith("unplanned") ? [2, "2"] : ["un", "deux", "trois"];
    return texts(value(...args), path);
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, member]) => texts(member, `${path}.${key}`));
  }
  return [];
}

describe("reports/messages", () => {
  const fr = new Map(texts(MESSAGES.fr, ""));
  const en = new Map(texts(MESSAGES.en, ""));

  it("has the same members in both languages, the open records included", () => {
    expect([...en.keys()]).to.have.members([...fr.keys()]);
    expect(fr.size).to.be.greaterThan(200);
  });

  it("leaves nothing empty", () => {
    for (const [path, text] of [...fr, ...en]) expect(text.trim().length > 0 || path === ".colon", path).to.equal(true);
  });

  it("never names the portal's score nor speaks as the agency", () => {
    for (const [path, text] of [...fr, ...en]) {
      expect(text, path).not.to.match(/convergence/i);
      expect(text, path).not.to.match(
        /\b(label(led|lisé)?|certifi(ed|é)|homologu|agréé|is referenced|est référencé)\b/i,
      );
    }
  });

  it("says in both languages that it is no decision of the agency", () => {
    expect(MESSAGES.fr.notice).to.contain("n'est pas une décision de l'agence");
    expect(MESSAGES.en.notice).to.contain("not a decision of the agency");
  });
});
