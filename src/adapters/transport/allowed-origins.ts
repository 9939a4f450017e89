/** Rules that all transports share: the allowed origins, and the reasons of failures. */
import { printDuration } from "../../internal/duration.ts"
import { type ProxyServer, proxyRefusal } from "../../internal/proxy-refusal.ts"
import type { Reason } from "../../ports/errors.ts"
import { tunnelStatus } from "./proxy.ts"
import { tlsFailure } from "./tls-failure.ts"
import type { TransportOptions } from "./transport-options.ts"

/** Rejects a URL whose origin is neither `https:` nor listed. */
export const checkOrigin = (
  url: string,
  { insecureOrigins }: Pick<TransportOptions, "insecureOrigins">,
): Reason | undefined => {
  const parsed = URL.parse(url)
  if (parsed !== null && (parsed.protocol === "https:" || insecureOrigins.includes(parsed.origin))) return undefined
  const message =
    parsed?.protocol === "http:"
      ? `${parsed.origin} is not https: use https, or list this exact origin in "insecureOrigins"`
      : "expected an https URL"
  return { _tag: "InvalidConfig", issues: [{ path: "insecureOrigins", message }] }
}

export const timedOut = (timeout: number): Reason => ({
  _tag: "Unavailable",
  detail: `no complete response within ${printDuration(timeout)}, the \`attemptTimeout\``,
})

export const tooLarge = (status: number, maxBytes: number): Reason => ({
  _tag: "UnexpectedResponse",
  status,
  detail: `the body is larger than ${maxBytes} bytes`,
})

export const compressed = (status: number): Reason => ({
  _tag: "UnexpectedResponse",
  status,
  detail: "the body is compressed: expected a response without content-encoding",
})

const details: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection closed",
  ETIMEDOUT: "connection timed out",
  ENOTFOUND: "host not found",
  EAI_AGAIN: "host not found (temporary failure)",
  UND_ERR_SOCKET: "connection closed",
  UND_ERR_PRX_CONN: "the proxy closed the connection",
  UND_ERR_CONNECT_TIMEOUT: "connection timed out",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the body ended early",
  UND_ERR_ABORTED: "connection closed",
  UND_ERR_DESTROYED: "closed",
  UND_ERR_CLOSED: "closed",
}

/**
 * Returns the reason for an error of the network.
 *
 * Only the error's code is used: the error of an HTTP parser contains bytes of the response, which may hold tokens.
 *
 * @param proxy the proxy between this machine and the origin, if there is one
 */
export const reasonOf = (error: unknown, proxy?: ProxyServer): Reason => {
  const refused = tunnelStatus(error)
  if (refused !== undefined) return proxyRefusal(refused, proxy)
  const code = codeOf(error)
  // A value cannot be part of a request, such as a key with a line break. A retry would fail again.
  if (code === "UND_ERR_INVALID_ARG")
    return {
      _tag: "InvalidRequest",
      detail: "the request could not be sent: a value has a character that HTTP does not allow",
    }
  if (code.startsWith("HPE_") || isParserError(error)) return { _tag: "UnexpectedResponse", detail: "broken HTTP" }
  const failure = tlsFailure(code) ?? {
    _tag: "Unavailable",
    detail: details[code] ?? (code === "" ? "network failure" : `network failure (${code})`),
  }
  // The proxy may have failed instead of the origin.
  return proxy === undefined
    ? failure
    : { ...failure, detail: `${failure.detail} (through the proxy ${proxy.origin}, named by ${proxy.variable})` }
}

const isParserError = (error: unknown, depth = 0): boolean =>
  error instanceof Error && depth <= 3 && (error.name === "HTTPParserError" || isParserError(error.cause, depth + 1))

const codeOf = (error: unknown, depth = 0): string => {
  if (typeof error !== "object" || error === null || depth > 3) return ""
  const code =
    "code" in error && typeof error.code === "string" && /^[A-Z][A-Z0-9_/]{2,60}$/.test(error.code) ? error.code : ""
  if (code !== "") return code
  return "cause" in error ? codeOf(error.cause, depth + 1) : ""
}
