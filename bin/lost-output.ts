/** Output that cannot be written: whoever read it went away, or the disk is full. Neither is a fault of the suite, nor a breach. */
import type { Lang } from "./output.js";

const SAID = {
  fr: (why: string) =>
    `segur: la sortie standard ne peut plus être écrite (${why}) ; ce qui est écrit n'est pas complet.\n`,
  en: (why: string) => `segur: standard output can no longer be written (${why}); what is there is not whole.\n`,
} as const;

let listening = false;

/**
 * A closed pipe (`segur plan | head`) is no error: the command goes on, without a word, to its own exit code. Any other failure is
 * told once and makes the exit code 2: a cut result must not look like one.
 */
export function surviveLostOutput(lang: Lang): void {
  if (listening) return;
  listening = true;
  // Nobody can be told when this one fails.
  process.stderr.on("error", () => undefined);
  let lost = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || lost) return;
    lost = true;
    process.stderr.write(SAID[lang](error.code ?? error.message));
    process.on("exit", () => {
      process.exitCode = 2;
    });
  });
}
