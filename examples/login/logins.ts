/** What the logins of an application share: the vendor's client, the sessions, and the sealed cookies. */
import { type CookieJar, getIronSession, type IronSession } from "iron-session"
import type { AnyAuth, Tokens, Transaction } from "latchkey"

export interface Settings {
  /** As registered at the vendor, such as `https://app.example/callback`. */
  readonly redirectUri: string
  /** Seals the cookies: 32 random characters or more. */
  readonly password: string
  /** The beginning of the cookies' names. Default: `app`. */
  readonly name?: string
  /** The sessions by id, in this process. Several processes need a shared store. */
  readonly sessions?: Map<string, Session>
}

export interface Session {
  /** The login's own tokens: a refresh may return no ID token. */
  readonly login: Tokens
  tokens: Tokens
  /** Two refreshes with one refresh token would end the whole login at most vendors. */
  refreshing?: Promise<Tokens> | undefined
}

interface Login {
  readonly transaction: Transaction
  readonly returnTo: string
}

const tenMinutes = 600
export const eightHours = 28_800

interface Sealed {
  readonly name: string
  readonly kind: "login" | "session"
  readonly password: string
  /** Whether the browser sends the cookie with TLS only. */
  readonly secure: boolean
  /** In seconds. */
  readonly ttl: number
}

/** Opens a cookie of a request. It is empty if the browser sent none, or one that was changed or has expired. */
const openCookie = <Data extends object>(
  jar: CookieJar,
  { name, kind, password, secure, ttl }: Sealed,
): Promise<IronSession<Data>> =>
  getIronSession<Data>(jar, {
    ...{ password, ttl },
    // No other host can set a cookie whose name begins with `__Host-`.
    cookieName: `${secure ? "__Host-" : ""}${name}-${kind}`,
    cookieOptions: { httpOnly: true, sameSite: "lax", secure, path: "/" },
  })

export const makeLogins = (auth: AnyAuth, { redirectUri, password, name = "app", sessions = new Map() }: Settings) => {
  const { hostname, origin, pathname, protocol } = new URL(redirectUri)
  const sealed = { name, password, secure: protocol === "https:" }
  if (!sealed.secure && !["127.0.0.1", "[::1]", "localhost"].includes(hostname))
    throw new Error(`redirectUri: expected https outside loopback, found ${origin}`)
  return {
    ...{ auth, sessions, redirectUri, origin, pathname, home: `${origin}/` },
    // The login in progress is in the cookie, so that a stranger who starts many logins uses no memory of the server.
    openLogin: (jar: CookieJar) => openCookie<Login>(jar, { ...sealed, kind: "login", ttl: tenMinutes }),
    openSession: (jar: CookieJar) =>
      openCookie<{ readonly id: string }>(jar, { ...sealed, kind: "session", ttl: eightHours }),
  }
}

export type Logins = ReturnType<typeof makeLogins>
