/** A proxy that refuses to forward a request. */
import type { Reason } from "../ports/errors.ts"

/** A proxy, and the environment variable that names it. */
export interface ProxyServer {
  /** Without user and password. */
  readonly origin: string
  readonly variable: string
}

const actions: Readonly<Record<number, (variable: string) => string>> = {
  403: () => "the proxy must allow this origin",
  407: (variable) => `check the credentials in ${variable}`,
}

/**
 * Makes the reason of a proxy's refusal. Only a proxy sends 407 (RFC 9110 section 15.5.8). With a 5xx the proxy could not
 * reach the origin, and the same request may succeed later.
 */
export const proxyRefusal = (status: number, proxy?: ProxyServer): Reason => {
  const action = actions[status]?.(proxy?.variable ?? "HTTPS_PROXY")
  const name = proxy === undefined ? "the proxy" : `the proxy ${proxy.origin}`
  return {
    _tag: "Unavailable",
    detail: `${name} refused the connection: HTTP ${status}${action === undefined ? "" : `; ${action}`}`,
    ...(status < 500 && status !== 408 && status !== 429 && { permanent: true }),
  }
}
