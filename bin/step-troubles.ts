/** What a step answered when it was not carried out, told while the run goes on: nobody has to look for it in the recording. */
import type { Driver, OperationAnswer } from "../core/model/index.js";
import { french } from "./errors-fr.js";
import type { Lang } from "./output.js";

export interface NotedDriver {
  readonly driver: Driver;
  /** The first step of this attempt that failed, else the first that the software refused; null when all were done. */
  troubleOf(key: string, lang: Lang): string | null;
}

interface Trouble {
  readonly operation: string;
  readonly status: "refused" | "failed";
  readonly said: string;
}

/** Characters of the software's own words in a line of progress. */
const SAID_MAX = 160;

/** The same driver, whose answers are looked at on their way. */
export function noting(driver: Driver): NotedDriver {
  const troubles = new Map<string, Trouble>();
  return {
    driver: {
      can: () => driver.can(),
      open: () => driver.open(),
      close: () => driver.close(),
      get contacted() {
        return driver.contacted;
      },
      async perform(operation, input, context) {
        const answer = await driver.perform(operation, input, context);
        const trouble = troubleIn(operation, answer);
        const known = troubles.get(context.key);
        if (trouble && (!known || (known.status === "refused" && trouble.status === "failed")))
          troubles.set(context.key, trouble);
        return answer;
      },
    },
    troubleOf(key, lang) {
      const trouble = troubles.get(key);
      if (!trouble) return null;
      // What a driver says is ours, and has a French of its own; a refusal is in the software's words.
      const ours = trouble.status === "failed" && lang === "fr" ? french(trouble.said) : null;
      const said = trouble.said === "" ? "" : WORDS[lang].says(ours ?? trouble.said);
      return `${trouble.operation} ${WORDS[lang][trouble.status]}${said}`;
    },
  };
}

function troubleIn(operation: string, { status, answer }: OperationAnswer): Trouble | null {
  if (status === "done") return null;
  const member = status === "refused" ? "reason" : "detail";
  const words: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, member) : undefined;
  const said = typeof words === "string" ? words.replace(/\s+/g, " ").trim() : "";
  return { operation, status, said: said.length > SAID_MAX ? `${said.slice(0, SAID_MAX)}…` : said };
}

const WORDS = {
  fr: { refused: "refusé par le logiciel", failed: "en échec", says: (text: string) => ` : « ${text} »` },
  en: { refused: "refused by the software", failed: "failed", says: (text: string) => `: “${text}”` },
} as const;
