import { expect } from "chai";
import { reportView } from "../../reports/html/view-model.js";
import type { ReportInput, RequirementText } from "../../reports/model.js";
import { perimeterOf, row } from "./rows.js";
import { sample } from "./sample.js";

const KNOWN: RequirementText = {
  title: { fr: "Énoncé principal", en: "Main statement" },
  level: "mandatory",
  domain: "CDA",
  verification: "observed",
  how: { fr: "Comparaison", en: "Comparison" },
  source: "https://example.org/registre",
  confidence: "verified",
  proofs: { ids: [], kinds: [] },
  profiles: ["Général"],
  checks: ["mss/subject"],
  supports: ["mss/message-id"],
  variants: { "BIO/SGL": { fr: "Énoncé de la biologie", en: "Statement of biology" } },
};

/** The same row asked of two couloirs; in the second one its id has another statement. */
function twoCouloirs(lang: "fr" | "en"): ReportInput {
  const input = sample({ lang });
  const perimeters = [
    perimeterOf("mdv-lgc-wave-1", { wave: "1", rows: [row("CDA.01", { checks: ["mss/subject"] })] }),
    perimeterOf("mdv-lgc-wave-2", { wave: "2", rows: [row("CDA.01", { checks: ["mss/subject"] })] }),
    perimeterOf("bio", { couloir: "BIO/SGL", rows: [row("CDA.01", { verdict: "not_tested", reason: "no_check" })] }),
  ];
  return {
    ...input,
    catalogue: { ...input.catalogue, requirements: { "CDA.01": KNOWN } },
    result: { ...input.result, perimeters },
  };
}

describe("reports: several couloirs", () => {
  const view = reportView(twoCouloirs("en"));
  const rows = view.perimeters.flatMap(({ groups }) => groups.flatMap(({ domains }) => domains.flatMap((d) => d.rows)));

  it("shows the statement that the id has in the couloir, in every list", () => {
    expect(rows.map(({ title }) => title)).to.deep.equal(["Main statement", "Main statement", "Statement of biology"]);
    expect(view.untested.perimeters[2]?.reasons[0]?.rows[0]?.title).to.equal("Statement of biology");
    expect(view.couloirs[1]?.waves[0]?.needs[0]?.rows[0]?.title).to.equal("Statement of biology");
    expect(reportView(twoCouloirs("fr")).couloirs[1]?.waves[0]?.needs[0]?.rows[0]?.title).to.equal(
      "Énoncé de la biologie",
    );
  });

  it("ties the checks of the main statement to the other one as a part only, and does not say what they compare", () => {
    const [main, , other] = rows;
    expect(main?.checks.map(({ id }) => id)).to.deep.equal(["mss/subject"]);
    expect(main?.supports.map(({ id }) => id)).to.deep.equal(["mss/message-id"]);
    expect(main?.facts.map(({ value }) => value)).to.include("Comparison");
    expect(other?.checks).to.deep.equal([]);
    expect(other?.supports.map(({ id }) => id)).to.deep.equal(["mss/message-id", "mss/subject"]);
    expect(other?.facts.map(({ value }) => value)).not.to.include("Comparison");
  });

  it("sets the couloirs side by side, each with its waves", () => {
    expect(view.couloirs.map(({ couloir, waves }) => [couloir, waves.map(({ text }) => text)])).to.deep.equal([
      ["MDV/LGC", ["met, nothing separates from it", "met, nothing separates from it"]],
      ["BIO/SGL", ["1 requirement is missing"]],
    ]);
  });

  it("tells a row with the same answer once, and refers to it from the other perimeter", () => {
    const [first, second, other] = rows;
    expect(first?.same).to.equal(null);
    expect(second?.same).to.deep.equal({ href: first?.anchor, title: "MDV/LGC, wave 1" });
    expect(second?.facts).to.deep.equal([]);
    expect(second?.verdict).to.equal("conform");
    expect(other?.same).to.equal(null);
  });

  it("tells the title of an untested row the first time only", () => {
    const lacks = row("CDA.01", { verdict: "not_tested", reason: "no_check", strength: null });
    const input = twoCouloirs("en");
    const perimeters = (["1", "2"] as const).map((wave) => perimeterOf(`w${wave}`, { wave, rows: [lacks] }));
    const { untested } = reportView({ ...input, result: { ...input.result, perimeters } });
    const rows = untested.perimeters.flatMap(({ reasons }) => reasons.flatMap((reason) => reason.rows));
    expect(rows.map(({ id, title }) => [id, title])).to.deep.equal([
      ["CDA.01", "Main statement"],
      ["CDA.01", ""],
    ]);
  });

  it("tells the source of most rows once, and that of the others with them", () => {
    const input = twoCouloirs("en");
    const elsewhere = { ...KNOWN, source: "https://example.org/autre" };
    const apart = reportView({
      ...input,
      catalogue: { ...input.catalogue, requirements: { "CDA.01": KNOWN, "CDA.02": KNOWN, "CDA.03": elsewhere } },
      result: {
        ...input.result,
        perimeters: [perimeterOf("w", { rows: [row("CDA.01"), row("CDA.02"), row("CDA.03")] })],
      },
    }).perimeters[0];
    expect(apart?.source).to.equal("https://example.org/registre");
    const told = apart?.groups[0]?.domains[0]?.rows.map(({ facts }) =>
      facts.some(({ value }) => value.startsWith("https")),
    );
    expect(told).to.deep.equal([false, false, true]);
  });
});
