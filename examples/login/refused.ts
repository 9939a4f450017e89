/** Refuses requests, in any framework. */

/** A request that the application refuses. `pages.ts` has the texts. */
export class Refused extends Error {
  readonly why: "forged" | "no-login" | "return-to"
  constructor(why: Refused["why"]) {
    super(why)
    this.why = why
  }
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

/**
 * Refuses a request that changes something and was sent by a page of another origin.
 *
 * @param origin the origin of the application
 * @param header returns a header of the request
 */
export const refuseForged = (origin: string, method: string, header: (name: string) => string | undefined): void => {
  const site = header("sec-fetch-site")
  // Old browsers send `Origin` only. `same-site` is another origin too: a subdomain, or another port.
  const isOwn = site === undefined ? header("origin") === origin : site === "same-origin"
  if (!isOwn && !safeMethods.has(method)) throw new Refused("forged")
}

/** Returns a URL of this origin. It is absolute, because a path such as `//evil.example` names another host. */
export const returnUrl = (origin: string, path: string): string => {
  const url = URL.parse(path, origin)
  // A browser keeps no cookie of more than 4,096 bytes, and the cookie of the login contains the URL.
  if (url?.origin !== origin || url.href.length > 1000) throw new Refused("return-to")
  return url.href
}
