/** The principal as servers of the Model Context Protocol get it. */
import type { AuthInfo } from "@modelcontextprotocol/server"
import type { Principal } from "./principal.ts"

/** Converts a principal to the SDK's `AuthInfo`. `resource`: the identifier of the MCP server. */
export const authInfoOf = (principal: Principal, resource?: string): AuthInfo => ({
  token: principal.token,
  clientId: principal.clientId ?? "",
  scopes: Array.from(principal.scopes ?? []),
  ...(principal.expiresAt !== undefined && { expiresAt: Math.floor(principal.expiresAt.getTime() / 1000) }),
  ...(resource !== undefined && { resource: new URL(resource) }),
  extra: { principal },
})
