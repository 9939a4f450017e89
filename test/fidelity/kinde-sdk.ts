/** Kinde's own libraries as the ones that ask: what they asked for, and what came back over the wire. */
import type { Browser, KindeEmulator } from "@latchkey/testing"
import type { Answer } from "./sdk.ts"

/** Letters and digits, for the libraries refuse any other secret before they send it. */
const secretOf = (letter: string) => letter.repeat(50)

export const callback = "http://127.0.0.1:9/cb"
export const out = "http://127.0.0.1:9/out"
export const api = "https://orders.example"
export const person = "kp_0123456789abcdef0123456789abcdef"
export const manager = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f0", clientSecret: secretOf("m") }
export const web = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f1", clientSecret: secretOf("w") }
export const page = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f2" }

const application = { redirectUris: [callback], logoutUris: [out], apis: { [api]: ["read", "write"] } }

export const seed = {
  organizations: [{ code: "org_1", name: "Acme" }],
  applications: [
    { id: manager.clientId, name: "Manager", type: "m2m", secret: manager.clientSecret, management: true },
    { ...application, id: web.clientId, name: "Web", type: "reg", secret: web.clientSecret },
    { ...application, id: page.clientId, name: "Page", type: "spa" },
  ],
  users: [
    {
      id: person,
      email: "ada@example.org",
      username: "ada",
      givenName: "Ada",
      familyName: "Lovelace",
      updatedAt: 1_685_522_721,
      organizations: ["org_1"],
      permissions: ["orders:read"],
    },
  ],
  connectedApps: [{ keyCodeRef: "calendar" }],
} as const

/** What later steps need of earlier ones. */
export interface KindeWorld {
  readonly emulator: KindeEmulator
  readonly browser: Browser
  readonly keep: (name: string, value: unknown) => void
  readonly kept: (name: string) => string
}

export interface KindeStep {
  readonly name: string
  readonly run: (world: KindeWorld) => Promise<unknown>
  /** The status of the library's error, where it is to get one. */
  readonly fails?: number
}

/** What a step came to, and what it put on the wire. */
export interface KindeOutcome {
  readonly step: string
  readonly value?: unknown
  /** The status that the library's error holds, or its words. */
  readonly failed?: unknown
  readonly answers: ReadonlyArray<Answer>
}

const statusOf = (error: unknown): unknown => {
  const { status, response, message } = Object(error)
  return status ?? response?.status ?? String(message ?? error)
}

/** Performs the steps; the libraries have the global `fetch`, and no other door. */
export const perform = async (
  world: KindeWorld,
  steps: ReadonlyArray<KindeStep>,
): Promise<ReadonlyArray<KindeOutcome>> => {
  const plain = globalThis.fetch
  const outcomes: Array<KindeOutcome> = []
  try {
    for (const { name, run } of steps) {
      const answers: Array<Answer> = []
      globalThis.fetch = async (input, init) => {
        const response = await plain(input, init)
        const text = await response.clone().text()
        const { method, url } = new Request(input, { method: init?.method ?? "GET" })
        const headers = Object.fromEntries(response.headers)
        const body: unknown = /json/.test(headers["content-type"] ?? "") ? JSON.parse(text) : text
        answers.push({ step: name, method, path: new URL(url).pathname, status: response.status, headers, body })
        return response
      }
      const outcome = await run(world).then(
        (value) => ({ value }),
        (error: unknown) => ({ failed: statusOf(error) }),
      )
      outcomes.push({ step: name, ...outcome, answers })
    }
  } finally {
    globalThis.fetch = plain
  }
  return outcomes
}
