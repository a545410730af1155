/** French of the words that the command line's library writes by itself. */

import { Help, type HelpConfiguration } from "commander";

const TITLES: Readonly<Record<string, string>> = {
  "Usage:": "Usage :",
  "Options:": "Options :",
  "Commands:": "Commandes :",
  "Arguments:": "Arguments :",
};

const plain = new Help();

export const FRENCH_HELP: HelpConfiguration = {
  styleTitle: (title) => TITLES[title] ?? title,
  optionDescription: (option) =>
    plain.optionDescription(option).replace("choices:", "choix :").replace("default:", "par défaut :"),
  argumentDescription: (argument) => plain.argumentDescription(argument).replace("default:", "par défaut :"),
};

/** Quoted words (options, commands) stay as they are. */
const ERRORS: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown option '(.*?)'/, "segur: option inconnue « $1 »"],
  [/^error: unknown command '(.*?)'/, "segur: commande inconnue « $1 »"],
  [/^error: missing required argument '(.*?)'/, "segur: il manque « $1 »"],
  [/^error: required option '(.*?)' not specified/, "segur: il manque l'option « $1 »"],
  [/^error: option '(.*?)' argument missing/, "segur: il manque la valeur de l'option « $1 »"],
  [
    /^error: option '(.*?)' argument '(.*?)' is invalid\. Allowed choices are (.*?)\.$/m,
    "segur: l'option « $1 » n'accepte pas « $2 » ; choix possibles : $3.",
  ],
  [
    /^error: too many arguments for '(.*?)'\. Expected (\d+) arguments? but got (\d+)\.$/m,
    "segur: trop de mots pour « $1 » : $3 au lieu de $2.",
  ],
  [/\(Did you mean (.*?)\?\)/, "(vouliez-vous dire $1 ?)"],
  [/\(Did you mean one of (.*?)\?\)/, "(vouliez-vous dire l'un de $1 ?)"],
];

/** A usage error in French; a sentence without a translation stays. */
export function frenchUsage(text: string): string {
  return ERRORS.reduce((said, [pattern, french]) => said.replace(pattern, french), text);
}
