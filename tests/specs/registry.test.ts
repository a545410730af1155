import path from "node:path";
import { expect } from "chai";
import { allChecks } from "../../checks/index.js";
import { packageRoot, VENDOR_OPERATIONS } from "../../core/model/index.js";
import { buildPlan, describePlan, loadSpecs, openSchemas, parseConfig } from "../../core/plan/index.js";
import { coverage } from "../../core/score/index.js";

const CONFIG = `
candidate: { vendor: V, product: P, version: "1" }
perimeters: [mdv-lgc-wave-1, mdv-lgc-wave-2]
subProfiles: []
drivers: { kind: manual }
`;

describe("specs and registry together", () => {
  const root = packageRoot();
  const specs = loadSpecs(root, { checks: allChecks });
  const schemas = openSchemas(path.join(root, "specs", "schemas"));
  const { config } = parseConfig(CONFIG, { schemas, specs, file: "<bundled>" });
  const plan = buildPlan({ config, specs, checks: allChecks, driverCan: VENDOR_OPERATIONS });

  it("every check is planned for a vendor that can be driven to everything", () => {
    expect(plan.unplanned.filter((check) => check.reason !== "files_only")).to.deep.equal([]);
    expect(plan.checks.filter((check) => check.scenarios.length === 0)).to.deep.equal([]);
  });

  it("no scenario is there for nothing", () => {
    const played = new Set(plan.scenarios.map(({ scenario }) => scenario.id));
    expect(specs.scenarios.filter((scenario) => !played.has(scenario.id)).map((one) => one.id)).to.deep.equal([]);
  });

  it("a vendor that can be driven to nothing has no planned check and no scenario", () => {
    const none = buildPlan({ config, specs, checks: allChecks, driverCan: [] });
    expect(none.checks).to.deep.equal([]);
    expect(none.scenarios).to.deep.equal([]);
    expect(none.cannotTrigger).to.have.lengthOf(specs.scenarios.length);
  });

  it("plan and coverage are printed as their schemas say", () => {
    const table = coverage({ ...specs, checks: allChecks, mutants: null });
    for (const [name, output] of [
      ["plan", describePlan(plan)],
      ["coverage", table],
    ] as const) {
      const validate = schemas.validator(name);
      expect(validate(JSON.parse(JSON.stringify(output))), JSON.stringify(validate.errors)).to.equal(true);
    }
    const wave2 = table.perimeters.find((perimeter) => perimeter.id === "mdv-lgc-wave-2");
    expect(wave2?.provable).to.equal(176);
    expect((wave2?.checked ?? 0) + (wave2?.owed.length ?? 0)).to.equal(176);
  });
});
