/** Loads openid-client on first use: a service that only introspects tokens never loads it. */
import type * as client from "openid-client"

export type OpenidClient = typeof client

export const openidClient = (): Promise<OpenidClient> => import("openid-client")
