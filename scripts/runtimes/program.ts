/** Uses the package on one runtime: each step prints whether it had the expected result. */
import { createAuth } from "latchkey"

export interface Step {
  readonly name: string
  readonly passed: boolean
  readonly found: string
}

/** Makes a client of the server of `scripts/runtimes.ts`; each mode of failure has its own path. */
export const open = (server: string, mode: string, refused: string) => {
  const base = mode === "refused" ? refused : `${server}/${mode}`
  return createAuth({
    provider: "oidc",
    issuer: server,
    clientId: "app",
    clientSecret: "secret",
    audience: "any",
    insecureOrigins: [server, refused],
    attemptTimeout: "2 seconds",
    retry: false,
    endpoints: {
      introspectionEndpoint: `${base}/introspect`,
      tokenEndpoint: `${base}/token`,
      jwksUri: `${server}/keys`,
    },
  })
}

/** The reason that each fault must have. */
const faults = {
  refused: "Unavailable",
  reset: "Unavailable",
  hang: "Unavailable",
  "status-500": "Unavailable",
  page: "Unavailable",
  large: "UnexpectedResponse",
  "no-json": "UnexpectedResponse",
} as const

const outcome = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    return String(JSON.stringify(await run()))
  } catch (error) {
    const { reason } = error as { readonly reason?: { readonly _tag: string } }
    return reason?._tag ?? `no AuthError: ${String(error)}`
  }
}

/** Runs every step. */
export const steps = async (server: string, refused: string): Promise<ReadonlyArray<Step>> => {
  const found: Array<Step> = []
  const add = (name: string, result: string, expected: RegExp) =>
    found.push({ name, passed: expected.test(result), found: result.slice(0, 300) })
  const auth = open(server, "good", refused)
  add("introspect", await outcome(() => auth.introspect("token")), /"active":true.*"subject":"user"/)
  add("client credentials", await outcome(() => auth.clientCredentials()), /"accessToken":"service"/)
  const agent = await outcome(async () => (await fetch(`${server}/user-agents`)).json())
  add("User-Agent", agent, /^\["latchkey\/[0-9.]+"\]$/)
  for (const [mode, tag] of Object.entries(faults)) {
    const faulty = open(server, mode, refused)
    add(`fault: ${mode}`, await outcome(() => faulty.introspect("token")), new RegExp(`^${tag}$`))
    await faulty.close()
  }
  add("close", await outcome(() => auth.close()), /^undefined$/)
  add("after close", await outcome(() => auth.introspect("other")), /^Unavailable$/)
  return found
}
