/** The messages of errors about wrong arguments. */
import { AuthError, createAuth } from "latchkey"
import { expect, test } from "vitest"

const auth = createAuth({ provider: "oidc", issuer: "https://id.example", clientId: "orders", clientSecret: "secret" })

/** Returns the member and the text of the error of a call. */
const problemOf = async (call: Promise<unknown>): Promise<readonly [string | undefined, string | undefined]> => {
  const error = await call.catch((reason: unknown) => reason)
  if (!(error instanceof AuthError) || error.reason._tag !== "InvalidRequest") throw error
  return [error.reason.field, error.reason.detail]
}

test.each<[string, () => Promise<unknown>, string | undefined, string]>([
  ["a number as a token", () => auth.revoke(7 as never), undefined, "expected a string, found a number"],
  ["no token", () => auth.revoke(undefined as never), undefined, "expected a string, found undefined"],
  ["an empty token", () => auth.revoke(""), undefined, "expected a string that is not empty"],
  ["a text as scopes", () => auth.authorize({ scopes: "a" } as never), "scopes", "expected an array, found a string"],
  ["a missing member", () => auth.exchange("https://app.example/cb", {} as never), "provider", "required"],
  ["an unknown member", () => auth.authorize({ scope: [] } as never), undefined, 'unknown member: "scope"'],
  ["an unknown option", () => auth.refresh("token", { wait: 1 } as never), undefined, 'unknown option: "wait"'],
  [
    "a value outside a list",
    () => auth.authorize({ prompt: "later" } as never),
    "prompt",
    'expected one of "none", "login", "consent", "select_account", "create"',
  ],
])("%s: the error says what was expected and found", async (_, call, field, detail) => {
  expect(await problemOf(call())).toEqual([field, detail])
})

test("a value in the place of another type is not repeated, because it may be a secret", async () => {
  const [, detail] = await problemOf(auth.authorize({ scopes: { secret: "s3cret-value" } } as never))
  expect(detail).toBe("expected an array, found an object")
})
