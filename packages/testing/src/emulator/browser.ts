/** As much of a browser as logging in takes: cookies, redirects, and a form that submits itself. */

/** One request that the browser made, and the status that answered it. */
export interface BrowserExchange {
  readonly method: string
  readonly path: string
  readonly status: number
  /** An error code in the redirect that answered. */
  readonly redirectError?: string
}

export interface Browser {
  /** Goes to a URL and on, as redirects and forms lead, until a URL that is none of the server's. Answers that URL. */
  readonly go: (url: string, origins: ReadonlyArray<string>) => Promise<string>
}

interface Hop {
  readonly url: string
  readonly form?: URLSearchParams
}

/** More hops than any login takes. */
const limit = 30

/** Makes a browser without any cookie yet; `note` is told of every request it makes. */
export const makeBrowser = (note: (exchange: BrowserExchange) => void = () => undefined): Browser => {
  const cookies = new Map<string, string>()

  const request = async ({ url, form }: Hop): Promise<Response> => {
    const method = form === undefined ? "GET" : "POST"
    const response = await fetch(url, {
      method,
      body: form ?? null,
      redirect: "manual",
      headers: { accept: "text/html", cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join("; ") },
    })
    for (const cookie of response.headers.getSetCookie()) keep(cookies, cookie)
    const error = URL.parse(response.headers.get("location") ?? "", url)?.searchParams.get("error")
    note({ method, path: new URL(url).pathname, status: response.status, ...(error && { redirectError: error }) })
    return response
  }

  return {
    go: async (url, origins) => {
      let hop: Hop = { url }
      for (let count = 0; count < limit; count++) {
        if (!origins.includes(new URL(hop.url).origin)) return hop.url
        const response = await request(hop)
        const location = response.headers.get("location")
        const next =
          location === null ? formOn(await response.text(), hop.url) : { url: new URL(location, hop.url).href }
        if (next === undefined) return hop.url
        hop = next
      }
      throw new Error(`the browser was sent around more than ${limit} times`)
    },
  }
}

const keep = (cookies: Map<string, string>, cookie: string): void => {
  const [pair = "", ...attributes] = cookie.split(";")
  const equals = pair.indexOf("=")
  const name = pair.slice(0, equals).trim()
  if (attributes.some((each) => /^\s*max-age=0\b/i.test(each))) cookies.delete(name)
  else cookies.set(name, pair.slice(equals + 1).trim())
}

const formOn = (html: string, base: string): Hop | undefined => {
  const action = /<form[^>]*\baction="([^"]*)"/i.exec(html)?.[1]
  if (action === undefined) return undefined
  const form = new URLSearchParams()
  for (const [input] of html.matchAll(/<input[^>]*>/gi)) {
    const name = /\bname="([^"]*)"/i.exec(input)?.[1]
    if (name !== undefined) form.append(name, /\bvalue="([^"]*)"/i.exec(input)?.[1] ?? "")
  }
  return { url: new URL(action, base).href, form }
}
