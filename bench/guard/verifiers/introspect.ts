import { authOf } from "../auth.ts"
import { bearer, type MakeVerify } from "../peer.ts"

/** Makes a guard by hand that calls `introspect`. */
export const make: MakeVerify = async (setting) => {
  const auth = authOf(setting)
  return async (authorization) => {
    const token = bearer(authorization)
    if (token === undefined) return undefined
    const state = await auth.introspect(token)
    return state.active ? state.subject : undefined
  }
}
