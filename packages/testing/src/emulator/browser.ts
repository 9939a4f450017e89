/** A minimal browser for login flows: it keeps cookies, follows redirects, fills in forms and presses their buttons. */

/** A request of the browser and its response. */
export interface BrowserExchange {
  readonly method: string
  /** The path of the URL, without the query. */
  readonly path: string
  /** The status of the response. */
  readonly status: number
  /** The `error` parameter of the redirect, if the response is a redirect with one. */
  readonly redirectError?: string
}

/** What a person enters into forms. */
export interface FormInput {
  /** The values of fields, by the field's name. Other fields keep the value of the page. */
  readonly fields?: Readonly<Record<string, string>>
  /** The name of the button to press in forms that have it. Default: the first button. */
  readonly button?: string
}

/** A browser without a screen, with one cookie jar. */
export interface Browser {
  /**
   * Opens a URL, then follows redirects, fills in each form and presses one of its buttons.
   *
   * Returns the first URL whose origin is not in `origins`, without requesting it, or the URL of the first page that
   * has neither a redirect nor a form. Throws after 30 requests.
   *
   * @param url - The absolute URL to open.
   * @param origins - The origins of the server, such as `http://127.0.0.1:4444`.
   * @param input - What to enter into the forms. Default: nothing, and the first button of each form.
   */
  readonly go: (url: string, origins: ReadonlyArray<string>, input?: FormInput) => Promise<string>
}

interface Hop {
  readonly url: string
  readonly form?: URLSearchParams
}

const maxHops = 30

/**
 * Makes a browser with an empty cookie jar.
 *
 * @param onExchange - Called after each response, with the method, the path and the status.
 */
export const makeBrowser = (onExchange: (exchange: BrowserExchange) => void = () => undefined): Browser => {
  const cookies = new Map<string, string>()

  const request = async ({ url, form }: Hop): Promise<Response> => {
    const method = form === undefined ? "GET" : "POST"
    const response = await fetch(url, {
      method,
      body: form ?? null,
      redirect: "manual",
      headers: { accept: "text/html", cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join("; ") },
    })
    for (const cookie of response.headers.getSetCookie()) storeCookie(cookies, cookie)
    const error = URL.parse(response.headers.get("location") ?? "", url)?.searchParams.get("error")
    onExchange({ method, path: new URL(url).pathname, status: response.status, ...(error && { redirectError: error }) })
    return response
  }

  return {
    go: async (url, origins, input) => {
      let hop: Hop = { url }
      for (let count = 0; count < maxHops; count++) {
        if (!origins.includes(new URL(hop.url).origin)) return hop.url
        const response = await request(hop)
        const location = response.headers.get("location")
        const next =
          location === null ? formIn(await response.text(), hop.url, input) : { url: new URL(location, hop.url).href }
        if (next === undefined) return hop.url
        hop = next
      }
      throw new Error(`the browser is still on the server after ${maxHops} requests: expected a redirect to the client`)
    },
  }
}

const storeCookie = (cookies: Map<string, string>, cookie: string): void => {
  const [pair = "", ...attributes] = cookie.split(";")
  const equals = pair.indexOf("=")
  const name = pair.slice(0, equals).trim()
  if (attributes.some((each) => /^\s*max-age=0\b/i.test(each))) cookies.delete(name)
  else cookies.set(name, pair.slice(equals + 1).trim())
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' }

/** Decodes the character references of an attribute. */
const decoded = (attribute: string): string =>
  attribute.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_, code: string | undefined, name: string | undefined) =>
    code === undefined ? (entities[name ?? ""] ?? "") : String.fromCodePoint(Number(code)),
  )

const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(`\\s${name}="([^"]*)"`, "i").exec(tag)?.[1]
  return value === undefined ? undefined : decoded(value)
}

/** Returns the request with which a button of the first form of a page submits it. */
export const formIn = (html: string, base: string, { fields = {}, button: name }: FormInput = {}): Hop | undefined => {
  const [, tag = "", content = ""] = /(<form\b[^>]*>)([\s\S]*?)<\/form>/i.exec(html) ?? []
  const action = attribute(tag, "action")
  if (action === undefined) return undefined
  const form = new URLSearchParams()
  const buttons = content.match(/<button\b[^>]*>/gi) ?? []
  const button = buttons.find((each) => name !== undefined && attribute(each, "name") === name) ?? buttons[0] ?? ""
  for (const field of [...(content.match(/<input\b[^>]*>/gi) ?? []), button]) {
    const fieldName = attribute(field, "name")
    if (fieldName !== undefined) form.append(fieldName, fields[fieldName] ?? attribute(field, "value") ?? "")
  }
  const url = new URL(action, base)
  if (attribute(tag, "method")?.toLowerCase() === "post") return { url: url.href, form }
  url.search = form.toString()
  return { url: url.href }
}
