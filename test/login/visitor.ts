/** A visitor of the login example without a browser: requests with a cookie jar. */
import { makeBrowser } from "@latchkey/testing"
import type { RunningApp } from "../browser/login/running-app.ts"

export interface Page {
  readonly status: number
  readonly title: string
  readonly location: string
  readonly headers: Headers
}

export interface Visitor {
  /** The cookies, by name. */
  readonly cookies: Map<string, string>
  readonly get: (path: string) => Promise<Page>
  readonly post: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Page>
  /** Starts a login, and returns the URL of the vendor's page. */
  readonly begin: (returnTo?: string) => Promise<string>
  /** Goes through the vendor's pages, and returns the path and query of the callback. */
  readonly allow: (url: string) => Promise<string>
  /** Starts a login, goes through the vendor's pages, and returns the path and query of the callback. */
  readonly callback: (returnTo?: string) => Promise<string>
  /** Logs in. */
  readonly logIn: () => Promise<Page>
}

const own = { "sec-fetch-site": "same-origin" }

/** Makes a visitor with an empty cookie jar. */
export const makeVisitor = ({ url, vendor }: RunningApp): Visitor => {
  const cookies = new Map<string, string>()
  const browser = makeBrowser()
  const send = async (method: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const response = await fetch(`${url}${path}`, { method, headers: { ...headers, cookie }, redirect: "manual" })
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === "") cookies.delete(name)
      else cookies.set(name, value)
    }
    const title = /<title>(.*)<\/title>/.exec(await response.text())?.[1] ?? ""
    const location = response.headers.get("location") ?? ""
    return { status: response.status, title, location, headers: response.headers }
  }
  const get = (path: string) => send("GET", path)
  const begin = async (returnTo = "/account") => (await get(`/login?${new URLSearchParams({ returnTo })}`)).location
  const allow = async (page: string) => {
    const arrived = await browser.go(page, (vendor.env.LATCHKEY_INSECURE_ORIGINS ?? "").split(","))
    return arrived.slice(url.length)
  }
  const callback = async (returnTo?: string) => allow(await begin(returnTo))
  return {
    ...{ cookies, get, begin, allow, callback },
    post: (path, headers = own) => send("POST", path, headers),
    logIn: async () => get(await callback()),
  }
}
