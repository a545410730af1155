import { expect } from "chai";
import { checkLabel } from "../../../core/seal/label-check.js";
import { labelCases, stateOf } from "./label-cases.js";

describe("label check", () => {
  for (const one of labelCases()) {
    it(`${one.name}: ${one.expected}`, () => {
      const answer = checkLabel({
        label: Buffer.from(one.label),
        list: one.list === null ? null : Buffer.from(one.list),
        keys: one.keys,
        at: `${one.at}T23:59:59Z`,
      });
      const state = stateOf(one.expected);
      expect(answer.state).to.equal(state);
      expect(answer.reason).to.equal(one.expected === state ? null : one.expected);
      // Nothing that an unknown hand wrote is given on as if it had been read.
      expect(answer.label === null).to.equal(
        state === "forged" || ["no_key", "label_payload"].includes(one.expected),
        "label",
      );
    });
  }

  it("survives every single-byte change of a genuine label, and calls none of them genuine with other content", () => {
    const genuine = labelCases()[0];
    if (!genuine) throw new Error("no case");
    const bytes = Buffer.from(genuine.label);
    const answers = new Set<string>();
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const answer = checkLabel({ label: changed, list: null, keys: genuine.keys, at: "2026-04-02T23:59:59Z" });
      answers.add(answer.state);
      // `list_missing` is what a genuine label gets here: only the key id, a hint, may have changed then.
      if (answer.label) expect(answer.label.candidate.product).to.equal("Logiciel d'essai");
    }
    expect([...answers].sort()).to.deep.equal(["cannot_tell", "forged"]);
  });
});
