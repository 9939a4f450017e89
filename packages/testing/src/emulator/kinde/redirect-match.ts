const partsOf = (uri: string) => /^([a-z][a-z0-9+.-]*:\/\/)([^/.:?#]*)(.*)$/i.exec(uri)

/** Whether a URI is allowed: exactly, or by one wildcard in the left-most label of the host. */
export const allowsRedirect = (allowed: ReadonlyArray<string>, uri: string): boolean =>
  allowed.some((each) => {
    if (each === uri) return true
    const [, scheme, label = "", rest] = partsOf(each) ?? []
    const [, uriScheme, uriLabel = "", uriRest] = partsOf(uri) ?? []
    const [before = "", after = "", ...more] = label.split("*")
    if (!label.includes("*") || more.length > 0 || scheme !== uriScheme || rest !== uriRest) return false
    return uriLabel.length > before.length + after.length && uriLabel.startsWith(before) && uriLabel.endsWith(after)
  })

const isLocal = (host: string) => host === "localhost" || host.endsWith(".localhost") || /^127(\.\d+){3}$/.test(host)

/** The schemes of URLs that a browser executes. */
const executableSchemes: ReadonlySet<string> = new Set(["javascript:", "data:", "vbscript:"])

/** Whether a URL may be added: absolute, no fragment, `http` on loopback only, one wildcard in the left-most label. */
export const isRegistrable = (url: string): boolean => {
  const parsed = URL.parse(url)
  if (parsed === null || url.includes("#") || executableSchemes.has(parsed.protocol)) return false
  if (url.includes("*") && (partsOf(url)?.[2] ?? "").split("*").length !== 2) return false
  return url.split("*").length <= 2 && (parsed.protocol !== "http:" || isLocal(parsed.hostname))
}
