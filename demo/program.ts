/** One program for every vendor: the operations on a token, and the operations on a client. */
import {
  type AnyAuth,
  AuthError,
  type ClientSummary,
  type GrantRequest,
  type NewClient,
  type TokenState,
} from "latchkey"

/** One operation, and a text about its result. */
export interface Step {
  readonly operation: string
  readonly result: string
}

/** Opens a URL in the user's browser and returns the callback URL. */
export type SignIn = (url: string) => Promise<string>

/** What differs between vendors. An application would have it in its configuration. */
export interface Settings {
  readonly service: GrantRequest
  readonly client: NewClient
}

/** The reasons that the table abbreviates. */
const failures: Readonly<Record<string, string>> = { UnsupportedOperation: "unsupported" }

/** Runs every step. For a step that fails, the result is the reason of the error. */
export const program = async (auth: AnyAuth, signIn: SignIn, settings: Settings): Promise<ReadonlyArray<Step>> => {
  const steps: Array<Step> = []
  const step: RunStep = async (operation, call, describe) => {
    try {
      const result = await call()
      steps.push({ operation, result: describe(result) })
      return result
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      steps.push({ operation, result: failures[error.reason._tag] ?? error.reason._tag })
      return undefined
    }
  }
  await tokenSteps(auth, signIn, settings.service, step)
  await clientSteps(auth, settings.client, step)
  return steps
}

type RunStep = <A>(operation: string, call: () => Promise<A>, describe: (result: A) => string) => Promise<A | undefined>

const stateOf = (token: TokenState | undefined): string => {
  if (token === undefined) return "-"
  return token.active
    ? `active: ${token.subjectType === "client" ? token.clientId : (token.subject ?? token.clientId)}`
    : "inactive"
}

const tokenSteps = async (auth: AnyAuth, signIn: SignIn, service: GrantRequest, step: RunStep): Promise<void> => {
  const login = await step(
    "authorize",
    () => auth.authorize({ offline: true }),
    () => "a URL",
  )
  if (login === undefined) return
  const callbackUrl = await signIn(login.url)
  const first = await step(
    "exchange",
    () => auth.exchange(callbackUrl, login.transaction),
    ({ idClaims }) => `login of ${idClaims?.sub}`,
  )
  const tokens = await step(
    "refresh",
    () => auth.refresh(first?.refreshToken ?? ""),
    () => "new tokens",
  )
  const token = tokens?.accessToken ?? ""
  await step("introspect", () => auth.introspect(token), stateOf)
  await step(
    "userInfo",
    () => auth.userInfo(token),
    ({ subject, email }) => (email === undefined ? subject : `${subject}, email`),
  )
  await step(
    "revoke",
    () => auth.revoke(token),
    () => "accepted",
  )
  await step("introspect, again", () => auth.introspect(token), stateOf)
  const serviceToken = await step(
    "clientCredentials",
    () => auth.clientCredentials(service),
    ({ scopes }) => `a token: ${scopes.join(" ")}`,
  )
  await step(
    "introspect, service",
    async () => (serviceToken === undefined ? undefined : auth.introspect(serviceToken.accessToken)),
    stateOf,
  )
}

const clientSteps = async (auth: AnyAuth, record: NewClient, step: RunStep): Promise<void> => {
  const client = await step(
    "clients.create",
    () => auth.clients.create(record),
    ({ secret }) => (secret === undefined ? "no secret" : "<redacted>"),
  )
  const ref = client ?? "none"
  await step(
    "clients.get",
    () => auth.clients.get(ref),
    ({ name }) => `${name}`,
  )
  await step(
    "clients.list",
    () => includesClient(auth.clients.list(), client?.clientId),
    (isFound) => (isFound ? "found" : "missing"),
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

const includesClient = async (clients: AsyncIterable<ClientSummary>, id: string | undefined): Promise<boolean> => {
  for await (const { clientId } of clients) if (clientId === id) return true
  return false
}
