/** The standard operations, as the standards define them. */
import type { Raws } from "../definition.ts"
import type { Engine } from "../engine/engine.ts"
import { authorize, exchange } from "./authorization-code.ts"
import { deviceAuthorization, pollDevice } from "./device-authorization.ts"
import { fetchKeys, fetchMetadata } from "./discovery.ts"
import { endSession } from "./end-session.ts"
import { makeIntrospect } from "./introspection.ts"
import { revoke } from "./revocation.ts"
import type { StandardOperation } from "./standard-operations.ts"
import { clientCredentials, jwtBearer, refresh } from "./token-endpoint.ts"
import { exchangeToken } from "./token-exchange.ts"
import { makeUserInfo } from "./userinfo.ts"

/** Makes every standard operation for one server. */
export const standard = (engine: Engine): Raws<StandardOperation> => ({
  authorize: (request) => authorize(engine, request),
  exchange: (callbackUrl, transaction) => exchange(engine, callbackUrl, transaction),
  refresh: (refreshToken, options) => refresh(engine, refreshToken, options),
  clientCredentials: (request) => clientCredentials(engine, request),
  deviceAuthorization: (request) => deviceAuthorization(engine, request),
  pollDevice: (device) => pollDevice(engine, device),
  jwtBearer: (assertion, options) => jwtBearer(engine, assertion, options),
  exchangeToken: (request) => exchangeToken(engine, request),
  introspect: makeIntrospect(engine),
  revoke: (token) => revoke(engine, token),
  userInfo: makeUserInfo(engine),
  "metadata.discover": () => fetchMetadata(engine),
  "metadata.keys": () => fetchKeys(engine),
  "session.end": (request) => endSession(engine, request),
})
