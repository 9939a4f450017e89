/** The metadata document of a server: kept, refreshed before it is too old, and shared by the processes of a fleet. */
import * as Effect from "effect/Effect"
import { fetchThroughFleet, longWait, requestLock, shortWait } from "../../../internal/fleet-fetch.ts"
import type { FleetPlace } from "../../../internal/fleet-tokens.ts"
import { readJson } from "../../../internal/json.ts"
import { makeRefreshAhead, type RefreshAhead } from "../../../internal/refresh-ahead.ts"
import { ageOf } from "../../../internal/time.ts"
import { isOutage, type Reason } from "../../../ports/errors.ts"
import type { ServerMetadata } from "../../../ports/metadata.ts"
import { readMetadata } from "../operations/discovery.ts"
import type { Server } from "../server.ts"

/** Ages of a metadata document, in milliseconds: it is refreshed from the first on, and used up to the second. */
const freshFor = 600_000
const usableFor = 3_600_000

/** The pause between two requests for the metadata document while an older one is used, in milliseconds. */
const refreshPause = 30_000

/** A document, and its age when it was fetched, in milliseconds: another process may have requested it. */
interface Aged {
  readonly metadata: ServerMetadata
  readonly age: number
}

export interface DiscoveredMetadata extends Pick<RefreshAhead<unknown, Reason>, "state"> {
  readonly get: Effect.Effect<ServerMetadata, Reason>
  readonly getIfUsable: (now: number) => ServerMetadata | undefined
  readonly current: () => ServerMetadata | undefined
}

type Fetch = Effect.Effect<ServerMetadata, Reason>

/** Keeps the metadata document. */
export const discoveredMetadata = (fetch: Fetch, server: Server, place?: FleetPlace): DiscoveredMetadata => {
  const alone = Effect.map(fetch, (metadata) => ({ metadata, age: 0 }))
  const kept: RefreshAhead<Aged, Reason> = makeRefreshAhead<Aged, Reason>(
    place === undefined
      ? alone
      : Effect.suspend(() => shared(alone, server, place, kept.current() === undefined ? shortWait : longWait)),
    {
      isFresh: (_, fetchedAt, now) => ageOf(fetchedAt, now) < freshFor,
      isUsable: (_, fetchedAt, now) => ageOf(fetchedAt, now) < usableFor,
      pause: () => refreshPause,
      // After a response that is no outage, the earlier document is outdated.
      survives: (reason) => reason !== undefined && isOutage(reason),
      ageOf: ({ age }) => age,
    },
  )
  return {
    get: Effect.map(kept.get, ({ metadata }) => metadata),
    getIfUsable: (now) => kept.getIfUsable(now)?.metadata,
    current: () => kept.current()?.metadata,
    state: kept.state,
  }
}

const shared = (
  fetch: Effect.Effect<Aged, Reason>,
  server: Server,
  { fleet, name }: FleetPlace,
  waitFor: number,
): Effect.Effect<Aged, Reason> =>
  fetchThroughFleet(
    {
      fleet,
      key: async () => JSON.stringify([await name(), "metadata", server.metadataUrl]),
      maxAge: freshFor,
      waitFor,
      lockFor: requestLock,
      read: (text, age) => {
        const metadata = readMetadata(readJson(text), server)
        return metadata && { metadata, age: Math.max(1, age) }
      },
      write: async ({ metadata: { raw } }, startedAt, now) => ({
        text: JSON.stringify(raw),
        lifetime: freshFor - (now - startedAt),
        parties: { server: `metadata\n${server.issuer}` },
      }),
    },
    fetch,
  )
