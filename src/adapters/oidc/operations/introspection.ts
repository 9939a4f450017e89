/** Token introspection, written by hand over the door: the hot path. */
import * as Effect from "effect/Effect"
import { AudienceIsSigned } from "../../../internal/signed-audience.ts"
import { recordRejection } from "../../../internal/telemetry.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { IntrospectOptions, TokenState } from "../../../ports/introspection.ts"
import { operations } from "../../../ports/operations.ts"
import type { TransportRequest, TransportResponse } from "../../../ports/transport.ts"
import { rejectArgument } from "../arguments/reject-argument.ts"
import type { Settings } from "../configuration/settings.ts"
import type { Engine } from "../engine/engine.ts"
import { type Credentials, introspectionCredentials } from "../http/client-authentication.ts"
import { reasonOf } from "../http/error-response.ts"
import { maxBytes } from "../http/limits.ts"
import { type Rejected, tokenState } from "./introspection-response.ts"

const inactive: TokenState = { active: false }

/** What every introspection request has, and what its form adds to prove itself. */
interface Prepared {
  readonly request: Omit<TransportRequest, "body">
  readonly form: string
}

/** Makes `introspect` for one server; what is the same for every token is made once. */
export const makeIntrospect = (
  engine: Engine,
): ((token: string, options?: IntrospectOptions) => Effect.Effect<TokenState, Reason>) => {
  const { server, settings, transport } = engine
  const credentials = introspectionCredentials(settings, server, engine.auth)
  const endpoint = engine.endpoint("introspectionEndpoint", "introspect")
  const readied = ready(settings)
  const prepare = Effect.zipWith(endpoint, Effect.suspend(credentials), readied)
  const always = server.endpoints?.introspectionEndpoint !== undefined && unchanging(engine)
  let prepared: Prepared | undefined

  const ask = (token: string, expect: "access_token" | "refresh_token", { request, form }: Prepared) => {
    const proof = () => [...new URLSearchParams(form).values(), ...bearing(request.headers)]
    const body = `token=${encodeURIComponent(token)}&token_type_hint=${expect}${form}`
    return Effect.flatMap(transport.send({ ...request, body }), (answer) => judge(answer, token, expect, proof))
  }

  const judge = (
    answer: TransportResponse,
    token: string,
    expect: "access_token" | "refresh_token",
    proof: () => ReadonlyArray<string>,
  ) => {
    if (answer.status !== 200)
      return Effect.fail(
        reasonOf(
          answer,
          { operation: "introspect", secrets: [...engine.secrets, token, ...proof()], fields: [] },
          server,
        ),
      )
    const state = tokenState(answer, token, expect, settings, server)
    if ("rejected" in state) return refuted(state)
    return "_tag" in state ? Effect.fail(state) : Effect.succeed(state)
  }

  const refuted = ({ rejected, ifSigned }: Rejected): Effect.Effect<TokenState> =>
    Effect.withFiber((fiber) =>
      ifSigned !== undefined && fiber.getRef(AudienceIsSigned)
        ? Effect.succeed<TokenState>(ifSigned)
        : Effect.as(recordRejection(engine.id, rejected), inactive),
    )

  return (token, options) => {
    const expect = options?.expect ?? "access_token"
    const refused = options && refuse(engine, options)
    if (refused) return refused
    // What no token can look like is nobody's: vendors answer it with errors, or read another token into it.
    if (!isToken(token)) return Effect.succeed({ active: false })
    if (prepared !== undefined) return ask(token, expect, prepared)
    if (server.introspectionAuth === "service_token")
      return engine.serviceToken.use((own) =>
        Effect.flatMap(endpoint, (url) =>
          ask(token, expect, readied(url, { headers: { authorization: `Bearer ${own}` }, form: "" })),
        ),
      )
    return Effect.flatMap(prepare, (fresh) => {
      if (always) prepared = fresh
      return ask(token, expect, fresh)
    })
  }
}

const bearing = ({ authorization }: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  authorization === undefined ? [] : [authorization.slice(authorization.indexOf(" ") + 1)]

/** Whether every request proves itself in the same way: no assertion to sign, no token to renew. */
const unchanging = ({ server: { introspectionAuth }, settings }: Engine): boolean =>
  introspectionAuth !== undefined || settings.privateKey === undefined

const refuse = (engine: Engine, { freshness, expect }: IntrospectOptions): Effect.Effect<never, Reason> | undefined =>
  freshness === "local"
    ? Effect.fail({
        _tag: "UnsupportedOperation",
        standard: operations.introspect,
        argument: "freshness",
        instead: 'ask with freshness "live"',
      })
    : rejectArgument(engine, "introspect.expect", expect === "refresh_token" ? expect : undefined)

const ready =
  ({ attemptTimeout }: Settings) =>
  (url: string, { headers, form }: Credentials): Prepared => ({
    request: {
      method: "POST",
      url,
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded", ...headers },
      timeout: attemptTimeout,
      maxBytes: maxBytes.introspection,
    },
    form,
  })

/** Longer than any header in which a token could come. */
const longest = 1 << 20

/** Visible ASCII, and some of it (RFC 6749 appendix A.12). */
const isToken = (text: string): boolean => text.length <= longest && /^[\x21-\x7e]+$/.test(text)
