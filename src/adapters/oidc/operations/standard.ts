/** The operations that the standards define, done by the book. */
import type { Operation } from "../../../ports/provider.ts"
import { authorize, exchange } from "./authorization-code.ts"
import type { Raws } from "../define.ts"
import { deviceAuthorization, pollDevice } from "./device-authorization.ts"
import { fetchKeys, fetchMetadata } from "./discovery.ts"
import { endSession } from "./end-session.ts"
import type { Engine } from "../engine/make-engine.ts"
import { makeIntrospect } from "./introspection.ts"
import { revoke } from "./revocation.ts"
import { clientCredentials, jwtBearer, refresh } from "./token-endpoint.ts"
import { makeUserInfo } from "./userinfo.ts"

/** The operations that the standards define, all of them. */
export const standardOperations = [
  "authorize",
  "exchange",
  "refresh",
  "clientCredentials",
  "deviceAuthorization",
  "pollDevice",
  "jwtBearer",
  "introspect",
  "revoke",
  "userInfo",
  "metadata.discover",
  "metadata.keys",
  "session.end",
] as const satisfies ReadonlyArray<Operation>

export type StandardOperation = (typeof standardOperations)[number]

/** Makes every standard operation for one server. */
export const standard = (engine: Engine): Raws<StandardOperation> => ({
  authorize: (request) => authorize(engine, request),
  exchange: (callbackUrl, transaction) => exchange(engine, callbackUrl, transaction),
  refresh: (refreshToken, options) => refresh(engine, refreshToken, options),
  clientCredentials: (request) => clientCredentials(engine, request),
  deviceAuthorization: (request) => deviceAuthorization(engine, request),
  pollDevice: (device) => pollDevice(engine, device),
  jwtBearer: (assertion, options) => jwtBearer(engine, assertion, options),
  introspect: makeIntrospect(engine),
  revoke: (token) => revoke(engine, token),
  userInfo: makeUserInfo(engine),
  "metadata.discover": () => fetchMetadata(engine),
  "metadata.keys": () => fetchKeys(engine),
  "session.end": (request) => endSession(engine, request),
})
