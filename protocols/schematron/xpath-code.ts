/** What a compiled expression is, and the state it runs on. */
import type { SNode, STree } from "./tree.js";
import { effectiveBoolean, NotFast, type Item } from "./xpath-values.js";

/** What an evaluation may ask of the run: variables of the schema, documents of the tree. */
export interface Environment {
  readonly tree: STree;
  /** Stands for the documents `document` can give: they are the same for the same object. */
  readonly documents: object;
  /** Value of a variable of the schema. `slot` is the object that stands for it. */
  variable(slot: object): readonly Item[];
  /** Throws what fontoxpath would have to report. */
  document(uri: string): STree;
  hasDocument(uri: string): boolean;
  /** Texts directly inside the elements of that name (`nameKey`), one for each text node. Throws as `document`. */
  texts(uri: string, element: string): ReadonlySet<string>;
}

/** Focus of an evaluation; a new one for each predicate loop, reused inside it. */
export class Focus {
  item: Item | null;
  position: number;
  size: number;
  readonly env: Environment;
  /** Values of for, some and every, by their depth. */
  readonly frame: (readonly Item[])[];
  /** Node the rule applies to. */
  readonly current: SNode;

  constructor(
    env: Environment,
    current: SNode,
    frame: (readonly Item[])[],
    item: Item | null,
    position: number,
    size: number,
  ) {
    this.env = env;
    this.current = current;
    this.frame = frame;
    this.item = item;
    this.position = position;
    this.size = size;
  }

  inner(item: Item | null, position: number, size: number): Focus {
    return new Focus(this.env, this.current, this.frame, item, position, size);
  }

  node(): Item {
    if (this.item === null) throw new NotFast("no context item");
    return this.item;
  }
}

/** Sees an item; true to stop. */
export type Visit = (item: Item) => boolean;

export interface Code {
  /**
   * Visits the items, true when stopped. A path may show nodes out of order, and twice unless `distinct`: for existence and
   * comparison neither matters.
   */
  each(f: Focus, visit: Visit): boolean;
  /** The sequence as the language defines it. */
  all(f: Focus): readonly Item[];
  /** Effective boolean value. */
  test(f: Focus): boolean;
  /** `each` shows no node twice. */
  readonly distinct: boolean;
  /** Never more than one item. */
  readonly single: boolean;
}

export function fromAll(all: (f: Focus) => readonly Item[]): Code {
  return {
    all,
    each: (f, visit) => all(f).some(visit),
    test: (f) => effectiveBoolean(all(f)),
    distinct: true,
    single: false,
  };
}

/** Zero or one item. */
export function fromOne(one: (f: Focus) => Item | null): Code {
  return {
    all: (f) => {
      const item = one(f);
      return item === null ? [] : [item];
    },
    each: (f, visit) => {
      const item = one(f);
      return item !== null && visit(item);
    },
    test: (f) => {
      const item = one(f);
      return item !== null && effectiveBoolean([item]);
    },
    distinct: true,
    single: true,
  };
}

export function fromTest(test: (f: Focus) => boolean): Code {
  return { test, all: (f) => [test(f)], each: (f, visit) => visit(test(f)), distinct: true, single: true };
}
