/** The words of the renderings. `fr` gives the shape; `en` must have the same members, which the compiler checks. */
import type { Lang } from "../model.js";
import { en } from "./en.js";
import { fr } from "./fr.js";

export type Messages = typeof fr;

export const MESSAGES: Readonly<Record<Lang, Messages>> = { fr, en };
