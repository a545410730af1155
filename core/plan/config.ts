/** segur.yaml: validated, defaults applied, paths made absolute, certificate files read. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import {
  type DriverConfig,
  type PscClientSettings,
  type SegurConfig,
  type ServiceName,
  type ServiceSettings,
  SuiteError,
  type VendorOperation,
} from "../model/index.js";
import { answerProblems } from "./config-answers.js";
import { nationalSuffix } from "./national-hosts.js";
import { type Problem, refuse } from "./problems.js";
import type { Schemas } from "./schema.js";
import type { Specs } from "./specs.js";
import { type Path, readYaml, type YamlFile } from "./yaml.js";

export interface LoadedConfig {
  readonly config: SegurConfig;
  /** Things that are allowed and must be said, such as a listener reachable from other machines. */
  readonly warnings: readonly Problem[];
  /** SHA-256 of the bytes of segur.yaml, in hexadecimal. */
  readonly sha256: string;
}

export interface LoadConfigOptions {
  readonly schemas: Schemas;
  /** When given, perimeters, sub-profiles, conditions, alternatives and proof ids are checked against them. */
  readonly specs?: Specs;
}

const DEFAULT_LIFETIMES = { accessToken: 120, refreshToken: 1800, session: 14400, code: 60 };

/** `file`: path of a segur.yaml. Throws MistakesError ERR_CONFIG with every mistake found. */
export function loadConfig(file: string, options: LoadConfigOptions): LoadedConfig {
  const absolute = path.resolve(file);
  let text: string;
  try {
    text = readFileSync(absolute, "utf8");
  } catch (cause) {
    const mend = 'Give the path of a segur.yaml, or write one with "segur init".';
    throw new SuiteError("ERR_CONFIG", "the configuration file cannot be read", { where: file, mend, cause });
  }
  return parseConfig(text, { ...options, file: absolute, shownAs: file });
}

export interface ParseConfigOptions extends LoadConfigOptions {
  /** Absolute path the text came from, or `<bundled>`. */
  readonly file: string;
  /** Name in messages; default the file. */
  readonly shownAs?: string;
  /** Folder that relative paths start from; default the folder of the file (or the current one for `<bundled>`). */
  readonly folder?: string;
}

export function parseConfig(text: string, options: ParseConfigOptions): LoadedConfig {
  const yaml = readYaml(text, options.shownAs ?? options.file);
  refuse("ERR_CONFIG", options.schemas.problems("segur", yaml));
  const folder = options.folder ?? (options.file === "<bundled>" ? process.cwd() : path.dirname(options.file));
  const builder = new Builder(yaml, folder);
  const config = builder.build(options.file);
  const problems = [...builder.problems];
  if (options.specs) problems.push(...answerProblems(config, options.specs, yaml));
  refuse("ERR_CONFIG", problems);
  return { config, warnings: builder.warnings, sha256: createHash("sha256").update(text).digest("hex") };
}

/** segur.yaml as validated by its schema. */
interface Written {
  readonly candidate: SegurConfig["candidate"];
  readonly perimeters: readonly string[];
  readonly subProfiles: readonly string[];
  readonly conditions?: SegurConfig["conditions"];
  readonly alternatives?: Readonly<Record<string, string>>;
  readonly services?: Readonly<Partial<Record<ServiceName, WrittenService>>>;
  readonly psc?: { readonly clients?: readonly WrittenClient[] };
  readonly lifetimes?: Partial<SegurConfig["lifetimes"]>;
  readonly drivers: WrittenDriver;
  readonly proofs?: SegurConfig["proofs"];
  readonly notApplicable?: NonNullable<SegurConfig["notApplicable"]>;
  readonly maturity?: NonNullable<SegurConfig["maturity"]>;
  readonly dossier?: string;
  readonly validators?: NonNullable<SegurConfig["validators"]>;
  readonly state?: string;
  readonly runs?: string;
}
type WrittenService = Partial<Omit<ServiceSettings, "tls">> & {
  readonly tls?: { readonly key: string; readonly cert: string };
};
type WrittenClient = Omit<PscClientSettings, "logoutUris"> & { readonly logoutUris?: readonly string[] };
interface WrittenDriver {
  readonly kind: DriverConfig["kind"];
  readonly can?: readonly VendorOperation[];
  readonly concurrent?: boolean;
  readonly quiet?: number;
  readonly timeout?: number;
  readonly http?: { readonly baseUrl: string; readonly proxy?: string; readonly trust?: readonly string[] };
  readonly exec?: NonNullable<DriverConfig["exec"]>;
  readonly manual?: { readonly answerFile?: string };
  readonly start?: Partial<NonNullable<DriverConfig["start"]>> & { readonly command: readonly string[] };
}

class Builder {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  private readonly yaml: YamlFile;
  private readonly folder: string;

  constructor(yaml: YamlFile, folder: string) {
    this.yaml = yaml;
    this.folder = folder;
  }

  build(file: string): SegurConfig {
    const written = this.yaml.value as Written;
    return {
      file,
      candidate: written.candidate,
      perimeters: written.perimeters,
      subProfiles: written.subProfiles,
      conditions: this.conditions(written.conditions ?? {}),
      alternatives: written.alternatives ?? {},
      services: {
        psc: this.service("psc", written.services?.psc),
        ins: this.service("ins", written.services?.ins),
        dmp: this.service("dmp", written.services?.dmp),
        mss: this.service("mss", written.services?.mss),
      },
      psc: { clients: (written.psc?.clients ?? []).map((client, index) => this.client(client, index)) },
      lifetimes: { ...DEFAULT_LIFETIMES, ...written.lifetimes },
      drivers: this.driver(written.drivers),
      proofs: this.proofs(written.proofs ?? {}),
      ...(written.notApplicable === undefined ? {} : { notApplicable: written.notApplicable }),
      ...(written.maturity === undefined ? {} : { maturity: written.maturity }),
      ...this.dossier(written.dossier),
      ...(written.validators === undefined ? {} : { validators: this.validators(written.validators) }),
      stateFolder: this.absolute(written.state ?? ".segur"),
      runsFolder: this.absolute(written.runs ?? "runs"),
    };
  }

  private conditions(written: SegurConfig["conditions"]): SegurConfig["conditions"] {
    for (const [name, answer] of Object.entries(written)) {
      if (answer.applies || (answer.justification ?? "").trim() !== "") continue;
      this.wrong(["conditions", name], 'a "no" stands without a justification', 'Add "justification" and say why.');
    }
    return written;
  }

  private service(name: ServiceName, written: WrittenService = {}): ServiceSettings {
    const at = ["services", name];
    const bind = written.bind ?? "127.0.0.1";
    if (!isLoopback(bind)) {
      this.warnings.push({
        what: `the mock of ${name} can be reached from other machines`,
        where: this.yaml.where([...at, "bind"]),
        mend: "Use it on a network you trust only; 127.0.0.1 keeps it on this machine.",
      });
    }
    const { tls } = written;
    return {
      bind,
      port: written.port ?? 0,
      ...(written.ports === undefined ? {} : { ports: written.ports }),
      ...(written.publicUrl === undefined ? {} : { publicUrl: this.url(written.publicUrl, [...at, "publicUrl"]) }),
      names: written.names ?? [],
      ...(tls === undefined
        ? {}
        : {
            tls: {
              keyPem: this.pem(tls.key, [...at, "tls", "key"], "PRIVATE KEY"),
              certPem: this.pem(tls.cert, [...at, "tls", "cert"], "CERTIFICATE"),
            },
          }),
      trust: (written.trust ?? []).map((file, index) => this.pem(file, [...at, "trust", index], "CERTIFICATE")),
    };
  }

  private client(written: WrittenClient, index: number): PscClientSettings {
    const at = ["psc", "clients", index];
    if (written.method === "tls_client_auth" ? written.subjectDn === undefined : written.secret === undefined) {
      const missing = written.method === "tls_client_auth" ? "subjectDn" : "secret";
      this.wrong(at, `the client has no "${missing}"`, `Add "${missing}": the method ${written.method} needs it.`);
    }
    // Our own user agent follows redirects to these.
    const logoutUris = written.logoutUris ?? [];
    for (const [place, uri] of written.redirectUris.entries()) this.target(uri, [...at, "redirectUris", place]);
    for (const [place, uri] of logoutUris.entries()) this.target(uri, [...at, "logoutUris", place]);
    return { ...written, logoutUris };
  }

  private driver(written: WrittenDriver): DriverConfig {
    const { kind, http, exec, manual, start } = written;
    if (kind !== "manual" && written[kind] === undefined) {
      this.wrong(["drivers"], `the driver "${kind}" has no settings`, `Add "${kind}" under "drivers".`);
    }
    if (http) {
      this.target(http.baseUrl, ["drivers", "http", "baseUrl"]);
      if (http.proxy !== undefined) this.target(http.proxy, ["drivers", "http", "proxy"]);
    }
    return {
      kind,
      can: written.can ?? null,
      concurrent: written.concurrent ?? false,
      ...(written.quiet === undefined ? {} : { quiet: written.quiet }),
      timeout: written.timeout ?? 30,
      ...(http === undefined
        ? {}
        : {
            http: {
              ...http,
              trust: (http.trust ?? []).map((file, index) =>
                this.pem(file, ["drivers", "http", "trust", index], "CERTIFICATE"),
              ),
            },
          }),
      ...(exec === undefined ? {} : { exec: { ...exec, cwd: this.folderOf(exec.cwd, ["drivers", "exec", "cwd"]) } }),
      ...(manual === undefined
        ? {}
        : { manual: manual.answerFile === undefined ? {} : { answerFile: this.absolute(manual.answerFile) } }),
      ...(start === undefined
        ? {}
        : {
            start: {
              command: start.command,
              cwd: this.folderOf(start.cwd, ["drivers", "start", "cwd"]),
              env: start.env ?? {},
              port: start.port ?? 0,
              timeout: start.timeout ?? 30,
            },
          }),
    };
  }

  private proofs(written: SegurConfig["proofs"]): SegurConfig["proofs"] {
    const entries = Object.entries(written).map(([id, proof]) => {
      const files = proof.files.map((file, index) => {
        const absolute = this.absolute(file);
        const at = ["proofs", id, "files", index];
        if (!isKind(absolute, "isFile"))
          this.wrong(at, `there is no file "${file}"`, "Correct the path, or remove it.");
        return absolute;
      });
      return [id, { ...proof, files }] as const;
    });
    return Object.fromEntries(entries);
  }

  /** Named, or found beside segur.yaml where `segur dossier init` makes it. Whether it can be read is told when it is opened. */
  private dossier(written: string | undefined): Pick<SegurConfig, "dossier"> {
    const beside = this.absolute("dossier");
    if (written !== undefined) return { dossier: this.absolute(written) };
    return isKind(path.join(beside, "dossier.yaml"), "isFile") ? { dossier: beside } : {};
  }

  private validators(written: NonNullable<SegurConfig["validators"]>): NonNullable<SegurConfig["validators"]> {
    return written.map((one, index) => ({ ...one, path: this.folderOf(one.path, ["validators", index, "path"]) }));
  }

  private absolute(file: string): string {
    return path.resolve(this.folder, file);
  }

  private folderOf(written: string | undefined, at: Path): string {
    const absolute = this.absolute(written ?? ".");
    if (!isKind(absolute, "isDirectory")) this.wrong(at, `there is no folder "${written}"`, "Correct the path.");
    return absolute;
  }

  /** Text of a PEM file that holds a block of the wanted kind. */
  private pem(file: string, at: Path, block: "CERTIFICATE" | "PRIVATE KEY"): string {
    if (/^[a-z]+:\/\//i.test(file)) {
      this.wrong(
        at,
        "an address stands where a file is expected",
        "Save the certificate as a PEM file and name that file.",
      );
      return "";
    }
    let text = "";
    try {
      text = readFileSync(this.absolute(file), "utf8");
    } catch {
      this.wrong(at, `the file "${file}" cannot be read`, "Correct the path, relative to this file.");
      return text;
    }
    if (!new RegExp(`-----BEGIN [A-Z ]*${block}-----`).test(text)) {
      const mend = "Convert it to PEM (openssl x509 -inform DER, openssl pkcs12).";
      this.wrong(at, `the file "${file}" holds no PEM block "${block}"`, mend);
    }
    return text;
  }

  private url(text: string, at: Path): string {
    if (!URL.canParse(text)) this.wrong(at, `"${text}" is not a URL`, "Write it as https://host:port/path.");
    return text;
  }

  /** A URL the suite itself will call. The public name of one of our own services is not: we never call it. */
  private target(text: string, at: Path): void {
    this.url(text, at);
    const suffix = nationalSuffix(text);
    if (suffix === null) return;
    this.wrong(
      at,
      `"${text}" belongs to a real national service (${suffix})`,
      "Name a test machine of your own: the suite never calls the real services.",
    );
  }

  private wrong(at: Path, what: string, mend: string): void {
    this.problems.push({ what, where: this.yaml.where(at), mend });
  }
}

function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);
}

function isKind(file: string, kind: "isFile" | "isDirectory"): boolean {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts?.[kind]() ?? false;
}

/** Settings of the services when no segur.yaml says otherwise. */
export function defaultServices(): SegurConfig["services"] {
  const settings: ServiceSettings = { bind: "127.0.0.1", port: 0, names: [], trust: [] };
  return { psc: settings, ins: settings, dmp: settings, mss: settings };
}
