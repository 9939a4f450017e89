/** The headers of every request: `User-Agent`, and the headers of the configuration. */
import * as Redacted from "effect/Redacted"
import { version } from "../../internal/version.ts"
import type { Transport } from "../../ports/transport.ts"

/** Some firewalls reject a request without `User-Agent`. */
const defaultUserAgent = `latchkey/${version}`

export interface OwnHeaders {
  readonly userAgent?: string | undefined
  readonly headers?: Readonly<Record<string, Redacted.Redacted<string>>> | undefined
}

/** Adds the headers to the requests of a transport. openid-client sends a `User-Agent` of its own, which is replaced. */
export const withOwnHeaders = ({ userAgent = defaultUserAgent, headers = {} }: OwnHeaders) => {
  const own: Record<string, string> = { "user-agent": userAgent }
  for (const [name, value] of Object.entries(headers)) own[name.toLowerCase()] = Redacted.value(value)
  return (transport: Transport): Transport => ({
    send: (request) => transport.send({ ...request, headers: { ...request.headers, ...own } }),
  })
}
