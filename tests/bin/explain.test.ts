import { expect } from "chai";
import { segurInProcess } from "../support/in-process.js";

describe("segur explain, of a requirement", () => {
  const told = async (id: string, lang: "fr" | "en"): Promise<string> => {
    const { code, stdout, stderr } = await segurInProcess(["explain", id, "--lang", lang]);
    expect(code, stderr).to.equal(0);
    return stdout;
  };

  it("says what is compared and what the proof shows in the language asked for", async () => {
    const french = await told("INS/va1.49", "fr");
    expect(french).to.match(/Ce qu'une machine peut comparer\s: L'export du journal porte une entrée par appel/);
    expect(french).to.match(/contenu\s: Démonstration de plusieurs appels et de leurs traces/);
    expect(french).to.match(/forme\s: configuration ou journal, vidéo ou capture d'écran/);
    const english = await told("INS/va1.49", "en");
    expect(english).to.include("What a machine can compare: Log export holds one entry per INSi call");
    expect(english).to.include("contents: Demo of several calls and their traces");
  });

  it("says why neither a check nor a listed proof serves a row, beside the checks that bear on a part of it", async () => {
    const french = await told("PSC.10", "fr");
    expect(french).to.match(/Exclue\s: L'identité Pro Santé Connect n'est comparée que dans les appels au DMP/);
    expect(french).to.include("dmp/vihf-psc-user");
    expect(await told("PSC.10", "en")).to.include("Excluded: The Pro Santé Connect identity is compared");
  });

  it("tells the other statement of a couloir", async () => {
    expect(await told("MSS/va1.31", "fr")).to.match(
      /autre énoncé pour RAD\/RIS, où les contrôles ne donnent pas le verdict\s: À l'hôpital, envoyer/,
    );
    expect(await told("MSS/va1.31", "en")).to.match(
      /another statement for RAD\/RIS, .*: In hospitals, send the patient/,
    );
  });
});
