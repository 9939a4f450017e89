/** openid-client, loaded when it is first needed: a service that only asks about tokens never waits for it. */
import type * as client from "openid-client"

export type OpenidClient = typeof client

export const openidClient = (): Promise<OpenidClient> => import("openid-client")
