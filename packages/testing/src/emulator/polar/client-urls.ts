import { type Loc, type Parsed, type Parser, problem } from "./schema.ts"

/** The IPv4 networks that Python calls private, with the length of their prefix. */
const privateNetworks: ReadonlyArray<readonly [string, number]> = [
  ...([
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
  ] as const),
  ...([
    ["192.0.0.0", 24],
    ["192.0.2.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
  ] as const),
  ...([
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
    ["240.0.0.0", 4],
  ] as const),
]

const publicExceptions = ["192.0.0.9", "192.0.0.10"]

const numberOf = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0)

const isPrivate = (host: string): boolean =>
  /^\d+(\.\d+){3}$/.test(host) &&
  !publicExceptions.includes(host) &&
  privateNetworks.some(([network, length]) => {
    const size = 2 ** (32 - length)
    return Math.floor(numberOf(host) / size) === Math.floor(numberOf(network) / size)
  })

/** Returns whether a host may use HTTP: loopback and the private networks, by name or by IPv4 address. */
const isLocal = (host: string): boolean => /^(localhost|.+\.localhost)$/i.test(host) || isPrivate(host)

/** Parses a URL. Only a web address must have a host here. */
const parseUrl = (input: unknown, loc: Loc): URL | Parsed => {
  if (typeof input !== "string") return problem("url_type", loc, "URL input should be a string or URL", input)
  const url = URL.parse(input)
  if (url !== null && (url.hostname !== "" || !/^https?:$/.test(url.protocol))) return url
  const error = input === "" ? "input is empty" : url === null ? "relative URL without a base" : "empty host"
  return problem("url_parsing", loc, `Input should be a valid URL, ${error}`, input, { error })
}

/** Makes the parser of a redirect URI. `normalized`: its value has the form of the server's URL library. */
export const redirectUri =
  (normalized: boolean): Parser =>
  (input, loc) => {
    const url = parseUrl(input, loc)
    if (!(url instanceof URL)) return url
    if (url.protocol === "http:" && !isLocal(url.hostname)) {
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
