/** The situations in which the logins are compared. */
import type { JWTPayload } from "jose"
import type { Outage } from "../../outage/failing-server.ts"
import type { BetterAuth } from "../better-auth.ts"
import { marked } from "../judge.ts"
import { listen } from "../listen.ts"
import type { Table } from "../table.ts"
import { withoutErrors } from "../without-errors.ts"
import { type Login, linesOf, loginsWith } from "./logins.ts"
import type { MakeLogin } from "./make-login.ts"
import { type LoginVendor, startLoginVendor, user } from "./vendor.ts"
import { makeVisitor, type Page, patience, type Visitor } from "./visitor.ts"

interface World {
  readonly vendor: LoginVendor
  readonly origin: string
  readonly visitor: Visitor
}

/** The last page, and the visitor who saw it if it is not that of the world. */
interface Ending {
  readonly page: Page
  readonly visitor?: Visitor
}

interface Situation {
  readonly name: string
  /** The right response, for a reader of the table. */
  readonly right: string
  /** Whether the table has the time until the response. */
  readonly isTimed?: true
  readonly play: (world: World) => Promise<Ending>
}

const begin = ({ origin }: World, visitor: Visitor): Promise<URL> => visitor.callback(`${origin}/login`)

/** Begins a login, changes what a function changes, and opens the callback. */
const login =
  (change: (callback: URL, world: World) => unknown = () => undefined): Situation["play"] =>
  async (world) => {
    const callback = await begin(world, world.visitor)
    await change(callback, world)
    return { page: await world.visitor.open(callback.href) }
  }

const down = (how: Outage): Situation["play"] => login((_, { vendor }) => vendor.goDown(how))

const withIdToken = (claims: JWTPayload): Situation["play"] => login((_, { vendor }) => vendor.issueWrong(claims))

/** Somebody else opens the callback of a login. */
const another =
  (prepare: (world: World, visitor: Visitor) => unknown = () => undefined): Situation["play"] =>
  async (world) => {
    const [callback, visitor] = [await begin(world, world.visitor), makeVisitor()]
    await prepare(world, visitor)
    return { page: await visitor.open(callback.href), visitor }
  }

/** Changes one byte in the middle of each cookie. */
const changeCookies = ({ cookies }: Visitor): void => {
  for (const [name, value] of cookies) {
    // Not a byte of an escape such as %2F.
    const byte = /(?<!%.?)[a-z0-9]/gi
    byte.lastIndex = Math.floor(value.length / 2)
    const at = byte.exec(value)?.index ?? 0
    cookies.set(name, value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1))
  }
}

const situations: ReadonlyArray<Situation> = [
  { name: "the user logs in", right: "200, logged in", play: login() },
  {
    name: "the callback has another `state`",
    right: "not logged in",
    play: login(({ searchParams }) => searchParams.set("state", "another")),
  },
  { name: "another browser opens the callback", right: "not logged in", play: another() },
  {
    name: "another browser, with a login of its own, opens the callback",
    right: "not logged in",
    play: another(begin),
  },
  {
    name: "the callback comes twice",
    right: "logged in",
    play: login((callback, { visitor }) => visitor.open(callback.href)),
  },
  {
    name: "the callback has another `iss` (RFC 9207)",
    right: "not logged in",
    play: login(({ searchParams }) => searchParams.set("iss", "https://another.example")),
  },
  {
    name: "the callback has no `iss`, which the vendor announces",
    right: "not logged in",
    play: login(({ searchParams }) => searchParams.delete("iss")),
  },
  { name: "the ID token has another `nonce`", right: "not logged in", play: withIdToken({ nonce: "another" }) },
  { name: "the ID token has another audience", right: "not logged in", play: withIdToken({ aud: "another" }) },
  {
    name: "the ID token has another issuer",
    right: "not logged in",
    play: withIdToken({ iss: "https://another.example" }),
  },
  { name: "the ID token has expired", right: "not logged in", play: withIdToken({ exp: 1_000_000_000 }) },
  {
    name: "the ID token has a wrong signature",
    right: "either",
    play: login((_, { vendor }) => vendor.signWrong()),
  },
  { name: "the vendor refuses connections at the callback", right: "503", play: down("refused") },
  { name: "the vendor answers 503 at the callback", right: "503", play: down("failing") },
  {
    name: "the vendor does not answer at the callback",
    right: "503",
    isTimed: true,
    play: down("hanging"),
  },
  {
    name: "a byte of the session's cookie is changed",
    right: "not logged in",
    play: async (world) => {
      await login()(world)
      changeCookies(world.visitor)
      return { page: await world.visitor.open(`${world.origin}/account`) }
    },
  },
  {
    name: "a stranger has the cookies from before the login",
    right: "not logged in",
    play: async (world) => {
      const stranger = makeVisitor()
      await begin(world, stranger)
      for (const [name, value] of stranger.cookies) world.visitor.cookies.set(name, value)
      await login()(world)
      return { page: await stranger.open(`${world.origin}/account`), visitor: stranger }
    },
  },
]

const cellOf = ({ response, seconds }: Page, isLoggedIn: boolean, isTimed = false): string => {
  const after = response?.headers.has("retry-after") === true ? " with `Retry-After`" : ""
  const time = isTimed ? `, after ${Math.floor(seconds)} s` : ""
  const status = response === undefined ? `none within ${patience} s` : `${response.status}${after}${time}`
  return isLoggedIn ? `${status}, logged in` : status
}

const playWith = async ({ right, play, isTimed }: Situation, makeLogin: MakeLogin): Promise<string> => {
  await using vendor = await startLoginVendor()
  await using server = await listen()
  const { app, close } = await makeLogin({ vendor: vendor.url, origin: server.origin })
  server.serve(app)
  const world = { vendor, origin: server.origin, visitor: makeVisitor() }
  const { page, visitor = world.visitor } = await play(world)
  const account = await visitor.open(`${server.origin}/account`)
  await close?.()
  return marked(right, cellOf(page, account.text.includes(user.sub), isTimed))
}

/** Plays every situation with every login, each with a vendor of its own: all logins at the same time. */
export const compareLogins = async (betterAuth?: BetterAuth): Promise<Table> => {
  const logins = loginsWith(betterAuth)
  const rows: Array<ReadonlyArray<string>> = []
  for (const situation of situations) {
    const play = ({ makeLogin }: Login) => playWith(situation, makeLogin)
    const cells = await withoutErrors(() => Promise.all(Object.values(logins).map(play)))
    rows.push([situation.name, situation.right, ...cells])
  }
  const lines = Object.values(logins).map(({ files }) => String(linesOf(files)))
  return [
    ["in the login", "right", ...Object.keys(logins)],
    ...rows,
    ["lines of the code, rounded to tens", "-", ...lines],
  ]
}
