import type { MakeIntrospect } from "../peer.ts"

/** The reference: the promise of the first caller is handed to all others. */
export const make: MakeIntrospect = (ask) => {
  const underWay = new Map<string, ReturnType<typeof ask>>()
  return async (token) => {
    const asked = underWay.get(token) ?? ask().finally(() => underWay.delete(token))
    underWay.set(token, asked)
    return asked
  }
}
