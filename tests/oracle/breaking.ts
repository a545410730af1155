/** Ways to break a document: each changes one thing at a place the dice choose, and says so; null when there was nothing to change. */
import { Document, Element, Node, Text } from "slimdom";
import type { Dice } from "./random.js";

export interface Breaking {
  readonly id: string;
  readonly apply: (elements: readonly Element[], dice: Dice) => boolean;
}

const XSI = "http://www.w3.org/2001/XMLSchema-instance";
const OTHER_VALUES: Readonly<Record<string, readonly string[]>> = {
  code: ["XX", "", "11490-0", "18719-5"],
  codeSystem: ["1.2.3", "", "2.16.840.1.113883.6.1"],
  root: ["1.2.3", "1.2.250.1.213.1.4.10", "urn:oid:1.2", "01.2"],
  extension: ["", "279035121518989", "x y"],
  value: ["", "abc", "-1", "1e3", "007", " 12 ", "20240229", "tel:", "mailto:x"],
  nullFlavor: ["NI", "UNK", "NAV", "ZZ", ""],
  type: ["CD", "CE", "ST", "PQ", "TS", "IVL_TS", "ED"],
  unit: ["mg", "zzz", "", "{x}"],
  use: ["H", "WP", "ZZ", ""],
  typeCode: ["RPLC", "COMP", "ZZ", "PRF"],
  classCode: ["ACT", "OBS", "ZZ", "ENT"],
  moodCode: ["EVN", "INT", "ZZ"],
  mediaType: ["application/pdf", "text/plain", "image/zz"],
  displayName: ["", "x"],
};
const OTHER_DATES = [
  "2024",
  "20241301",
  "20240231",
  "202402291260",
  "20240229101010+0100",
  "20240229101010-9999",
  "0",
  "2024-01-01",
  "99999999",
  "19000101",
];

/** An element the dice choose among those that fit; the root never, except by asking for it. */
function choose(elements: readonly Element[], dice: Dice, fits: (element: Element) => boolean): Element | undefined {
  return dice.pick(elements.filter((element) => element.parentElement !== null && fits(element)));
}

function local(name: string): (element: Element) => boolean {
  return (element) => element.localName === name;
}

function named(element: Element): readonly string[] {
  return element.attributes
    .filter((each) => each.namespaceURI !== "http://www.w3.org/2000/xmlns/")
    .map((each) => each.name);
}

function remove(element: Element | undefined): boolean {
  if (!element?.parentNode) return false;
  element.parentNode.removeChild(element);
  return true;
}

export const BREAKINGS: readonly Breaking[] = [
  { id: "drop-element", apply: (elements, dice) => remove(choose(elements, dice, () => true)) },
  {
    id: "drop-leaf",
    apply: (elements, dice) => remove(choose(elements, dice, (each) => each.firstElementChild === null)),
  },
  { id: "drop-template-id", apply: (elements, dice) => remove(choose(elements, dice, local("templateId"))) },
  {
    id: "duplicate-element",
    apply: (elements, dice) => {
      const element = choose(elements, dice, (each) => each.childNodes.length < 60);
      if (!element?.parentNode) return false;
      element.parentNode.insertBefore(element.cloneNode(true), element.nextSibling);
      return true;
    },
  },
  {
    id: "move-element",
    apply: (elements, dice) => {
      const element = choose(elements, dice, (each) => each.childNodes.length < 60);
      const to = choose(elements, dice, (each) => each.localName === element?.parentElement?.localName);
      if (!element || !to || element.contains(to)) return false;
      to.insertBefore(element, to.firstChild);
      return true;
    },
  },
  {
    id: "change-attribute",
    apply: (elements, dice) => {
      const element = choose(elements, dice, (each) => named(each).length > 0);
      const name = element && dice.pick(named(element));
      if (!element || name === undefined) return false;
      const before = element.getAttribute(name);
      const localName = name.includes(":") ? name.slice(name.indexOf(":") + 1) : name;
      element.setAttribute(name, dice.pick(OTHER_VALUES[localName] ?? ["zz", ""]) ?? "");
      return element.getAttribute(name) !== before;
    },
  },
  {
    id: "drop-attribute",
    apply: (elements, dice) => {
      const element = choose(elements, dice, (each) => named(each).length > 0);
      const name = element && dice.pick(named(element));
      if (!element || name === undefined) return false;
      element.removeAttribute(name);
      return true;
    },
  },
  {
    id: "swap-codes",
    apply: (elements, dice) => {
      const [one, two] = [0, 1].map(() => choose(elements, dice, (each) => each.hasAttribute("code")));
      if (!one || !two) return false;
      const [first, second] = [one.getAttribute("code") ?? "", two.getAttribute("code") ?? ""];
      one.setAttribute("code", second);
      two.setAttribute("code", first);
      return first !== second;
    },
  },
  {
    id: "empty-text",
    apply: (elements, dice) => {
      const texts = (each: Element): Text[] =>
        each.childNodes.filter(
          (node): node is Text => node.nodeType === Node.TEXT_NODE && /\S/.test((node as Text).data),
        );
      const element = choose(elements, dice, (each) => texts(each).length > 0);
      for (const text of element ? texts(element) : []) text.data = dice.pick(["", " ", "zz"]) ?? "";
      return element !== undefined;
    },
  },
  {
    id: "set-null-flavor",
    apply: (elements, dice) => {
      const element = choose(elements, dice, (each) => !each.hasAttribute("nullFlavor"));
      element?.setAttribute("nullFlavor", dice.pick(["NI", "UNK", "NAV", "MSK", "ZZ"]) ?? "NI");
      return element !== undefined;
    },
  },
  {
    id: "set-type",
    apply: (elements, dice) => {
      const element = choose(elements, dice, () => true);
      element?.setAttributeNS(XSI, "xsi:type", dice.pick(OTHER_VALUES["type"] ?? []) ?? "CD");
      return element !== undefined;
    },
  },
  {
    id: "change-date",
    apply: (elements, dice) => {
      const element = choose(elements, dice, (each) => /^\d{8}/.test(each.getAttribute("value") ?? ""));
      element?.setAttribute("value", dice.pick(OTHER_DATES) ?? "");
      return element !== undefined;
    },
  },
];

/** Gives HL7's elements another prefix: nothing of the meaning changes, and no verdict may. */
export function renamePrefix(document: Document, prefix: string): void {
  const renew = (element: Element): Element => {
    const fresh =
      element.namespaceURI === "urn:hl7-org:v3"
        ? document.createElementNS("urn:hl7-org:v3", `${prefix}:${element.localName}`)
        : document.createElementNS(element.namespaceURI, element.nodeName);
    for (const each of element.attributes) {
      if (each.name !== "xmlns") fresh.setAttributeNS(each.namespaceURI, each.name, each.value);
    }
    for (const child of [...element.childNodes]) {
      fresh.appendChild(child.nodeType === Node.ELEMENT_NODE ? renew(child as Element) : child);
    }
    return fresh;
  };
  const root = document.documentElement;
  if (root) document.replaceChild(renew(root), root);
}
