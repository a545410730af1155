/** The command line: parse, wire, print, exit. Each command is a file of bin/commands/, loaded only when called. */
import { Command, CommanderError, Option } from "commander";
import { packageRoot } from "../core/model/index.js";
import { type ExitCode, errorText, type Lang } from "./output.js";
import { toolVersion } from "./version.js";

const lang = (): Option =>
  new Option("--lang <lang>", "language of reports and messages").choices(["fr", "en"]).default(defaultLang());

/** French unless the user's environment says another language. */
function defaultLang(): Lang {
  const wanted = process.env.SEGUR_LANG ?? "";
  return wanted.startsWith("en") ? "en" : "fr";
}

const gate = (): Option =>
  new Option("--gate <gate>", "what must pass for exit code 0").choices(["checks", "wave"]).default("checks");

/** Runs the command line; gives the exit code. Only bin/ prints and exits. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0;
  const set = (value: ExitCode): void => {
    code = value;
  };
  const program = new Command("segur")
    .description("Conformance suite for the Ségur referencing: mock services, recording, judgement, labelling report.")
    .version(toolVersion(packageRoot(import.meta.url)))
    .exitOverride()
    .showHelpAfterError("(segur --help lists the commands)")
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });

  program
    .command("demo")
    .description("the bundled run: mock, reference vendor software, all checks, report; no configuration")
    .option("--only <prefix...>", "checks, requirements or scenarios whose id begins so")
    .option("--defect <id>", "make the reference software misbehave in one way")
    .option("--runs <folder>", "where the folder of the run goes")
    .option("--json", "print result.json on stdout")
    .addOption(gate())
    .addOption(lang())
    .action(async (options) => set(await (await import("./commands/demo.js")).demo(options)));

  program
    .command("init")
    .description("write a commented segur.yaml for your software")
    .argument("[file]", "file to write", "segur.yaml")
    .option("--force", "replace an existing file")
    .addOption(lang())
    .action(async (file, options) => set((await import("./commands/init.js")).init(file, options)));

  program
    .command("run")
    .description("plan, start services, drive the vendor's software, record, judge, decide, report")
    .option("-c, --config <file>", "configuration", "segur.yaml")
    .option("--only <prefix...>", "checks, requirements or scenarios whose id begins so")
    .option("--continue <run>", "go on with a run: scenarios not yet done")
    .option("--learn", "accept an unknown Pro Santé Connect client once and print the block to paste")
    .option("--json", "print result.json on stdout")
    .addOption(gate())
    .addOption(lang())
    .action(async (options) => set(await (await import("./commands/run.js")).run(options)));

  program
    .command("mock")
    .description("the national services alone, kept up until Ctrl-C")
    .option("-c, --config <file>", "configuration (addresses, clients); without it: free ports and the bundled client")
    .option("--services <names>", "comma-separated: psc,ins,dmp,mss")
    .option("--learn", "accept an unknown Pro Santé Connect client once and print the block to paste")
    .option("--json", "print one JSON object with addresses, ports and certificate files")
    .addOption(lang())
    .action(async (options) => set(await (await import("./commands/mock.js")).mock(options)));

  program
    .command("plan")
    .description("what would run, which rows it would prove, which proofs are owed, what the driver cannot trigger")
    .option("-c, --config <file>", "configuration; without it: the bundled one")
    .option("--only <prefix...>", "checks, requirements or scenarios whose id begins so")
    .option("--json", "print the plan as JSON")
    .addOption(lang())
    .action(async (options) => set((await import("./commands/plan.js")).plan(options)));

  program
    .command("doctor")
    .description("configuration, certificates, ports, reachability, clock: before anything runs")
    .option("-c, --config <file>", "configuration", "segur.yaml")
    .addOption(lang())
    .action(async (options) => set(await (await import("./commands/doctor.js")).doctor(options)));

  program
    .command("judge")
    .description("judge a recording again, offline, in a fresh process")
    .argument("<run>", "folder of a run, its name under runs/, or `last`")
    .option("--json", "print result.json on stdout")
    .addOption(gate())
    .addOption(lang())
    .action(async (run, options) => set((await import("./commands/judge.js")).judge(run, options)));

  program
    .command("check")
    .description("judge files alone: CDA, IHE_XDM zip, saved mail, SOAP message")
    .argument("<file...>", "files")
    .option("--json", "print findings as JSON")
    .addOption(lang())
    .action(async (files, options) => set((await import("./commands/check.js")).check(files, options)));

  program
    .command("report")
    .description("render a run again in any format and language")
    .argument("<run>", "folder of a run, its name under runs/, or `last`")
    .addOption(
      new Option("--format <format>", "format").choices(["html", "json", "junit", "markdown", "text"]).default("html"),
    )
    .option("-o, --output <file>", "file to write (default: stdout; html: report.html in the run)")
    .option("--mask", "hide identifiers, tokens and names in the rendering, for sharing")
    .addOption(gate())
    .addOption(lang())
    .action(async (run, options) => set((await import("./commands/report.js")).report(run, options)));

  program
    .command("explain")
    .description("a requirement, check or scenario: what is asked, how it is observed, what to fix, which proof")
    .argument("<id>", "MSS/CONF.16, dmp/patient-identifier, psc-login…; a prefix lists what begins so")
    .option("--json", "print it as JSON")
    .addOption(lang())
    .action(async (id, options) => set((await import("./commands/explain.js")).explain(id, options)));

  program
    .command("coverage")
    .description("requirement to checks, proofs, exclusion; checks to mutants killed; messages without outside witness")
    .option("--json", "print the table as JSON")
    .option("--owed", "list the machine-provable rows that have no check yet")
    .addOption(lang())
    .action(async (options) => set((await import("./commands/coverage.js")).coverage(options)));

  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const asked = /--lang[= ]en/.test(argv.join(" ")) ? "en" : defaultLang();
    process.stderr.write(errorText(error, asked));
    return 2;
  }
}
