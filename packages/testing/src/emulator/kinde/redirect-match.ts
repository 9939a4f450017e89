const partsOf = (uri: string) => /^([a-z][a-z0-9+.-]*:\/\/)([^/.:?#]*)(.*)$/i.exec(uri)

/** Whether a URI is one of the allowed: exactly, or by one wildcard in the left-most label of the host. */
export const allowsRedirect = (allowed: ReadonlyArray<string>, uri: string): boolean =>
  allowed.some((each) => {
    if (each === uri) return true
    const [, scheme, label = "", rest] = partsOf(each) ?? []
    const [, givenScheme, given = "", givenRest] = partsOf(uri) ?? []
    const [before = "", after = "", ...more] = label.split("*")
    if (!label.includes("*") || more.length > 0 || scheme !== givenScheme || rest !== givenRest) return false
    return given.length > before.length + after.length && given.startsWith(before) && given.endsWith(after)
  })

const isLocal = (host: string) => host === "localhost" || host.endsWith(".localhost") || /^127(\.\d+){3}$/.test(host)

/** What a browser would run in place of going there. */
const runs: ReadonlySet<string> = new Set(["javascript:", "data:", "vbscript:"])

/** Whether a URL may be put on a list: absolute, without fragment, http only to this machine, one wildcard at the left. */
export const mayBeListed = (url: string): boolean => {
  const parsed = URL.parse(url)
  if (parsed === null || url.includes("#") || runs.has(parsed.protocol)) return false
  if (url.includes("*") && (partsOf(url)?.[2] ?? "").split("*").length !== 2) return false
  return url.split("*").length <= 2 && (parsed.protocol !== "http:" || isLocal(parsed.hostname))
}
