import type { MakeIntrospect } from "../peer.ts"

/** Makes the reference: all callers share the promise of the first one. */
export const make: MakeIntrospect = (request) => {
  const pending = new Map<string, ReturnType<typeof request>>()
  return async (token) => {
    const promise = pending.get(token) ?? request().finally(() => pending.delete(token))
    pending.set(token, promise)
    return promise
  }
}
