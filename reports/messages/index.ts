/** The words of the renderings. French gives the shape; English must have the same members, which the compiler checks. */
import type { Lang } from "../model.js";
import { en } from "./en.js";
import { fr } from "./fr.js";
import { MATURITY } from "./maturity.js";
import { PROOFS } from "./proofs.js";
import { REASONS } from "./reasons.js";
import { WAVES } from "./waves.js";

const FR = { ...fr, ...REASONS.fr, waves: WAVES.fr, proofs: PROOFS.fr, maturity: MATURITY.fr };

export type Messages = typeof FR;

export const MESSAGES: Readonly<Record<Lang, Messages>> = {
  fr: FR,
  en: { ...en, ...REASONS.en, waves: WAVES.en, proofs: PROOFS.en, maturity: MATURITY.en },
};
