/** How a request names the APIs of a token. */
import type { Server } from "../server.ts"

interface AudienceRequest {
  readonly scopes: ReadonlyArray<string>
  readonly parameters: ReadonlyArray<readonly [string, string]>
}

/** Returns the scopes, or the parameters, that name the APIs of a token to this server. */
export const audienceRequest = (
  { audienceParameter = "audience" }: Server,
  audience: ReadonlyArray<string> = [],
): AudienceRequest =>
  typeof audienceParameter === "string"
    ? { scopes: [], parameters: audience.map((each) => [audienceParameter, each] as const) }
    : { scopes: audience.map((each) => audienceParameter.scope.replaceAll("{audience}", each)), parameters: [] }
