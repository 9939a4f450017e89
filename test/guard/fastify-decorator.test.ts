import { testAuth } from "@latchkey/testing"
import Fastify, { type FastifyInstance } from "fastify"
import { type FastifyOptions, guard } from "latchkey/guard/fastify"
import { describe, expect, test } from "vitest"

const auth = testAuth({ tokens: { good: { subject: "u1" } } })

const appWith = async (options: FastifyOptions) => {
  const protect = guard(auth, options)
  const app = Fastify()
  await app.register(protect.plugin)
  return { app, protect }
}

const get = async (app: FastifyInstance, authorization?: string) =>
  (await app.inject({ url: "/", headers: authorization === undefined ? {} : { authorization } })).json()

describe("the decorator of the guard for Fastify", () => {
  test.each<[string, FastifyOptions]>([
    ["auth", {}],
    ["user", { decoratorName: "user" }],
  ])("is request.%s with %j", async (name, options) => {
    const { app, protect } = await appWith(options)
    app.get("/", { onRequest: protect() }, async (request) => {
      const principal: unknown = Reflect.get(request, name)
      return { isSame: principal === protect.authOf(request), principal, has: app.hasRequestDecorator(name) }
    })
    expect(await get(app, "Bearer good")).toMatchObject({ isSame: true, has: true, principal: { subject: "u1" } })
  })

  test("leaves request.auth to others where it has another name", async () => {
    const { app, protect } = await appWith({ decoratorName: "user" })
    app.decorateRequest("theirs", null)
    app.get("/", { onRequest: protect() }, async (request) => ({ auth: "auth" in request }))
    expect(await get(app, "Bearer good")).toEqual({ auth: false })
  })

  test("is null without credentials where they are optional, and authOf throws", async () => {
    const { app, protect } = await appWith({ decoratorName: "user" })
    app.get("/", { onRequest: protect({ optional: true }) }, async (request) => {
      expect(Reflect.get(request, "user")).toBeNull()
      return protect.authOf(request)
    })
    expect(await get(app)).toMatchObject({ statusCode: 500, message: expect.stringMatching(/put the guard before/) })
  })

  test.each(["", 3])("cannot have the name %j", (decoratorName) => {
    expect(() => guard(auth, { decoratorName: decoratorName as string })).toThrow(/decoratorName: expected a name/)
  })

  test("is refused by Fastify where another plugin has the name", async () => {
    const app = Fastify()
    app.decorateRequest("caller", null)
    app.register(guard(auth, { decoratorName: "caller" }).plugin)
    await expect(app.ready()).rejects.toThrow(/already been added/)
  })
})
