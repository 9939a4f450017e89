/** Runs Kinde's own libraries against the emulator and records every response. */
import type { Browser, KindeEmulator } from "@latchkey/testing"
import type { RecordedResponse } from "./sdk.ts"

/** Letters and digits, because the libraries reject any other secret before they send it. */
const secretOf = (letter: string) => letter.repeat(50)

export const callback = "http://127.0.0.1:9/cb"
export const afterLogout = "http://127.0.0.1:9/out"
export const api = "https://orders.example"
export const person = "kp_0123456789abcdef0123456789abcdef"
export const manager = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f0", clientSecret: secretOf("m") }
export const web = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f1", clientSecret: secretOf("w") }
export const page = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f2" }

const application = { redirectUris: [callback], logoutUris: [afterLogout], apis: { [api]: ["read", "write"] } }

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

/** The state that steps share. */
export interface KindeContext {
  readonly emulator: KindeEmulator
  readonly browser: Browser
  readonly save: (name: string, value: unknown) => void
  readonly saved: (name: string) => string
}

export interface KindeStep {
  readonly name: string
  readonly run: (context: KindeContext) => Promise<unknown>
  /** The expected status of the library's error, or 0 if the error has no status. */
  readonly fails?: number
}

/** The result of a step and the responses that it received. */
export interface KindeOutcome {
  readonly step: string
  readonly value?: unknown
  /** The status of the library's error, or its message. */
  readonly failed?: unknown
  readonly responses: ReadonlyArray<RecordedResponse>
}

const statusOf = (error: unknown): unknown => {
  const { status, response, message } = Object(error)
  return status ?? response?.status ?? String(message ?? error)
}

/** Performs the steps with a recording global `fetch`, because the libraries accept no other transport. */
export const perform = async (
  context: KindeContext,
  steps: ReadonlyArray<KindeStep>,
): Promise<ReadonlyArray<KindeOutcome>> => {
  const originalFetch = globalThis.fetch
  const outcomes: Array<KindeOutcome> = []
  try {
    for (const { name, run } of steps) {
      const responses: Array<RecordedResponse> = []
      globalThis.fetch = async (input, init) => {
        const response = await originalFetch(input, init)
        const text = await response.clone().text()
        const { method, url } = new Request(input, { method: init?.method ?? "GET" })
        const headers = Object.fromEntries(response.headers)
        const body: unknown = /json/.test(headers["content-type"] ?? "") ? JSON.parse(text) : text
        responses.push({ step: name, method, path: new URL(url).pathname, status: response.status, headers, body })
        return response
      }
      const outcome = await run(context).then(
        (value) => ({ value }),
        (error: unknown) => ({ failed: statusOf(error) }),
      )
      outcomes.push({ step: name, ...outcome, responses })
    }
  } finally {
    globalThis.fetch = originalFetch
  }
  return outcomes
}
