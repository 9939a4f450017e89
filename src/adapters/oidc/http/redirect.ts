/** Describes the target of a redirect, for errors. */
import type { TransportResponse } from "../../../ports/transport.ts"
import { redact } from "./redact.ts"

/** The values of a request that no error may contain, and public ones that it may. */
export interface SentValues {
  readonly secrets: ReadonlyArray<string>
  readonly known?: ReadonlyArray<string>
}

export const nothingSent: SentValues = { secrets: [] }

/** The statuses of redirects. 304 is not one. */
const statuses: ReadonlySet<number> = new Set([300, 301, 302, 303, 305, 307, 308])

export const isRedirect = ({ status }: TransportResponse): boolean => statuses.has(status)

/** The longest origin that is shown, in characters: a host has at most 253. */
const longest = 300

/** Never an address. A relative reference has it as its origin. */
const here = "https://relative.invalid"

/** Describes a redirect by its origin alone: the path and the query may hold a secret. */
export const redirectWords = ({ headers }: TransportResponse, { secrets, known }: SentValues): string => {
  const location = headers.location ?? ""
  if (location === "") return "a redirect without a location"
  const { protocol, origin } = (location.length <= 16_384 && URL.parse(location, here)) || { protocol: "", origin: "" }
  if (origin === here) return "a redirect to the same origin"
  const isWeb = protocol === "https:" || protocol === "http:"
  const shown = isWeb && origin.length <= longest ? redact(origin, secrets, known) : undefined
  return shown === undefined ? "a redirect to another origin" : `a redirect to the origin "${shown}"`
}
