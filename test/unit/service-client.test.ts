import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { define, settings } from "latchkey/oidc"
import { expect, test } from "vitest"
import { z } from "zod"
import { formOf, json, scripted } from "./scripted-transport.ts"

/** A vendor that ignores an argument of its issuing operations, and has a management API with a token of its own. */
const vendorIgnoring = (argument: "clientCredentials.audience" | "introspect.expect") =>
  define({
    id: "acme",
    config: z.strictObject(settings),
    can: ["trust.remove"],
    server: () => ({
      issuer: "https://a.example",
      metadataUrl: "https://a.example/m",
      clientAuth: "client_secret_basic",
      unsupportedArguments: { [argument]: "leave it out" },
      serviceToken: {
        tokenEndpoint: "https://a.example/token",
        clientId: "service",
        clientSecret: Redacted.make("the secret of the service"),
        clientAuth: "client_secret_post",
        audience: "https://a.example/api",
      },
    }),
    operations: (engine) => ({
      "trust.remove": (id) =>
        engine.serviceToken.use((token) =>
          Effect.asVoid(
            engine.send({
              operation: "trust.remove",
              method: "DELETE",
              url: `https://a.example/${id}`,
              headers: { authorization: `Bearer ${token}` },
              ok: [204],
            }),
          ),
        ),
    }),
  })

test.each(["clientCredentials.audience", "introspect.expect"] as const)(
  "the request for a service token names its audience, although the vendor ignores %s of a call",
  async (argument) => {
    const transport = scripted(json({ access_token: "t", token_type: "bearer" }), {
      status: 204,
      headers: {},
      body: "",
    })
    const adapter = vendorIgnoring(argument)
    const auth = Effect.runSync(Effect.scoped(adapter({ clientId: "app", clientSecret: "secret" }, { transport })))
    await Effect.runPromise(auth.trust.remove("x"))
    expect(formOf(transport.requests[0])).toMatchObject({ audience: "https://a.example/api", client_id: "service" })
    expect(transport.requests[1]?.headers.authorization).toBe("Bearer t")
  },
)
