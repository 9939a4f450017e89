/** Token lifetimes per grant: durations in latchkey's records, Go durations in Ory's. */
import { toSeconds } from "../../internal/duration.ts"
import type { ClientLifespans } from "../../ports/clients.ts"
import type { Reason } from "../../ports/errors.ts"

const prefixes = {
  authorization_code: "authorization_code_grant",
  client_credentials: "client_credentials_grant",
  device_code: "device_authorization_grant",
  implicit: "implicit_grant",
  jwt_bearer: "jwt_bearer_grant",
  refresh_token: "refresh_token_grant",
} as const

const kinds = { accessToken: "access_token", idToken: "id_token", refreshToken: "refresh_token" } as const

/** The grants that issue only some kinds of token. */
const limitedGrants: Readonly<Record<string, ReadonlyArray<string>>> = {
  client_credentials: ["accessToken"],
  implicit: ["accessToken", "idToken"],
  jwt_bearer: ["accessToken"],
}

type Wire = Readonly<Record<string, unknown>>

/** Converts lifespans to the server's members, or returns the reason if a grant does not issue a token of that kind. */
export const lifespansToWire = (lifespans: ClientLifespans["lifespans"]): Wire | Reason => {
  const wire: Record<string, string> = {}
  for (const [grant, lifetimes] of Object.entries(lifespans))
    for (const [kind, lifetime] of Object.entries(lifetimes ?? {})) {
      if (limitedGrants[grant]?.includes(kind) === false)
        return {
          _tag: "InvalidRequest",
          field: `lifespans.${grant}.${kind}`,
          detail: "this grant issues no such token",
        }
      if (lifetime !== undefined)
        wire[`${prefixes[grant as keyof typeof prefixes]}_${kinds[kind as keyof typeof kinds]}_lifespan`] =
          `${toSeconds(lifetime)}s`
    }
  return wire
}

/** Fails for a lifespan that the server did not store: older releases ignore grants that they do not support. */
export const checkLifespans = (sent: Wire, stored: Wire): Reason | undefined => {
  const dropped = Object.entries(sent).find(([name, value]) => secondsOf(stored[name]) !== secondsOf(value))?.[0]
  return dropped === undefined
    ? undefined
    : {
        _tag: "InvalidRequest",
        field: fieldOf(dropped),
        detail: "the server reported success but did not store this value",
      }
}

const fieldOf = (wire: string): string => {
  const grant = Object.entries(prefixes).find(([, prefix]) => wire.startsWith(`${prefix}_`))
  const kind = Object.entries(kinds).find(([, name]) => wire.endsWith(`_${name}_lifespan`))
  return `lifespans.${grant?.[0]}.${kind?.[0]}`
}

const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 }

/** Parses a Go duration of whole seconds, such as `1h30m0s`. */
const secondsOf = (duration: unknown): number | undefined => {
  if (typeof duration !== "string" || !/^(\d+[hms])+$/.test(duration)) return undefined
  return Array.from(duration.matchAll(/(\d+)([hms])/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  )
}
