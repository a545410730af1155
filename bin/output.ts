/** Talking to people: errors (what, where, what to do), progress, exit codes. Results go to stdout, prose to stderr. */
import { SuiteError } from "../core/model/index.js";
import { MistakesError } from "../core/plan/problems.js";
import { visible } from "../reports/safe.js";
import { french } from "./errors-fr.js";

export type Lang = "fr" | "en";

/** 0 gate passed, 1 the vendor's side, 2 ours, the user's or nothing executed. 2 wins over 1 over 0. */
export type ExitCode = 0 | 1 | 2;

export function worst(...codes: readonly ExitCode[]): ExitCode {
  if (codes.includes(2)) return 2;
  return codes.includes(1) ? 1 : 0;
}

const HEADS = {
  fr: { where: "où :", mend: "que faire :" },
  en: { where: "where:", mend: "what to do:" },
} as const;

/** An error as shown. Ours are told in three parts; anything else is a fault of the suite and shows its stack. */
export function errorText(error: unknown, lang: Lang): string {
  if (error instanceof SuiteError) {
    const shown = (text: string): string => visible(text, { lines: true });
    const say = (text: string): string => shown((lang === "fr" ? french(text) : null) ?? text);
    const several = error instanceof MistakesError && error.problems.length > 1;
    const lines = several
      ? [
          `segur: ${say(`${error.problems.length} mistakes`)} [${error.code}]`,
          ...error.problems.map((problem) => `  ${shown(problem.where)}: ${say(problem.what)}. ${say(problem.mend)}`),
        ]
      : [`segur: ${say(error.message)} [${error.code}]`];
    if (error.where) lines.push(`  ${HEADS[lang].where} ${shown(error.where)}`);
    if (error.mend) lines.push(`  ${HEADS[lang].mend} ${say(error.mend)}`);
    return `${lines.join("\n")}\n`;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const plea =
    lang === "fr"
      ? "Défaut de la suite elle-même ; merci de le signaler avec ce texte."
      : "A fault of the suite itself; please report it with this text.";
  return `segur: ${plea}\n${detail}\n`;
}

export interface Progress {
  /** A line that stays. */
  line(text: string): void;
  /** What goes on right now; on a terminal it replaces itself. */
  now(text: string): void;
  end(): void;
}

/**
 * Live on a terminal, plain lines when piped. `ticking`: what goes on is shown again every second with how long it has
 * lasted; not for a run in which a person types on the same terminal.
 */
export function progressOn(stream: NodeJS.WriteStream, { ticking = false } = {}): Progress {
  const write = (text: string): void => {
    // What a vendor's software answered may stand in a line: it must not command the terminal.
    // The no-break spaces of our own French are plain spaces here.
    stream.write(visible(text.replace(/[\u00a0\u202f]/g, " "), { lines: true }));
  };
  if (!stream.isTTY) {
    return { line: (text) => write(`${text}\n`), now: () => undefined, end: () => undefined };
  }
  let shown: { readonly text: string; readonly since: number } | null = null;
  const wipe = (): void => {
    if (shown) stream.write("\r\u001b[2K");
  };
  const draw = (): void => {
    if (!shown) return;
    const seconds = Math.floor((performance.now() - shown.since) / 1000);
    const text = seconds > 0 ? `${shown.text} (${seconds} s)` : shown.text;
    write(text.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
  };
  const timer = ticking
    ? setInterval(() => {
        wipe();
        draw();
      }, 1000).unref()
    : undefined;
  return {
    line(text) {
      wipe();
      shown = null;
      write(`${text}\n`);
    },
    now(text) {
      wipe();
      shown = { text, since: performance.now() };
      draw();
    },
    end() {
      wipe();
      shown = null;
      clearInterval(timer);
    },
  };
}

/** Colours only for people who did not say no. */
export function wantsColor(stream: NodeJS.WriteStream): boolean {
  return Boolean(stream.isTTY) && !process.env.NO_COLOR;
}
