/** Imitates a browser: stores cookies, and leaves redirects to the caller. */
export const makeBrowser = () => {
  const jar = new Map<string, string>()
  return {
    jar,
    /** Fetches a page and returns the URL of its redirect; `none:` without one. */
    visit: async (url: string): Promise<URL> => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ")
      const response = await fetch(url, { redirect: "manual", headers: cookie === "" ? {} : { cookie } })
      await response.body?.cancel()
      for (const set of response.headers.getSetCookie()) {
        const [pair = "", ...attributes] = set.split(/;\s*/)
        const [name = "", ...value] = pair.split("=")
        if (attributes.includes("Max-Age=0")) jar.delete(name)
        else jar.set(name, value.join("="))
      }
      return new URL(response.headers.get("location") ?? "none:", url)
    },
  }
}

export type Browser = ReturnType<typeof makeBrowser>

export const parameter = (url: URL, name: string): string => url.searchParams.get(name) ?? ""
