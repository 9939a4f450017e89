/** Token lifetimes per grant: seconds with us, Go durations on the wire. */
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

/** The grants that give only some kinds of token. */
const only: Readonly<Record<string, ReadonlyArray<string>>> = {
  client_credentials: ["accessToken"],
  implicit: ["accessToken", "idToken"],
  jwt_bearer: ["accessToken"],
}

type Wire = Readonly<Record<string, unknown>>

/** Writes lifespans with the server's names, or says which of them no grant can have. */
export const lifespansToWire = (lifespans: ClientLifespans["lifespans"]): Wire | Reason => {
  const wire: Record<string, string> = {}
  for (const [grant, lives] of Object.entries(lifespans))
    for (const [kind, seconds] of Object.entries(lives ?? {})) {
      if (only[grant]?.includes(kind) === false)
        return { _tag: "InvalidRequest", field: `lifespans.${grant}.${kind}`, detail: "this grant gives no such token" }
      if (seconds !== undefined)
        wire[`${prefixes[grant as keyof typeof prefixes]}_${kinds[kind as keyof typeof kinds]}_lifespan`] =
          `${seconds}s`
    }
  return wire
}

/** Says which member the server dropped: an older release ignores the grants it does not know. */
export const droppedLifespan = (sent: Wire, got: Wire): Reason | undefined => {
  const dropped = Object.entries(sent).find(([name, value]) => seconds(got[name]) !== seconds(value))?.[0]
  return dropped === undefined
    ? undefined
    : {
        _tag: "InvalidRequest",
        field: ourName(dropped),
        detail: "the server answered success but did not take this member over",
      }
}

const ourName = (wire: string): string => {
  const grant = Object.entries(prefixes).find(([, prefix]) => wire.startsWith(`${prefix}_`))
  const kind = Object.entries(kinds).find(([, name]) => wire.endsWith(`_${name}_lifespan`))
  return `lifespans.${grant?.[0]}.${kind?.[0]}`
}

const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 }

/** Reads a Go duration of whole seconds, such as `1h30m0s`. */
const seconds = (duration: unknown): number | undefined => {
  if (typeof duration !== "string" || !/^(\d+[hms])+$/.test(duration)) return undefined
  return Array.from(duration.matchAll(/(\d+)([hms])/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  )
}
