import { testAuth } from "@latchkey/testing"
import express from "express"
import Fastify from "fastify"
import { Hono } from "hono"
import { type AnyAuth, createAuth } from "latchkey"
import type { Auth } from "latchkey/effect"
import { expirySignal, makeGuard, nodeGuard, type Principal, webGuard } from "latchkey/guard"
import { layer } from "latchkey/guard/effect"
import { authOf, guard } from "latchkey/guard/express"
import { guard as fastifyGuard } from "latchkey/guard/fastify"
import { guard as honoGuard } from "latchkey/guard/hono"
import { guard as mcpGuard } from "latchkey/guard/mcp"
import { ory } from "latchkey/ory"
import { describe, expectTypeOf, test } from "vitest"
import { compiled } from "./never-run.ts"

const config = { publicUrl: "https://a.example", adminUrl: "https://b.example", clientId: "a", clientSecret: "b" }
const needs = { scopes: ["orders:read"] } as const

describe("the client of a guard", () => {
  test("is one of createAuth, the Auth service, one of a test, or an id with introspect", () =>
    compiled(() => (wide: AnyAuth, service: typeof Auth.Service) => {
      const { id, introspect } = testAuth()
      for (const auth of [wide, createAuth(ory(config)), service, testAuth(), { id, introspect }])
        for (const make of [makeGuard, nodeGuard, webGuard, guard, fastifyGuard, honoGuard, mcpGuard, layer]) make(auth)
    }))

  test("must have an id and introspect", () =>
    compiled(() => (auth: AnyAuth) => {
      // @ts-expect-error no id
      guard({ introspect: auth.introspect })
      // @ts-expect-error no introspect
      guard({ id: "oidc" })
      // @ts-expect-error revocation is no introspection
      guard({ id: "oidc", introspect: auth.revoke })
    }))
})

describe("the principal of a route", () => {
  const auth = testAuth()

  test("is there in Express, node:http and web handlers without a question", () =>
    compiled(() => {
      guard(auth)(needs, (request) => expectTypeOf(request.auth).toEqualTypeOf<Principal>())
      guard(auth)((request) => expectTypeOf(request.auth).toEqualTypeOf<Principal>())
      guard(auth)({ ...needs, optional: false }, (request) => expectTypeOf(request.auth).toEqualTypeOf<Principal>())
      nodeGuard(auth)(needs, (request) => expectTypeOf(request.auth).toEqualTypeOf<Principal>())
      webGuard(auth)(needs, (_, context) => {
        expectTypeOf(context.auth).toEqualTypeOf<Principal>()
        return new Response()
      })
    }))

  test("may be absent where the route says optional", () =>
    compiled(() => (isOptional: boolean) => {
      type Maybe = Principal | undefined
      guard(auth)({ optional: true }, (request) => expectTypeOf(request.auth).toEqualTypeOf<Maybe>())
      guard(auth)({ optional: isOptional }, (request) => expectTypeOf(request.auth).toEqualTypeOf<Maybe>())
      nodeGuard(auth)({ optional: true }, (request) => expectTypeOf(request.auth).toEqualTypeOf<Maybe>())
      webGuard(auth)({ optional: true }, (_, context) => {
        expectTypeOf(context.auth).toEqualTypeOf<Maybe>()
        return new Response()
      })
      new Hono().get("/", honoGuard(auth)({ optional: true }), (context) => {
        expectTypeOf(context.var.auth).toEqualTypeOf<Maybe>()
        return context.text("")
      })
    }))

  test("is in the variables of Hono, and beside the second argument of a route handler", () =>
    compiled(() => {
      new Hono().get("/", honoGuard(auth)(needs), (context) => {
        expectTypeOf(context.var.auth).toEqualTypeOf<Principal>()
        return context.text("")
      })
      type Params = { readonly params: Promise<{ readonly id: string }> }
      webGuard(auth)<typeof needs, Params>(needs, async (_, context) => {
        expectTypeOf(context.auth).toEqualTypeOf<Principal>()
        return new Response((await context.params).id)
      })
    }))

  test("comes from verify beside the response to a refusal", () =>
    compiled(async () => {
      const found = await webGuard(auth).verify(new Request("https://api.example"), needs)
      expectTypeOf(found).toEqualTypeOf<Principal | Response>()
      if (!(found instanceof Response)) expirySignal(found)
    }))

  test("is null before the guard in Fastify, and authOf gives one that is there", () =>
    compiled(() => {
      const protect = fastifyGuard(auth)
      Fastify().get("/", { onRequest: protect(needs) }, async (request) => {
        expectTypeOf(request.auth).toEqualTypeOf<Principal | null>()
        expectTypeOf(protect.authOf(request)).toEqualTypeOf<Principal>()
      })
    }))

  test("cannot be changed", () =>
    compiled(() => {
      guard(auth)(needs, (request) => {
        // @ts-expect-error read only
        request.auth = authOf(request)
        // @ts-expect-error read only
        request.auth.subject = "u2"
      })
    }))

  test("keeps the rest of the request of Express", () =>
    compiled(() =>
      express().get(
        "/:id",
        guard(auth)(needs, (request, response, next) => {
          expectTypeOf(request.get("accept")).toEqualTypeOf<string | undefined>()
          expectTypeOf(request.originalUrl).toEqualTypeOf<string>()
          response.json(request.params)
          next()
        }),
      ),
    ))
})

describe("the requirements of a route", () => {
  test("must exist and have their types", () =>
    compiled(() => {
      const protect = guard(testAuth())
      // @ts-expect-error unknown
      protect({ scope: "orders:read" })
      // @ts-expect-error a text
      protect({ scopes: "orders:read" })
      // @ts-expect-error a number without a unit
      protect({ maxAuthAge: 300 })
      // @ts-expect-error no such freshness
      protect({ freshness: "new" })
      // @ts-expect-error unknown, also with a handler
      protect({ scope: "orders:read" }, () => undefined)
      // @ts-expect-error unknown, also beside one that exists
      protect({ scopes: ["orders:read"], maxAge: "5 minutes" }, () => undefined)
      // @ts-expect-error unknown in node:http
      nodeGuard(testAuth())({ scopes: ["orders:read"], maxAge: "5 minutes" }, () => undefined)
      // @ts-expect-error unknown in a web handler
      webGuard(testAuth())({ scopes: ["orders:read"], maxAge: "5 minutes" }, () => new Response())
      // @ts-expect-error unknown in Hono
      honoGuard(testAuth())({ scopes: ["orders:read"], maxAge: "5 minutes" })
      // @ts-expect-error a handler of MCP always has a principal
      mcpGuard(testAuth())({ optional: true })
    }))
})
