/** An auto-presentable document shows itself alone: no script, nothing fetched from elsewhere. */
import { defineCheck } from "../../core/model/index.js";
import type { Cda } from "../../protocols/cda.js";
import { elements, text, type XmlNode } from "../../protocols/xml.js";
import { CDA_OPERATIONS, cdaSubjects, pointerIn } from "./helpers/documents.js";

const SOURCE = "EX_2.1-1115, auto-presentable documents (dmp.md §4.2, T)";

export default defineCheck({
  id: "cda/self-contained",
  title: {
    fr: "Le document auto-présentable s'affiche sans script ni lien externe",
    en: "The auto-presentable document shows itself without scripts or external links",
  },
  reads: CDA_OPERATIONS,
  messages: {
    script: {
      weight: "remark",
      source: SOURCE,
      mark: "third-party",
      witness: "none",
      fr: "La feuille de style du document contient un script ({observed}).",
      en: "The style sheet of the document holds a script ({observed}).",
    },
    external: {
      weight: "remark",
      source: SOURCE,
      mark: "third-party",
      witness: "none",
      fr: "La feuille de style du document renvoie à l'extérieur : {observed}.",
      en: "The style sheet of the document refers outside: {observed}.",
    },
  },
  evaluate(seen, report) {
    for (const subject of cdaSubjects(seen)) {
      const { cda } = subject;
      if (!cda) continue;
      const at = pointerIn(subject);
      if (!cda.autoPresentable) {
        report.inapplicable(at(), "not_auto_presentable");
        continue;
      }
      report.observed(at());
      for (const node of styleSheetOf(cda)) {
        const script = scriptIn(node);
        if (script !== null) report.finding("script", at(node), { observed: script });
        const outside = outsideOf(node);
        if (outside !== null) report.finding("external", at(node), { observed: outside });
      }
    }
  },
});

/** Elements of the style sheet around the document, the document itself left out. */
function styleSheetOf(cda: Cda): XmlNode[] {
  let top = cda.root;
  while (top.parent) top = top.parent;
  const found: XmlNode[] = [];
  const walk = (node: XmlNode): void => {
    if (node === cda.root) return;
    found.push(node);
    for (const next of elements(node)) walk(next);
  };
  walk(top);
  return found;
}

function scriptIn(node: XmlNode): string | null {
  if (node.name.toLowerCase() === "script") return "script";
  const handler = node.attributes.find(({ name, value }) => /^on[a-z]+$/i.test(name) || /^\s*javascript:/i.test(value));
  return handler ? `@${handler.name}` : null;
}

/** Attributes that make a browser or an XSLT engine fetch something. */
const FETCHING = /^(?:src|href|action|data|background|poster)$/i;
const ELSEWHERE = /^\s*(?:https?:|ftp:|file:|\/\/)/i;

function outsideOf(node: XmlNode): string | null {
  const linked = node.attributes.find(({ name, value }) => FETCHING.test(name) && ELSEWHERE.test(value));
  if (linked) return linked.value;
  if (node.name.toLowerCase() !== "style") return null;
  const sheet = text(node) ?? "";
  return /(?:@import\s+|url\(\s*)["']?((?:https?:)?\/\/[^"')\s]+)/i.exec(sheet)?.[1] ?? null;
}
