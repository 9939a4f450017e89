/** Calls listeners, in an event of a client or after a command. An exception of a listener is ignored. */
export const callEach = <A>(listeners: Iterable<(value: A) => void>, value: A): void => {
  for (const listener of Array.from(listeners)) {
    try {
      listener(value)
    } catch {
      // An exception in an event of a client would end the process.
    }
  }
}
