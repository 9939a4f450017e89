/** Calls listeners, from a client's event or after a command. An exception in one of them changes nothing. */
export const callEach = <A>(listeners: Iterable<(value: A) => void>, value: A): void => {
  for (const listener of Array.from(listeners)) {
    try {
      listener(value)
    } catch {
      // In an event of a client it would end the process.
    }
  }
}
