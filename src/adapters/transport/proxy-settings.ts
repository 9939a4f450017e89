/** Reads the variables that name proxies. */
import type { Issue } from "../../ports/errors.ts"

type Environment = Readonly<Record<string, string | undefined>>

/** The proxies of requests, by the scheme of the target, and the hosts without one. An empty text means no proxy. */
export interface ProxySettings {
  readonly httpProxy: string
  readonly httpsProxy: string
  readonly noProxy: string
}

/** The schemes of proxies that the transport supports. */
const schemes: ReadonlySet<string> = new Set(["http:", "https:"])

const expected = "expected the URL of an http or https proxy, such as http://proxy.example:3128"

/** Returns the URL of a proxy. `host:port` means `http://host:port`, as in curl. `undefined` for anything else. */
export const proxyUrl = (text: string): string | undefined => {
  const trimmed = text.trim()
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`)
  if (url === null || !schemes.has(url.protocol) || url.hostname === "") return undefined
  return url.pathname.length <= 1 && url.search === "" && url.hash === "" ? url.href : undefined
}

/** Returns the first variable that is set and not empty: an empty one is absent. */
const firstOf = (env: Environment, ...names: ReadonlyArray<string>): { name: string; text: string } | undefined => {
  const name = names.find((each) => env[each]?.trim())
  return name === undefined ? undefined : { name, text: env[name]?.trim() ?? "" }
}

/**
 * Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in upper or lower case; lower case counts first, as in curl.
 *
 * Without a proxy for https, the one for http is used. Returns the problems by the names of the variables.
 */
export const proxySettings = (env: Environment): ProxySettings | { readonly issues: ReadonlyArray<Issue> } => {
  const http = firstOf(env, "http_proxy", "HTTP_PROXY")
  const https = firstOf(env, "https_proxy", "HTTPS_PROXY") ?? http
  const wrong = [http, https].flatMap((each) =>
    each !== undefined && proxyUrl(each.text) === undefined ? each.name : [],
  )
  if (wrong.length > 0) return { issues: Array.from(new Set(wrong), (path) => ({ path, message: expected })) }
  return {
    httpProxy: (http && proxyUrl(http.text)) ?? "",
    httpsProxy: (https && proxyUrl(https.text)) ?? "",
    noProxy: firstOf(env, "no_proxy", "NO_PROXY")?.text ?? "",
  }
}

/** The variables with the URLs that they mean. */
export const normalized = (env: Environment): Environment =>
  Object.fromEntries(
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"].map((name) => [name, proxyUrl(env[name] ?? "")]),
  )

/** One proxy for every request. */
export const only = (proxy: string): ProxySettings => ({ httpProxy: proxy, httpsProxy: proxy, noProxy: "" })

/** The message for the text of a proxy that {@link proxyUrl} does not read. */
export const expectedProxy = expected

/** Returns the proxy for a URL; `undefined` if its host is in `noProxy`, or without a proxy for its scheme. */
export const proxyFor = (url: string, { httpProxy, httpsProxy, noProxy }: ProxySettings): string | undefined => {
  const { protocol, hostname, port } = new URL(url)
  const proxy = protocol === "https:" ? httpsProxy : httpProxy
  if (proxy === "") return undefined
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase()
  const number = port === "" ? (protocol === "https:" ? "443" : "80") : port
  return noProxy.split(/[,\s]+/).some((entry) => excludes(entry.toLowerCase(), host, number)) ? undefined : proxy
}

/** Whether an entry of `NO_PROXY` names a host: `*`, a name with its subdomains, or either with a port. */
const excludes = (entry: string, host: string, port: string): boolean => {
  const [, bracketed, plain, entryPort] = /^(?:\[(.+)\]|([^:]+|[^:]*:[^:]*:.*?))(?::(\d+))?$/.exec(entry) ?? []
  const name = bracketed ?? plain ?? entry
  if (entryPort !== undefined && entryPort !== port) return false
  if (name === "" || name === "*") return name === "*"
  const domain = name.replace(/^\*?\./, "")
  return host.endsWith(`.${domain}`) || (host === domain && !name.startsWith("*"))
}
