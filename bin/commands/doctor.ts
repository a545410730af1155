/** `segur doctor`: what can be known before a run. Touches loopback and the vendor's own address, nothing else. */
import { accessSync, constants, statfsSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { Agent, request } from "undici";
import { type SegurConfig, SuiteError, VENDOR_OPERATIONS } from "../../core/model/index.js";
import { buildPlan } from "../../core/plan/index.js";
import { SERVICE_NAMES } from "../../services/host.js";
import { ensurePki } from "../../services/pki/pki.js";
import { OFFICIAL_WORDS } from "../../reports/official.js";
import { visible } from "../../reports/safe.js";
import { openValidators } from "../official/run.js";
import { type ExitCode, errorText, type Lang, progressOn } from "../output.js";
import { servedNames } from "../road.js";
import { makeFolder } from "../run-folder.js";
import { openConfig, openSuite } from "../suite.js";
import { PLACEHOLDERS } from "./init.js";

export interface DoctorOptions {
  readonly config: string;
  /** Folder of a rule pack. */
  readonly specs?: string;
  readonly lang: Lang;
}

type State = "ok" | "warn" | "fail";

interface Line {
  readonly state: State;
  readonly text: string;
}

const T = {
  fr: {
    node: (v: string) => `Node.js ${v}`,
    config: (f: string) => `configuration ${f}`,
    plan: (s: number, c: number) => `plan : ${s} scénarios, ${c} contrôles`,
    pki: (f: string) => `certificats de test dans ${f}`,
    folder: (f: string) => `dossier ${f}`,
    notWritable: "non inscriptible : changez `runs` ou les droits",
    room: (mb: number) => `place libre : ${mb} Mo`,
    port: (n: string, p: number) => `${n} : port ${p} libre`,
    taken: (n: string, p: number, c: string) =>
      `${n} : port ${p} impossible (${c}) : arrêtez ce qui l'occupe ou changez-le`,
    auto: (n: string) => `${n} : port donné par le système`,
    bind: (n: string, b: string) => `${n} écoute sur ${b} : joignable d'autres machines`,
    clients: "aucun client Pro Santé Connect déclaré : la connexion sera refusée (psc.clients, ou run --learn)",
    vendor: (u: string) => `le logiciel répond sur ${u}`,
    vendorNo: (u: string, why: string) => `le logiciel ne répond pas sur ${u} (${why})`,
    vendorStart: (command: string) => `le logiciel sera démarré par la suite (drivers.start : ${command})`,
    noProgram: (program: string) =>
      `drivers.start.command : le programme ${program} n'existe pas ou n'est pas exécutable`,
    shared: (names: string, p: number) => `port ${p} donné plusieurs fois (${names}) : un port par service`,
    placeholders: (list: string) => `encore comme segur init l'a écrit : ${list}`,
    operations: (l: string) => `opérations non déclenchables : ${l}`,
    proxy: "variables de proxy présentes dans l'environnement : ignorées, seul drivers.http.proxy compte",
    clock: (s: number) => `horloge du logiciel : écart de ${s} s`,
    manual: "pilote manuel : une personne agira",
    official: (digest: string, volets: number) => `règles officielles ${digest} : ${volets} volets`,
    officialOff: (name: string, why: string) => `règles officielles, ${name} : ${why}`,
  },
  en: {
    node: (v: string) => `Node.js ${v}`,
    config: (f: string) => `configuration ${f}`,
    plan: (s: number, c: number) => `plan: ${s} scenarios, ${c} checks`,
    pki: (f: string) => `test certificates in ${f}`,
    folder: (f: string) => `folder ${f}`,
    notWritable: "not writable: change `runs` or the rights",
    room: (mb: number) => `free room: ${mb} MB`,
    port: (n: string, p: number) => `${n}: port ${p} free`,
    taken: (n: string, p: number, c: string) => `${n}: port ${p} impossible (${c}): end what holds it or change it`,
    auto: (n: string) => `${n}: port given by the system`,
    bind: (n: string, b: string) => `${n} listens on ${b}: reachable from other machines`,
    clients: "no Pro Santé Connect client declared: logins will be refused (psc.clients, or run --learn)",
    vendor: (u: string) => `the software answers at ${u}`,
    vendorNo: (u: string, why: string) => `the software does not answer at ${u} (${why})`,
    vendorStart: (command: string) => `the software will be started by the suite (drivers.start: ${command})`,
    noProgram: (program: string) => `drivers.start.command: the program ${program} is not there or may not be executed`,
    shared: (names: string, p: number) => `port ${p} given more than once (${names}): one port per service`,
    placeholders: (list: string) => `still as segur init wrote it: ${list}`,
    operations: (l: string) => `operations that cannot be triggered: ${l}`,
    proxy: "proxy variables in the environment: ignored, only drivers.http.proxy counts",
    clock: (s: number) => `clock of the software: ${s} s apart`,
    manual: "manual driver: a person will act",
    official: (digest: string, volets: number) => `official rules ${digest}: ${volets} volets`,
    officialOff: (name: string, why: string) => `official rules, ${name}: ${why}`,
  },
} as const;

/** Exit 0 when nothing fails, else 2. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const t = T[options.lang];
  const lines: Line[] = [];
  const say = (state: State, text: string): void => {
    lines.push({ state, text });
    process.stdout.write(`${{ ok: "  ok  ", warn: " warn ", fail: " FAIL " }[state]} ${text}\n`);
  };
  say("ok", t.node(process.versions.node));
  let config: SegurConfig;
  try {
    const suite = openSuite(options);
    config = openConfig(options.config, suite, progressOn(process.stderr), options.lang).config;
    say("ok", t.config(config.file));
    const plan = buildPlan({
      config,
      specs: suite.specs,
      checks: suite.checks,
      driverCan: config.drivers.can ?? VENDOR_OPERATIONS,
    });
    say("ok", t.plan(plan.scenarios.length, plan.checks.length));
    if (plan.cannotTrigger.length > 0) {
      const missing = [...new Set(plan.cannotTrigger.flatMap((entry) => entry.missing))];
      say("warn", t.operations(missing.join(", ")));
    }
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    process.stderr.write(errorText(error, options.lang));
    return 2;
  }
  try {
    const pki = await ensurePki(path.join(config.stateFolder, "pki"), { names: servedNames(config) });
    say("ok", t.pki(pki.folder));
  } catch (error) {
    say("fail", error instanceof Error ? error.message : String(error));
  }
  officialRules(config, say, t, options.lang);
  disk(config.runsFolder, say, t);
  const shared = sharedPorts(config, say, t);
  await ports(config, say, t, shared);
  placeholders(config, say, t);
  if (config.psc.clients.length === 0) say("warn", t.clients);
  if (["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].some((name) => process.env[name]))
    say("warn", t.proxy);
  await vendor(config, say, t);
  return lines.some((line) => line.state === "fail") ? 2 : 0;
}

type Say = (state: State, text: string) => void;
type Words = (typeof T)[Lang];

/** The tree of `validators`, if any: readable, recognised, and what of it cannot be used. */
function officialRules(config: SegurConfig, say: Say, t: Words, lang: Lang): void {
  try {
    const judge = openValidators(config.validators);
    if (!judge) return;
    say("ok", t.official(judge.tree.facts.digest.slice(0, 12), judge.volets.length));
    for (const { name, code, where } of judge.unusable()) {
      const words = OFFICIAL_WORDS[lang].reasons[code];
      say("warn", t.officialOff(visible(name), where === null ? words : `${words} (${visible(where)})`));
    }
    judge.dispose();
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    say(
      "fail",
      errorText(error, lang)
        .trim()
        .replace(/^segur: /, ""),
    );
  }
}

function disk(folder: string, say: Say, t: Words): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    say("ok", t.folder(folder));
    const { bavail, bsize } = statfsSync(folder);
    const free = Math.floor((bavail * bsize) / 1e6);
    say(free < 200 ? "warn" : "ok", t.room(free));
  } catch {
    say("fail", `${t.folder(folder)} ${t.notWritable}`);
  }
}

const LOOPBACK = "127.0.0.1";

/** Port that drivers.start asks for; 0 for a free one. */
const vendorPort = ({ drivers }: SegurConfig): number => drivers.start?.port ?? 0;

/** Addresses that the file gives to several listeners: each of them is free, and yet the run could not begin. */
function sharedPorts(config: SegurConfig, say: Say, t: Words): ReadonlySet<string> {
  const wanted = new Map<string, { readonly port: number; readonly names: string[] }>();
  const note = (name: string, host: string, port: number): void => {
    if (port === 0) return;
    const entry = wanted.get(`${host}:${port}`) ?? { port, names: [] };
    entry.names.push(name);
    wanted.set(`${host}:${port}`, entry);
  };
  for (const name of SERVICE_NAMES) {
    const { bind, port, ports } = config.services[name];
    for (const [listener, one] of Object.entries({ [name]: port, ...ports })) note(listener, bind, one);
  }
  note("drivers.start", LOOPBACK, vendorPort(config));
  const shared = [...wanted].filter(([, { names }]) => names.length > 1);
  for (const [, { port, names }] of shared) say("fail", t.shared(names.join(", "), port));
  return new Set(shared.map(([address]) => address));
}

/** Values of a fresh segur.yaml that nobody replaced: the report and the label would bear them. */
function placeholders({ candidate, psc }: SegurConfig, say: Say, t: Words): void {
  const left = [
    ...[candidate.vendor, candidate.product].filter((value) => PLACEHOLDERS.includes(value)),
    ...psc.clients.map((client) => client.id).filter((id) => PLACEHOLDERS.includes(id)),
  ];
  if (left.length > 0) say("warn", t.placeholders(left.join(", ")));
}

async function ports(config: SegurConfig, say: Say, t: Words, shared: ReadonlySet<string>): Promise<void> {
  const start = vendorPort(config);
  if (start !== 0 && !shared.has(`${LOOPBACK}:${start}`)) {
    const error = await tryPort(start, LOOPBACK);
    if (error) say("fail", t.taken("drivers.start", start, error));
    else say("ok", t.port("drivers.start", start));
  }
  for (const name of SERVICE_NAMES) {
    const settings = config.services[name];
    const wanted = Object.entries({ [name]: settings.port, ...settings.ports }).filter(
      ([, port]) => port !== 0 && !shared.has(`${settings.bind}:${port}`),
    );
    if (wanted.length === 0) say("ok", t.auto(name));
    for (const [listener, port] of wanted) {
      const error = await tryPort(port, settings.bind);
      if (error) say("fail", t.taken(listener, port, error));
      else say("ok", t.port(listener, port));
    }
    if (!/^(127\.|::1$|localhost$)/.test(settings.bind)) say("warn", t.bind(name, settings.bind));
  }
}

/** As the system looks a program up: a path as it stands, a bare name along PATH. */
function isThere(program: string, folder: string | undefined): boolean {
  if (program === "{node}") return true;
  const names = process.platform === "win32" ? ["", ".exe", ".cmd", ".bat"] : [""];
  const folders = /[\\/]/.test(program) ? [folder ?? "."] : (process.env.PATH ?? "").split(path.delimiter);
  return folders.some((place) =>
    names.some((ending) => {
      try {
        accessSync(path.resolve(place, `${program}${ending}`), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );
}

function tryPort(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

async function vendor(config: SegurConfig, say: Say, t: Words): Promise<void> {
  const { drivers } = config;
  if (drivers.kind === "manual") say("ok", t.manual);
  if (drivers.start) {
    const [program = ""] = drivers.start.command;
    if (isThere(program, drivers.start.cwd)) say("ok", t.vendorStart(visible(drivers.start.command.join(" "))));
    else say("fail", t.noProgram(visible(program)));
    return;
  }
  if (drivers.kind !== "http" || !drivers.http) return;
  const url = `${drivers.http.baseUrl.replace(/\/+$/, "")}/segur/health`;
  const pki = await ensurePki(path.join(config.stateFolder, "pki"), { names: servedNames(config) });
  const agent = new Agent({ connect: { ca: [pki.caBundlePem, ...drivers.http.trust] } });
  try {
    const answer = await request(url, { dispatcher: agent, headersTimeout: 5_000, bodyTimeout: 5_000 });
    await answer.body.dump();
    if (answer.statusCode === 200) say("ok", t.vendor(url));
    else say("fail", t.vendorNo(url, `HTTP ${answer.statusCode}`));
    const date = answer.headers.date;
    const theirs = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(theirs)) {
      const apart = Math.round(Math.abs(Date.now() - theirs) / 1000);
      say(apart > 60 ? "warn" : "ok", t.clock(apart));
    }
  } catch (error) {
    say("fail", t.vendorNo(url, error instanceof Error ? error.message : String(error)));
  } finally {
    await agent.destroy();
  }
}
