/**
 * The part of fontoxpath that this room uses. Its own declarations bring in the types of a browser (`lib="dom"`) for the whole
 * project, where they hide mistakes and clash with those of Node. `paths` in tsconfig.json points here.
 */
export interface Options {
  readonly namespaceResolver?: (prefix: string) => string | null;
  readonly functionNameResolver?: FunctionNameResolver;
  readonly moduleImports?: Readonly<Record<string, string>>;
  readonly currentContext?: unknown;
}

export type FunctionNameResolver = (
  name: { readonly prefix: string; readonly localName: string },
  arity: number,
) => { readonly namespaceURI: string; readonly localName: string };

/** `facade`: how the tree is read; `variables`: none is given here. */
type Evaluate<T> = (source: string, node: unknown, facade: unknown, variables: null, options: Options) => T;

declare const fontoxpath: {
  readonly evaluateXPathToBoolean: Evaluate<boolean>;
  readonly evaluateXPathToString: Evaluate<string>;
  registerCustomXPathFunction(
    name: { readonly namespaceURI: string; readonly localName: string },
    signature: readonly string[],
    returns: string,
    // Arguments come as the signature says, the context before them.
    call: (...args: never[]) => unknown,
  ): void;
  registerXQueryModule(source: string): void;
};
export default fontoxpath;
