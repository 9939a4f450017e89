/** What every door decides the same way: whom it may talk to and how a failure below is named. */
import type { Reason } from "../../ports/errors.ts"

export interface TransportOptions {
  /** The exact `http:` origins that may be talked to, such as `["http://127.0.0.1:4445"]`. All others need `https:`. */
  readonly insecureOrigins: ReadonlyArray<string>
}

/** Refuses an origin that is neither `https:` nor listed; `undefined` means allowed. */
export const refuseOrigin = (url: string, { insecureOrigins }: TransportOptions): Reason | undefined => {
  const parsed = URL.parse(url)
  if (parsed !== null && (parsed.protocol === "https:" || insecureOrigins.includes(parsed.origin))) return undefined
  const message =
    parsed?.protocol === "http:"
      ? `${parsed.origin} is not https; list this exact origin in "insecureOrigins" if that is meant`
      : "an https URL is required"
  return { _tag: "InvalidConfig", issues: [{ path: "insecureOrigins", message }] }
}

export const timedOut = (timeout: number): Reason => ({
  _tag: "Unavailable",
  detail: `no complete answer within ${timeout} ms`,
})

export const tooLarge = (status: number, maxBytes: number): Reason => ({
  _tag: "UnexpectedResponse",
  status,
  detail: `the body is larger than ${maxBytes} bytes`,
})

export const encoded = (status: number): Reason => ({
  _tag: "UnexpectedResponse",
  status,
  detail: "the body is compressed, which nobody asked for",
})

const known: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection closed",
  ENOTFOUND: "host not found",
  EAI_AGAIN: "host not found for now",
  UND_ERR_SOCKET: "connection closed",
  UND_ERR_CONNECT_TIMEOUT: "connecting took too long",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the body ended early",
  UND_ERR_ABORTED: "connection closed",
  UND_ERR_DESTROYED: "closed",
  UND_ERR_CLOSED: "closed",
}

/**
 * Names a failure below by its code alone: a parser's error holds the bytes of the answer, and with them tokens.
 */
export const failureBelow = (error: unknown): Reason => {
  const code = codeOf(error)
  // What we were given cannot be put into a request: a line break in a key, say. Asking again will not help.
  if (code === "UND_ERR_INVALID_ARG") return { _tag: "InvalidRequest", detail: "could not be sent" }
  if (code.startsWith("HPE_") || isParserError(error)) return { _tag: "UnexpectedResponse", detail: "broken HTTP" }
  return {
    _tag: "Unavailable",
    detail: known[code] ?? (code === "" ? "the network failed" : `the network failed (${code})`),
  }
}

const isParserError = (error: unknown, depth = 0): boolean =>
  error instanceof Error && depth <= 3 && (error.name === "HTTPParserError" || isParserError(error.cause, depth + 1))

const codeOf = (error: unknown, depth = 0): string => {
  if (typeof error !== "object" || error === null || depth > 3) return ""
  const code =
    "code" in error && typeof error.code === "string" && /^[A-Z][A-Z0-9_]{2,60}$/.test(error.code) ? error.code : ""
  if (code !== "") return code
  return "cause" in error ? codeOf(error.cause, depth + 1) : ""
}
