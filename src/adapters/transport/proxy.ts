/** The proxy of the environment, and its refusals. */
import type { ProxyServer } from "../../internal/proxy-refusal.ts"

type Environment = Readonly<Record<string, string | undefined>>

/** The variables that name the proxy, by the scheme of the target; the first that is set counts. */
const variables: Readonly<Record<string, ReadonlyArray<string>>> = {
  "http:": ["http_proxy", "HTTP_PROXY"],
  "https:": ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"],
}

/** Returns the proxy for an origin, without its user and password. */
export const proxyOf = (origin: string, env: Environment): ProxyServer | undefined => {
  const variable = variables[URL.parse(origin)?.protocol ?? ""]?.find((name) => env[name])
  const url = variable === undefined ? null : URL.parse(env[variable] ?? "")
  return variable === undefined || url === null || url.host === ""
    ? undefined
    : { origin: `${url.protocol}//${url.host}`, variable }
}

/** The message of undici for a proxy that rejects a CONNECT. It has no code of its own. */
const tunnelMessage = /^Proxy response \((\d{3})\)/

/** The messages for a 407 to a request without a tunnel, which undici and `fetch` turn into an error. */
const credentialsMessage = /^proxy authentication required(?: \(407\))?$/i

/** Whether an error is that of Node's `fetch` for a 407: the only failure whose cause has neither message nor code. */
const isFetchError = ({ message, cause }: Error): boolean =>
  message === "fetch failed" && cause instanceof Error && cause.message === "" && !("code" in cause)

/** Returns the status with which a proxy refused a request; `undefined` for another error. */
export const tunnelStatus = (error: unknown, depth = 0): number | undefined => {
  if (!(error instanceof Error) || depth > 3) return undefined
  const status = tunnelMessage.exec(error.message)?.[1]
  if (status !== undefined) return Number(status)
  return credentialsMessage.test(error.message) || isFetchError(error) ? 407 : tunnelStatus(error.cause, depth + 1)
}
