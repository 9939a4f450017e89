/** What an API behind the guard answers to a user's token: while it is good, while the vendor is down, after its end. */
import { type AnyAuth, AuthError } from "latchkey"
import { startApi } from "./api.ts"
import type { Backend } from "./backend.ts"
import type { Step } from "./program.ts"

/** @param auth a client without a cache, which would know the token while the vendor is down */
export const apiSteps = async (auth: AnyAuth, { signIn, faults }: Backend): Promise<ReadonlyArray<Step>> => {
  const { url, transaction } = await auth.authorize({})
  const { accessToken } = await auth.exchange(await signIn(url), transaction)
  const api = await startApi(auth)
  const call = async (operation: string): Promise<Step> => {
    const { status } = await api.call(accessToken)
    return { operation, result: String(status) }
  }
  const good = await call("API")
  faults.add({ times: Number.POSITIVE_INFINITY, fault: { kind: "reset" } })
  const down = await call("API, vendor down")
  faults.clear()
  try {
    await auth.revoke(accessToken)
  } catch (error) {
    // Some vendors revoke no access token. The API then answers as before.
    if (!(error instanceof AuthError)) throw error
  }
  const revoked = await call("API, token revoked")
  api.close()
  return [good, down, revoked]
}
