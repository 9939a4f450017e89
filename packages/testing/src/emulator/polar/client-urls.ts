import { type Loc, type Parsed, type Parser, problem } from "./schema.ts"

/** Hosts that may use HTTP: loopback and the private networks, by name or by IPv4 address. */
const localHost =
  /^(localhost|.+\.localhost|(0|10|127)(\.\d+){3}|192\.168(\.\d+){2}|169\.254(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2})$/i

const parseUrl = (input: unknown, loc: Loc): URL | Parsed => {
  if (typeof input !== "string") return problem("url_type", loc, "URL input should be a string or URL", input)
  const url = URL.parse(input)
  if (url !== null && url.hostname !== "") return url
  const error = input === "" ? "input is empty" : url === null ? "relative URL without a base" : "empty host"
  return problem("url_parsing", loc, `Input should be a valid URL, ${error}`, input, { error })
}

/** Makes the parser of a redirect URI. `normalized`: its value has the form of the server's URL library. */
export const redirectUri =
  (normalized: boolean): Parser =>
  (input, loc) => {
    const url = parseUrl(input, loc)
    if (!(url instanceof URL)) return url
    if (url.protocol === "http:" && !localHost.test(url.hostname)) {
      return problem("value_error", loc, "Value error, An HTTPS URL is required.", input, { error: {} })
    }
    return { value: normalized ? url.href : input }
  }

/** Makes the parser of the URL of a client's page. */
export const pageUrl =
  (normalized: boolean): Parser =>
  (input, loc) => {
    const url = parseUrl(input, loc)
    if (!(url instanceof URL)) return url
    if (!/^https?:$/.test(url.protocol)) {
      const expected = "'http' or 'https'"
      return problem("url_scheme", loc, `URL scheme should be ${expected}`, input, { expected_schemes: expected })
    }
    return { value: normalized ? url.href : input }
  }
