/** A browser that keeps cookies and follows redirects. */

export interface Page {
  /** Absent: there was no response within {@link patience}. */
  readonly response: Response | undefined
  readonly text: string
  readonly seconds: number
}

export interface Visitor {
  readonly cookies: Map<string, string>
  /** Opens a URL, follows its redirects, and returns the last page. */
  readonly open: (url: string) => Promise<Page>
  /** Opens a URL, and follows its redirects to one that has the parameter `code`, which it returns without opening it. */
  readonly callback: (url: string) => Promise<URL>
}

/** A user waits this many seconds. */
export const patience = 8

const maxRedirects = 10

export const makeVisitor = (): Visitor => {
  const cookies = new Map<string, string>()

  const request = async (url: string): Promise<Response | undefined> => {
    const cookie = Array.from(cookies, (pair) => pair.join("=")).join("; ")
    const signal = AbortSignal.timeout(patience * 1000)
    const response = await fetch(url, { headers: { cookie }, redirect: "manual", signal }).catch((error: unknown) => {
      if (signal.aborted) return undefined
      throw error
    })
    for (const line of response?.headers.getSetCookie() ?? []) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/; *max-age=0\b/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  const follow = async (url: string, isLast: (url: URL) => boolean) => {
    let next = new URL(url)
    for (let count = 0; count < maxRedirects; count++) {
      if (isLast(next)) return { url: next, response: undefined }
      const response = await request(next.href)
      const location = response?.headers.get("location") ?? undefined
      if (location === undefined) return { url: next, response }
      next = new URL(location, next)
    }
    throw new Error(`${url} still redirects after ${maxRedirects} requests`)
  }

  return {
    cookies,
    open: async (url) => {
      const startedAt = performance.now()
      const { response } = await follow(url, () => false)
      return { response, text: (await response?.text()) ?? "", seconds: (performance.now() - startedAt) / 1000 }
    },
    callback: async (url) => {
      const { url: callback, response } = await follow(url, ({ searchParams }) => searchParams.has("code"))
      if (response !== undefined) throw new Error(`no callback: ${callback} answers ${response.status}`)
      return callback
    },
  }
}
