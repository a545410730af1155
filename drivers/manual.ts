/**
 * Driver `manual`: an instruction to a person, with a countdown. The person answers on the terminal, or, without one, by
 * writing a line of JSON to the answer file (`{"operation": "mss.send", "status": "done"}`).
 */
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Driver, DriverConfig, OperationAnswer, VendorOperation } from "../core/model/index.js";
import { VENDOR_OPERATIONS } from "../core/model/index.js";
import { instruction } from "./manual-words.js";

export interface ManualTerminal {
  readonly interactive: boolean;
  readonly input: NodeJS.ReadableStream;
  write(text: string): void;
}

export interface ManualOptions {
  readonly config: DriverConfig;
  readonly lang: "fr" | "en";
  readonly terminal: ManualTerminal;
  /** Absolute path of the answer file; default `manual-answers.jsonl` in the folder of the run. */
  readonly answerFile: string;
  /** How the mock's login page shows a professional, by key. */
  readonly professionals: Readonly<Record<string, string>>;
}

const POLL = 250;

export function manualDriver({ config, lang, terminal, answerFile, professionals }: ManualOptions): Driver {
  let contacted = false;
  let consumed = 0;

  const fromFile = (operation: string): OperationAnswer | null => {
    if (!existsSync(answerFile)) return null;
    const lines = readFileSync(answerFile, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "");
    while (consumed < lines.length) {
      const line = lines[consumed] ?? "";
      consumed += 1;
      try {
        const value = JSON.parse(line) as Record<string, unknown>;
        if (value.operation === undefined || value.operation === operation) return answerOf(value);
        terminal.write(
          `  (${answerFile}:${consumed}: operation ${JSON.stringify(value.operation)} is not awaited now)\n`,
        );
      } catch {
        terminal.write(`  (${answerFile}:${consumed}: not a line of JSON, ignored)\n`);
      }
    }
    return null;
  };

  return {
    get contacted() {
      return contacted;
    },
    open: () => Promise.resolve({}),
    can: () => Promise.resolve(VENDOR_OPERATIONS.filter((name) => !config.can || config.can.includes(name))),
    async perform(operation, input, context) {
      terminal.write(
        instruction({
          operation,
          input,
          context,
          lang,
          seconds: config.timeout,
          answerFile: terminal.interactive ? null : answerFile,
          professionals,
        }),
      );
      const deadline = performance.now() + config.timeout * 1000;
      const reader = terminal.interactive ? createInterface({ input: terminal.input }) : null;
      const countdown = terminal.interactive ? countdownOn(terminal) : null;
      let typed: OperationAnswer | null = null;
      reader?.on("line", (line) => {
        typed = typedAnswer(line);
        if (typed) return;
        terminal.write(lang === "fr" ? "  répondez o, r ou e\n" : "  answer d, r or f\n");
        countdown?.restart();
      });
      try {
        for (;;) {
          const answer = typed ?? fromFile(operation);
          if (answer) {
            contacted = true;
            return withPatient(operation, input, answer);
          }
          const left = Math.ceil((deadline - performance.now()) / 1000);
          if (context.signal.aborted) return { status: "failed", answer: { error: "interrupted", detail: "" } };
          if (left <= 0) return { status: "failed", answer: { error: "timeout", detail: "nobody answered in time" } };
          countdown?.show(left);
          await pause(POLL);
        }
      } finally {
        reader?.close();
        if (!typed) countdown?.leave();
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Seconds left at the head of the line where the person types: rewritten in place, the cursor and the letters typed stay. */
function countdownOn(terminal: ManualTerminal): { show(left: number): void; restart(): void; leave(): void } {
  let shown: number | null = null;
  return {
    show(left) {
      if (left === shown) return;
      const text = `${String(left).padStart(5)} s > `;
      terminal.write(shown === null ? text : `\u001b7\r${text}\u001b8`);
      shown = left;
    },
    restart() {
      shown = null;
    },
    leave() {
      if (shown !== null) terminal.write("\n");
    },
  };
}

/** A person who says "done" names no id: the patient's local number serves in the steps that follow. */
function withPatient(
  operation: VendorOperation,
  input: Readonly<Record<string, unknown>>,
  answer: OperationAnswer,
): OperationAnswer {
  const localId = (input.patient as { localId?: unknown } | undefined)?.localId;
  if (operation !== "patient.put" || answer.status !== "done" || typeof localId !== "string") return answer;
  return { ...answer, answer: { patientId: localId, ...(answer.answer as object) } };
}

function answerOf(value: Record<string, unknown>): OperationAnswer {
  if (value.status === "done" || value.status === "refused") return { status: value.status, answer: value };
  return { status: "failed", answer: { error: "operator", detail: String(value.detail ?? "") } };
}

/** `o`/`d` = done, `r` = the software refuses, `e`/`f` = it failed; a line of JSON is taken as the answer itself. */
function typedAnswer(line: string): OperationAnswer | null {
  const word = line.trim().toLowerCase();
  if (word.startsWith("{")) {
    try {
      return answerOf(JSON.parse(line) as Record<string, unknown>);
    } catch {
      return null;
    }
  }
  if (["o", "oui", "d", "done", "y"].includes(word)) return { status: "done", answer: { status: "done" } };
  if (["r", "refus", "refused"].includes(word)) return { status: "refused", answer: { status: "refused" } };
  if (["e", "erreur", "f", "failed"].includes(word)) {
    return { status: "failed", answer: { error: "operator", detail: "the person says it failed" } };
  }
  return null;
}
