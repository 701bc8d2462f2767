/**
 * The names of the methods that `using` and `await using` call at a block's end.
 *
 * A host that does not know `using` yet (WebKit) has no such symbols either, and a method named by a missing symbol would
 * be called "undefined". Compilers that rewrite `using` for such hosts look for the registered symbols instead.
 */

export const dispose: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as never);

export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for("Symbol.asyncDispose") as never);
