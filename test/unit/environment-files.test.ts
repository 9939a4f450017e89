import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { createAuth, fromEnv, type Issue, type Transport } from "latchkey"
import { kinde } from "latchkey/kinde"
import { ory } from "latchkey/ory"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

type Env = Readonly<Record<string, string | undefined>>

const standard: Env = {
  LATCHKEY_PROVIDER: "oidc",
  LATCHKEY_ISSUER: "https://id.example",
  LATCHKEY_CLIENT_ID: "app",
  LATCHKEY_CLIENT_SECRET: "secret",
}
const { LATCHKEY_CLIENT_SECRET: _, ...withoutSecret } = standard

const issuesOf = async (env: Env): Promise<ReadonlyArray<Issue>> => {
  const error = await Effect.runPromise(Effect.flip(Effect.scoped(fromEnv(env))))
  return error.reason._tag === "InvalidConfig" ? error.reason.issues : expect.unreachable(error.message)
}
const isAccepted = async (env: Env) => (await Effect.runPromise(Effect.scoped(fromEnv(env)))).id

/** The `Authorization` headers that a client sends. */
const credentialsOf = async (env: Env): Promise<string> => {
  let sent = ""
  const transport: Transport = {
    send: ({ headers }) => {
      sent = headers.authorization ?? ""
      return Effect.succeed({ status: 200, headers: { "content-type": "application/json" }, body: '{"active":false}' })
    },
  }
  const endpoints = '{"introspectionEndpoint":"https://id.example/i"}'
  await using auth = createAuth(fromEnv({ ...env, LATCHKEY_ENDPOINTS: endpoints }, { transport }))
  await auth.introspect("token", { freshness: "live" })
  return Buffer.from(sent.replace("Basic ", ""), "base64").toString()
}

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-environment-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (content: string): string => {
  const path = join(folder, `${Math.random()}`)
  writeFileSync(path, content)
  return path
}

describe("a secret in a file", () => {
  test.each(["fromfile", "fromfile\n", "fromfile\r\n"])(
    "is read without one line break at its end: %j",
    async (text) => {
      expect(await credentialsOf({ ...withoutSecret, LATCHKEY_CLIENT_SECRET_FILE: file(text) })).toBe("app:fromfile")
    },
  )

  test("is rejected with a second line break, by the name of its variable", async () => {
    const env = { ...withoutSecret, LATCHKEY_CLIENT_SECRET_FILE: file("fromfile\n\n") }
    expect(await issuesOf(env)).toEqual([
      { path: "LATCHKEY_CLIENT_SECRET_FILE", message: expect.stringContaining("control characters") },
    ])
  })

  test("is rejected with the code of the system if it cannot be read", async () => {
    const env = { ...withoutSecret, LATCHKEY_CLIENT_SECRET_FILE: join(folder, "missing") }
    const issues = await issuesOf(env)
    expect(issues).toContainEqual({
      path: "LATCHKEY_CLIENT_SECRET_FILE",
      message: "expected the path of a file that can be read, found ENOENT",
    })
    expect(issues).toHaveLength(1)
    expect(await issuesOf({ ...withoutSecret, LATCHKEY_CLIENT_SECRET_FILE: folder })).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining("EISDIR") }),
    )
  })

  test("is rejected beside the secret itself", async () => {
    expect(await issuesOf({ ...standard, LATCHKEY_CLIENT_SECRET_FILE: file("x") })).toEqual([
      {
        path: "LATCHKEY_CLIENT_SECRET_FILE",
        message: "give LATCHKEY_CLIENT_SECRET or LATCHKEY_CLIENT_SECRET_FILE, not both",
      },
    ])
  })

  test("may be a private key, an API key or a part of an object", async () => {
    const key = file('{"kty":"EC","crv":"P-256","alg":"ES256","d":"x"}\n')
    expect(await isAccepted({ ...withoutSecret, LATCHKEY_PRIVATE_KEY_FILE: key })).toBe("oidc")
    const project = { LATCHKEY_PROJECT_URL: "https://p.example", LATCHKEY_API_KEY_FILE: file("key\n") }
    const { LATCHKEY_ISSUER: _issuer, ...client } = standard
    expect(await isAccepted({ ...client, ...project, LATCHKEY_PROVIDER: ory.id })).toBe("ory")
    const management = {
      LATCHKEY_MANAGEMENT_CLIENT_ID: "m2m",
      LATCHKEY_MANAGEMENT_CLIENT_SECRET_FILE: file("secret\n"),
      LATCHKEY_AUDIENCE: "any",
    }
    expect(await isAccepted({ ...standard, ...management, LATCHKEY_PROVIDER: kinde.id })).toBe("kinde")
  })

  test("has no variable for a member that is no secret", async () => {
    expect(await issuesOf({ ...standard, LATCHKEY_CLIENT_ID_FILE: file("app") })).toEqual([
      { path: "LATCHKEY_CLIENT_ID_FILE", message: "unknown variable" },
    ])
  })

  test("is named in the problems of an object that is given by its parts", async () => {
    const env = {
      ...standard,
      LATCHKEY_PROVIDER: "kinde",
      LATCHKEY_AUDIENCE: "any",
      LATCHKEY_MANAGEMENT_CLIENT_ID: "m",
    }
    expect(await issuesOf(env)).toEqual([{ path: "LATCHKEY_MANAGEMENT_CLIENT_SECRET", message: "required" }])
  })
})

describe("the variables that Kubernetes adds", () => {
  test.each([
    ["LATCHKEY_SERVICE_HOST", "10.0.0.1"],
    ["LATCHKEY_SERVICE_PORT", "80"],
    ["LATCHKEY_SERVICE_PORT_HTTP", "80"],
    ["LATCHKEY_PORT", "tcp://10.0.0.1:80"],
    ["LATCHKEY_PORT_80_TCP", "tcp://10.0.0.1:80"],
    ["LATCHKEY_PORT_80_TCP_ADDR", "10.0.0.1"],
    ["LATCHKEY_PORT_80_TCP_PORT", "80"],
    ["LATCHKEY_PORT_80_TCP_PROTO", "tcp"],
    ["LATCHKEY_PORT_53_UDP_ADDR", "10.0.0.1"],
    ["LATCHKEY_API_SERVICE_HOST", "10.0.0.1"],
    ["LATCHKEY_API_PORT", "tcp://10.0.0.1:80"],
    ["LATCHKEY_API_PORT_80_TCP_ADDR", "10.0.0.1"],
  ])("are passed over: %s", async (name, value) => {
    expect(await isAccepted({ ...standard, [name]: value })).toBe("oidc")
  })

  test.each([
    ["LATCHKEY_PORT", "8080"],
    ["LATCHKEY_SERVICE", "x"],
    ["LATCHKEY_PORT_TCP", "x"],
  ])("do not hide an unknown variable: %s=%s", async (name, value) => {
    expect(await issuesOf({ ...standard, [name]: value })).toEqual([{ path: name, message: "unknown variable" }])
  })
})

describe("a prefix", () => {
  test("replaces LATCHKEY_ in every name", async () => {
    const env = Object.fromEntries(
      Object.entries(standard).map(([name, text]) => [name.replace("LATCHKEY", "MY"), text]),
    )
    const provider = fromEnv({ ...env, LATCHKEY_TYPO: "x" }, { prefix: "MY_" })
    expect((await Effect.runPromise(Effect.scoped(provider))).id).toBe("oidc")
    const error = await Effect.runPromise(Effect.flip(Effect.scoped(fromEnv({ ...env, MY_X: "1" }, { prefix: "MY_" }))))
    expect(error.message).toContain("MY_X: unknown variable")
  })
})

describe("an id or a secret with a control character", () => {
  test.each(["LATCHKEY_CLIENT_ID", "LATCHKEY_CLIENT_SECRET"])("is rejected: %s", async (name) => {
    for (const text of ["a\n", "a\u0000b", "a\u007f", "\ta"])
      expect(await issuesOf({ ...standard, [name]: text })).toEqual([
        { path: name, message: expect.stringContaining("control characters") },
      ])
  })
})
