/** The media types of responses. */
import type { TransportResponse } from "../../../ports/transport.ts"

/**
 * Whether a content type is JSON: `application/json` or a type with the suffix `+json` (RFC 6839 section 3.1), with any
 * parameters. Types such as `application/jsonp` and `application/json-seq` are other formats.
 */
export const isJson = (type: string | undefined): boolean =>
  type !== undefined && (type === "application/json" || jsonType.test(type))

const jsonType = /^\s*(?:application\/json|[\w.-]+\/[\w.+-]+\+json)\s*(?:[;,]|$)/i

/** The media types that an error may name. */
const namedTypes = [
  "text/html",
  "application/xhtml+xml",
  "text/plain",
  "application/xml",
  "text/xml",
  "application/octet-stream",
  "application/jwt",
]

/** Returns the media type of a content type for an error, which repeats no byte of a response. */
export const mediaType = (type: string | undefined): string =>
  isMissing(type) ? "no content type" : (namedTypes.find((named) => named === essence(type)) ?? "another content type")

/** The statuses whose empty body is no page: they allow no body, or have a meaning without one. */
const meaningfulWhenEmpty: ReadonlySet<number> = new Set([204, 205, 401, 403])

/**
 * Whether a response is a web page, which a firewall, a captive portal, a login gate or a maintenance server sends in
 * place of the server.
 */
export const isPage = ({ status, headers, body }: TransportResponse): boolean => {
  const type = headers["content-type"]
  if (isMissing(type)) return /^\s*<(?:!doctype\s+html|html)\b/i.test(body)
  return isPageType(essence(type)) && (body !== "" || !meaningfulWhenEmpty.has(status))
}

const isPageType = (type: string): boolean => type === "text/html" || type === "application/xhtml+xml"

const isMissing = (type: string | undefined): type is undefined | "" => type === undefined || type.trim() === ""

/** Returns a media type without parameters, in lower case. Of a repeated header, the first counts. */
const essence = (type: string): string => (type.split(/[;,]/, 1)[0] ?? "").trim().toLowerCase()
