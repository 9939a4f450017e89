/** One program for every vendor: the whole life of a token and of a client. */
import {
  type AnyAuth,
  AuthError,
  type ClientSummary,
  type GrantRequest,
  type NewClient,
  type TokenState,
} from "latchkey"

/** One step: what was asked, and what came back in words. */
export interface Step {
  readonly operation: string
  readonly result: string
}

/** Sends the user's browser to a URL and answers the URL it comes back to. */
export type SignIn = (url: string) => Promise<string>

/** What differs between vendors, as an application's own configuration would hold it. */
export interface Settings {
  readonly service: GrantRequest
  readonly client: NewClient
}

/** Performs every step; one that the vendor refuses is a result too. */
export const program = async (auth: AnyAuth, signIn: SignIn, settings: Settings): Promise<ReadonlyArray<Step>> => {
  const steps: Array<Step> = []
  const step: Perform = async (operation, call, words) => {
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
  await tokenLife(auth, signIn, settings.service, step)
  await clientLife(auth, settings.client, step)
  return steps
}

type Perform = <A>(operation: string, call: () => Promise<A>, words: (answer: A) => string) => Promise<A | undefined>

const state = (token: TokenState | undefined): string => {
  if (token === undefined) return "-"
  return token.active ? `active: ${token.subject ?? token.clientId}` : "inactive"
}

const tokenLife = async (auth: AnyAuth, signIn: SignIn, service: GrantRequest, step: Perform): Promise<void> => {
  const sent = await step(
    "authorize",
    () => auth.authorize({ offline: true }),
    () => "a URL with PKCE",
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
    () => "new tokens",
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
    () => auth.clientCredentials(service),
    ({ scopes }) => `a token for ${scopes.join(" ")}`,
  )
  const ask = async () => (own === undefined ? undefined : auth.introspect(own.accessToken))
  await step("introspect, its own", ask, state)
}

const clientLife = async (auth: AnyAuth, record: NewClient, step: Perform): Promise<void> => {
  const client = await step(
    "clients.create",
    () => auth.clients.create(record),
    ({ secret }) => `secret ${secret}`,
  )
  const ref = client ?? "none"
  await step(
    "clients.get",
    () => auth.clients.get(ref),
    ({ name }) => `${name}`,
  )
  await step(
    "clients.list",
    () => listed(auth.clients.list(), client?.clientId),
    (found) => (found ? "found" : "missing"),
  )
  await step(
    "clients.replace",
    () => auth.clients.replace({ client: ref, record: { ...record, name: "store" } }),
    ({ name }) => `now ${name}`,
  )
  await step(
    "clients.patch",
    () => auth.clients.patch({ client: ref, changes: { name: "outlet" } }),
    ({ name }) => `now ${name}`,
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

const listed = async (clients: AsyncIterable<ClientSummary>, id: string | undefined): Promise<boolean> => {
  for await (const { clientId } of clients) if (clientId === id) return true
  return false
}
