/** Runs a function without the errors that it prints: latchkey's example and Better Auth report what the vendor does. */
export const withoutErrors = async <A>(run: () => Promise<A>): Promise<A> => {
  const { error } = console
  console.error = () => undefined
  try {
    return await run()
  } finally {
    console.error = error
  }
}
