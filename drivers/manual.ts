/**
 * Driver `manual`: an instruction to a person, with a countdown. The person answers on the terminal, or, without one, by
 * writing a line of JSON to the answer file (`{"operation": "mss.send", "status": "done"}`).
 */
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Driver, DriverConfig, OperationAnswer, OperationContext, VendorOperation } from "../core/model/index.js";
import { VENDOR_OPERATIONS } from "../core/model/index.js";

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
}

const POLL = 250;

/** What the person has to know, per operation: bilingual, one sentence. */
const ASKED: Readonly<Record<VendorOperation, { fr: string; en: string }>> = {
  "patient.put": {
    fr: "Créez (ou mettez à jour) dans le logiciel le patient fictif ci-dessous, avec ce statut d'identité.",
    en: "Create (or update) the fictitious patient below in the software, with this identity status.",
  },
  "patient.get": { fr: "Affichez la fiche du patient.", en: "Show the patient's file." },
  login: {
    fr: "Connectez-vous par Pro Santé Connect ; sur la page du service simulé, choisissez le professionnel indiqué.",
    en: "Log in through Pro Santé Connect; on the mock's page, choose the professional named.",
  },
  "session.get": {
    fr: "Regardez si le logiciel a une session ouverte, et au nom de qui.",
    en: "Look whether the software has an open session, and in whose name.",
  },
  logout: { fr: "Déconnectez-vous du logiciel.", en: "Log out of the software." },
  "ins.search": {
    fr: "Lancez la recherche de l'INS du patient, puis répondez à l'écran de comparaison comme indiqué (accept).",
    en: "Search the patient's INS, then answer the comparison screen as told (accept).",
  },
  "ins.confirm": {
    fr: "Enregistrez le contrôle de cohérence avec le dispositif à haut niveau de confiance indiqué.",
    en: "Record the coherence check with the high-confidence device named.",
  },
  "dmp.exists": { fr: "Interrogez l'existence du DMP du patient.", en: "Ask whether the patient's DMP exists." },
  "dmp.submit": {
    fr: "Produisez le document indiqué et déposez-le au DMP du patient.",
    en: "Produce the document named and upload it to the patient's DMP.",
  },
  "mss.send": {
    fr: "Envoyez le courriel MSSanté indiqué, avec le document s'il y en a un.",
    en: "Send the MSSanté mail described, with the document if there is one.",
  },
};

export function manualDriver({ config, lang, terminal, answerFile }: ManualOptions): Driver {
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
        instruction(operation, input, context, lang, config.timeout, terminal.interactive ? null : answerFile),
      );
      const deadline = performance.now() + config.timeout * 1000;
      const reader = terminal.interactive ? createInterface({ input: terminal.input }) : null;
      let typed: OperationAnswer | null = null;
      reader?.on("line", (line) => {
        typed = typedAnswer(line);
        if (!typed) terminal.write(lang === "fr" ? "  répondez o, r ou e\n" : "  answer d, r or f\n");
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
          if (terminal.interactive) terminal.write(`\r  ${left} s `);
          await pause(POLL);
        }
      } finally {
        reader?.close();
      }
    },
    close: () => Promise.resolve(),
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

function instruction(
  operation: VendorOperation,
  input: Readonly<Record<string, unknown>>,
  context: OperationContext,
  lang: "fr" | "en",
  seconds: number,
  answerFile: string | null,
): string {
  const lines = [
    "",
    `[${context.scenario}] ${context.title[lang]}`,
    `  ${ASKED[operation][lang]}`,
    ...Object.entries(input).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`),
    answerFile
      ? lang === "fr"
        ? `  ${seconds} s pour répondre : ajoutez à ${answerFile} la ligne {"operation":"${operation}","status":"done"}`
        : `  ${seconds} s to answer: add to ${answerFile} the line {"operation":"${operation}","status":"done"}`
      : lang === "fr"
        ? `  ${seconds} s pour répondre : o = fait, r = le logiciel refuse, e = échec`
        : `  ${seconds} s to answer: d = done, r = the software refuses, f = it failed`,
    "",
  ];
  return `${lines.join("\n")}\n`;
}
