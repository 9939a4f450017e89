/** Answering at once: what the Promise face looks at before it starts a fiber. */

/** What an operation would answer right now, by the platform's clock; `undefined` when that takes an effect. */
export type Peek = (args: ReadonlyArray<unknown>) => unknown

const peeks = new WeakMap<object, Peek>()

/**
 * Gives an operation a way to answer at once.
 *
 * Only the Promise face takes it, where asking and answering are one: an effect that was answered while it was built
 * could tell what held before a revocation.
 */
export const withPeek = <F extends object>(operation: F, peek: Peek): F => {
  peeks.set(operation, peek)
  return operation
}

/** The way of an operation to answer at once, where it has one. */
export const peekOf = (operation: object): Peek | undefined => peeks.get(operation)
