/** What TD0.2 says of a file: from the patient and the access book, or as a scenario scripts it. */
import { type PatientFixture, SuiteError } from "../../core/model/index.js";
import { AUTHORISATIONS, type Authorisation } from "./access.js";

export interface Traits {
  readonly familyName: string;
  readonly givenName: string;
  /** `YYYY-MM-DD` */
  readonly birthDate: string;
  readonly sex: string;
}

/** Why and when a file was closed. */
export interface Closure {
  /** `YYYYMMDDhhmmss`, UTC. */
  readonly date: string | null;
  /** Code of 1.2.250.1.213.4.1.2.4. */
  readonly motive: string | null;
  /** Free text. */
  readonly reason: string | null;
}

export interface FileFacts {
  readonly state: PatientFixture["dmp"];
  readonly authorisation: Authorisation;
  /** The professional is the attending physician of the patient. */
  readonly attending: boolean;
  /** The DMP belongs to a *Mon espace santé*. */
  readonly attached: boolean;
  readonly internetAccount: boolean;
  readonly closure: Closure;
  readonly traits: Traits;
}

/** Motive that the kit's closing request bears; the date is one of ours. */
const CLOSED_BY_PATIENT: Closure = {
  date: "20250115093000",
  motive: "FERMETURE_DEMANDE_PATIENT",
  reason: "Fermeture à la demande du patient",
};

/** `patient` null: unknown, so without a file. */
export function factsOf(patient: PatientFixture | null, authorisation: Authorisation, attending: boolean): FileFacts {
  return {
    state: patient?.dmp ?? "none",
    authorisation,
    attending,
    attached: false,
    internetAccount: false,
    closure: CLOSED_BY_PATIENT,
    traits: {
      familyName: patient?.usedName ?? patient?.birthName ?? "",
      givenName: patient?.firstName ?? "",
      birthDate: patient?.birthDate ?? "",
      sex: patient?.sex ?? "",
    },
  };
}

const STATES = ["active", "closed", "none"] as const;

/**
 * The facts with what the args of a fault `says` change: `state`, `authorisation`, `attending`, `attached`,
 * `internetAccount`, `closure` ({date, motive, reason}, each may be null; closes the file), `traits` ({familyName,
 * givenName, birthDate, sex}). Throws SuiteError ERR_SPEC for anything else: a scenario is ours.
 */
export function refined(facts: FileFacts, args: Readonly<Record<string, unknown>>): FileFacts {
  const closed = args.closure !== undefined;
  let said: FileFacts = closed ? { ...facts, state: "closed" } : facts;
  for (const [name, value] of Object.entries(args)) {
    if (name === "state") said = { ...said, state: among(STATES, name, value) };
    else if (name === "authorisation") said = { ...said, authorisation: among(AUTHORISATIONS, name, value) };
    else if (name === "attending" || name === "attached" || name === "internetAccount") {
      if (typeof value !== "boolean") throw wrongArgument(name);
      said = { ...said, [name]: value };
    } else if (name === "closure") said = { ...said, closure: { ...facts.closure, ...texts(name, value, CLOSURE) } };
    else if (name === "traits") said = { ...said, traits: { ...facts.traits, ...texts(name, value, TRAITS) } };
    else throw wrongArgument(name);
  }
  return said;
}

const CLOSURE = { names: ["date", "motive", "reason"], nullable: true };
const TRAITS = { names: ["familyName", "givenName", "birthDate", "sex"], nullable: false };

function among<T extends string>(known: readonly T[], name: string, value: unknown): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw wrongArgument(name);
  return found;
}

/** The members of an object argument: known names, texts (or null where that means absent). */
function texts(
  argument: string,
  value: unknown,
  rule: { readonly names: readonly string[]; readonly nullable: boolean },
): Record<string, string> {
  if (typeof value !== "object" || value === null) throw wrongArgument(argument);
  for (const [name, text] of Object.entries(value)) {
    const fits = typeof text === "string" || (text === null && rule.nullable);
    if (!rule.names.includes(name) || !fits) throw wrongArgument(`${argument}.${name}`);
  }
  return { ...value };
}

function wrongArgument(name: string): SuiteError {
  return new SuiteError("ERR_SPEC", `the fault "says" of the DMP mock does not take this argument`, { where: name });
}
