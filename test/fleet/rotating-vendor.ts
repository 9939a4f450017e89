/** A vendor that rotates refresh tokens: a second use of one ends its grant. */
import * as Effect from "effect/Effect"
import type { TransportRequest } from "latchkey/effect"
import { type Vendor, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"

export interface RotatingVendor extends Vendor {
  /** How often a used refresh token came again. */
  readonly reuses: () => number
  readonly asked: () => number
}

const invalidGrant = { status: 400, headers: { "content-type": "application/json" } }

const formOf = ({ body }: TransportRequest) => new URLSearchParams(body)

/** Makes a vendor. A token `r1` is replaced by `r1+`. It notes a use when the request arrives, and answers after `delay`. */
export const rotatingVendor = (delay = 0): RotatingVendor => {
  const used = new Set<string>()
  let reuses = 0
  const scripted = vendor((request) => {
    if (!request.url.endsWith("/token")) return Effect.succeed({ status: 200, headers: {}, body: "{}" })
    const token = formOf(request).get("refresh_token") ?? formOf(request).get("code") ?? ""
    if (used.has(token)) reuses += 1
    const isGood = !used.has(token) && !token.startsWith("bad")
    used.add(token)
    const response = isGood
      ? json({ access_token: `a of ${token}`, token_type: "bearer", expires_in: 600, refresh_token: `${token}+` })
      : { ...invalidGrant, body: JSON.stringify({ error: "invalid_grant" }) }
    return Effect.delay(Effect.succeed(response), delay)
  })
  return Object.assign(scripted, { reuses: () => reuses, asked: () => scripted.count("/token") })
}
