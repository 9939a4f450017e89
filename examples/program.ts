/** One program for every vendor: the whole life of a token and of a client. */
import { type AnyAuth, AuthError } from "latchkey"

/** One step: what was asked, and what came back in words. */
export interface Step {
  readonly operation: string
  readonly result: string
}

/** Sends the user's browser to a URL and answers the URL it comes back to. */
export type SignIn = (url: string) => Promise<string>

/** Performs every step; one that the vendor refuses is a result too. */
export const program = async (auth: AnyAuth, signIn: SignIn): Promise<ReadonlyArray<Step>> => {
  const steps: Array<Step> = []
  const step = async <A>(
    operation: string,
    call: () => Promise<A>,
    words: (answer: A) => string,
  ): Promise<A | undefined> => {
    try {
      const answer = await call()
      steps.push({ operation, result: words(answer) })
      return answer
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      steps.push({ operation, result: error.reason._tag })
      return undefined
    }
  }
  await tokenLife(auth, signIn, step)
  await clientLife(auth, step)
  return steps
}

type Perform = <A>(operation: string, call: () => Promise<A>, words: (answer: A) => string) => Promise<A | undefined>

type TokenState = Awaited<ReturnType<AnyAuth["introspect"]>>

const state = (token: TokenState): string =>
  token.active
    ? `active: ${token.subject ?? token.clientId}, ${token.scopes?.join(" ") ?? "scopes unknown"}`
    : "inactive"

const tokenLife = async (auth: AnyAuth, signIn: SignIn, step: Perform): Promise<void> => {
  const sent = await step(
    "authorize",
    () => auth.authorize({ offline: true, loginHint: "alice" }),
    () => "a URL with PKCE, state and nonce",
  )
  if (sent === undefined) return
  const callbackUrl = await signIn(sent.url)
  const first = await step(
    "exchange",
    () => auth.exchange(callbackUrl, sent.transaction),
    ({ idClaims }) => `tokens for ${idClaims?.sub}`,
  )
  const tokens = await step(
    "refresh",
    () => auth.refresh(first?.refreshToken ?? ""),
    ({ accessToken }) => (accessToken === first?.accessToken ? "the same token" : "new tokens"),
  )
  const token = tokens?.accessToken ?? ""
  await step("introspect", () => auth.introspect(token), state)
  await step(
    "userInfo",
    () => auth.userInfo(token),
    ({ subject, email }) => `${subject}, ${email ?? "no email"}`,
  )
  await step(
    "revoke",
    () => auth.revoke(token),
    () => "accepted",
  )
  await step("introspect, again", () => auth.introspect(token), state)
  const own = await step(
    "clientCredentials",
    () => auth.clientCredentials({ scopes: ["read"] }),
    ({ scopes }) => `a token for ${scopes.join(" ")}`,
  )
  await step("introspect, its own", () => auth.introspect(own?.accessToken ?? ""), state)
}

const clientLife = async (auth: AnyAuth, step: Perform): Promise<void> => {
  const record = { name: "shop", redirectUris: ["https://shop.example/cb"], scopes: ["openid", "read"] }
  const client = await step(
    "clients.create",
    () => auth.clients.create(record),
    ({ secret }) => `created, secret ${secret}`,
  )
  const ref = client ?? "none"
  await step(
    "clients.get",
    () => auth.clients.get(ref),
    ({ name }) => `${name}`,
  )
  await step(
    "clients.list",
    () => count(auth.clients.list({ name: "shop" })),
    (found) => `${found} of that name`,
  )
  await step(
    "clients.replace",
    () => auth.clients.replace({ client: ref, record: { ...record, name: "store" } }),
    ({ name }) => `now ${name}`,
  )
  await step(
    "clients.patch",
    () => auth.clients.patch({ client: ref, changes: { scopes: ["openid"] } }),
    ({ scopes }) => `now ${scopes.join(" ")}`,
  )
  await step(
    "clients.remove",
    () => auth.clients.remove(ref),
    () => "removed",
  )
  await step(
    "clients.get, again",
    () => auth.clients.get(ref),
    ({ name }) => `${name}`,
  )
}

const count = async (items: AsyncIterable<unknown>): Promise<number> => {
  let found = 0
  for await (const _ of items) found++
  return found
}
