import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { packageRoot } from "../../core/model/index.js";

const root = packageRoot(import.meta.url);
const ROOMS = ["bin", "checks", "core", "protocols", "services", "drivers", "reports", "fixtures"];

/** Which rooms a file may import from, by the longest matching prefix. `core/model` is allowed to all but the vendors. */
const ALLOWED: readonly (readonly [string, readonly string[]])[] = [
  ["bin/", ["bin", "checks", "core", "protocols", "services", "drivers", "reports", "fixtures"]],
  ["checks/", ["checks", "protocols"]],
  ["core/model/", ["core/model"]],
  ["core/plan/", ["core/plan"]],
  ["core/record/", ["core/record"]],
  ["core/evaluate/", ["core/evaluate"]],
  ["core/score/", ["core/score"]],
  ["core/drive/", ["core/drive"]],
  ["core/seal/", ["core/seal"]],
  ["core/compare/", ["core/compare"]],
  ["core/dossier/", ["core/dossier"]],
  ["protocols/", ["protocols"]],
  ["services/", ["services", "protocols"]],
  ["drivers/", ["drivers", "protocols"]],
  ["reports/", ["reports"]],
  ["fixtures/vendors/", ["fixtures/vendors"]],
  ["fixtures/dossier/", ["fixtures/dossier"]],
];

/** Services do not import each other: what they share stands in services/shared and services/pki. */
const SLICES = ["psc", "ins", "dmp", "mss"];

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

/** Our own files that a file imports, as paths from the root. */
function imports(file: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => match[1] ?? "");
  return found.map((target) => path.posix.normalize(path.posix.join(path.posix.dirname(file), target)));
}

/** Why an import is not allowed, or null. */
function objection(file: string, target: string): string | null {
  const rule = ALLOWED.filter(([prefix]) => file.startsWith(prefix)).sort((a, b) => b[0].length - a[0].length)[0];
  if (!rule) return `${file} is in a room without a rule`;
  if (!file.startsWith("fixtures/") && target.startsWith("core/model/")) return null;
  if (!rule[1].some((room) => target === room || target.startsWith(`${room}/`))) return `${file} imports ${target}`;
  const slice = /^services\/([^/]+)\//.exec(file)?.[1];
  const other = /^services\/([^/]+)\//.exec(target)?.[1];
  if (slice && other && slice !== other && SLICES.includes(other)) return `${file} imports the service ${other}`;
  if (file.endsWith(".broken.ts") && !/^checks\/([a-z]+\/)*helpers\//.test(target)) {
    return `${file} imports ${target}: a broken case needs core/model and helpers only`;
  }
  return null;
}

describe("architecture", () => {
  it("keeps the arrows between rooms", () => {
    const objections = ROOMS.flatMap(sources).flatMap((file) =>
      imports(file).flatMap((target) => objection(file, target) ?? []),
    );
    expect(objections).to.deep.equal([]);
  });

  it("imports at run time only what the package depends on", () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      dependencies: Readonly<Record<string, string>>;
    };
    const bare = (file: string): string[] => {
      const text = readFileSync(path.join(root, file), "utf8");
      const found = [/^(?:import(?! type)|export(?! type)|\}).* from "([^".][^"]*)";$/gm, /import\("([^".][^"]*)"\)/g];
      return found
        .flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ""))
        .filter((name) => !name.startsWith("node:"))
        .map((name) =>
          name
            .split("/")
            .slice(0, name.startsWith("@") ? 2 : 1)
            .join("/"),
        );
    };
    const lacking = ROOMS.flatMap(sources).flatMap((file) =>
      bare(file)
        .filter((name) => !Object.hasOwn(dependencies, name))
        .map((name) => `${file}: ${name}`),
    );
    expect(lacking).to.deep.equal([]);
  });

  it("would notice a wrong arrow", () => {
    expect(objection("checks/dmp/x.ts", "services/dmp/index.js")).to.be.a("string");
    expect(objection("services/dmp/x.ts", "services/psc/index.js")).to.be.a("string");
    expect(objection("services/host.ts", "services/psc/index.js")).to.equal(null);
    expect(objection("reports/html/x.ts", "core/score/score.js")).to.be.a("string");
    expect(objection("fixtures/vendors/reference/x.ts", "core/model/index.js")).to.be.a("string");
    expect(objection("checks/dmp/x.broken.ts", "protocols/xml.js")).to.be.a("string");
  });

  it("gives every check its doc and its broken case", () => {
    const lacking = sources("checks")
      .filter((file) => /\.broken\.ts$/.test(file) || /defineCheck\(/.test(readFileSync(path.join(root, file), "utf8")))
      .flatMap((file) => {
        const stem = file.replace(/(\.broken)?\.ts$/, "");
        const all = new Set(readdirSync(path.join(root, path.dirname(stem))));
        const base = path.basename(stem);
        return [".ts", ".md", ".broken.ts"].filter((end) => !all.has(base + end)).map((end) => stem + end);
      });
    expect(lacking).to.deep.equal([]);
  });
});
