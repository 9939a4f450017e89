/** How many requests processes share, and how soon each of them sees a revocation. */
import type { Report } from "./orders.ts"
import type { Table } from "./table.ts"
import { type Member, type MemberSettings, pause, startMember, tokensOf } from "./world.ts"

/** Calls a second of each process: all of them together leave the two processors of a small machine some room. */
const rate = 25
const tokenCount = 200

interface Sharing {
  readonly members: ReadonlyArray<Member>
  readonly table: Table
  readonly seconds: number
  /** The lifetime of an answer, in seconds. */
  readonly lifetime: number
  readonly requests: () => number
}

/** Every process asks about the same tokens, each from another place of the list on. */
export const measureRequests = async ({ members, table, seconds, lifetime, requests }: Sharing): Promise<void> => {
  // Each process runs its code once before.
  const warm = { kind: "load", rate, seconds: 2 } as const
  await Promise.all(members.map((member, index) => member.ask({ ...warm, tokens: tokensOf(`warm-${index}`, 50) })))
  const tokens = tokensOf("shared", tokenCount)
  const before = requests()
  const reports = await Promise.all(
    members.map((member, index) => {
      const first = Math.floor((index * tokenCount) / members.length)
      const own = [...tokens.slice(first), ...tokens.slice(0, first)]
      return member.ask<Report>({ kind: "load", tokens: own, rate, seconds })
    }),
  )
  const each = (requests() - before) / (tokenCount * Math.max(1, Math.ceil(seconds / lifetime)))
  const calls = reports.reduce((sum, report) => sum + report.calls, 0)
  const what = `${members.length} processes at ${rate} calls/s each, ${tokenCount} tokens, ${seconds} s`
  table.count(`${what}: requests for a token and lifetime of ${lifetime} s`, each, 1.05, 1.25)
  table.count(
    `errors in ${calls} calls`,
    reports.reduce((sum, { errors }) => sum + errors, 0),
    0,
  )
  table.figure("the slowest p50 of a process", Math.max(...reports.map(({ p50 }) => p50)), "ms")
}

/** Waits until every watching process sees the revocation. Returns how long each of them took, in milliseconds. */
const delaysOf = async (watchers: ReadonlyArray<Member>, revoker: Member, token: string, seconds: number) => {
  const watching = watchers.map((each) => each.ask<{ readonly seenAt: number }>({ kind: "watch", token, seconds }))
  await pause(100)
  const { revokedAt } = await revoker.ask<{ readonly revokedAt: number }>({ kind: "revoke", token })
  const seen = await Promise.all(watching)
  // A process that saw nothing reports null, the JSON of infinity.
  return seen.map(({ seenAt }) => Math.max(0, (seenAt ?? Number.POSITIVE_INFINITY) - revokedAt))
}

export const measureRevocations = async (
  { members, table }: Sharing,
  settings: MemberSettings,
  rounds: number,
): Promise<void> => {
  const revoker = await startMember(settings)
  const delays: Array<number> = []
  for (let round = 0; round < rounds; round++)
    delays.push(...(await delaysOf(members, revoker, `revoked-${round}/c/one`, 12)))
  delays.sort((one, other) => one - other)
  table.figure(
    `p50 until a revocation is seen (${delays.length} views)`,
    delays[delays.length >> 1] ?? Number.NaN,
    "ms",
  )
  const p99 = delays[Math.floor(delays.length * 0.99)] ?? Number.POSITIVE_INFINITY
  table.figure("p99 until a revocation is seen", p99, "ms", 1000)

  const maxAge = 2
  const deaf = await startMember({ ...settings, maxAge: `${maxAge} seconds`, losesNews: true })
  const lost = await delaysOf([deaf], revoker, "lost/c/one", 12)
  const what = `until a revocation is seen whose news is lost, maxAge ${maxAge} s`
  table.figure(what, lost[0] ?? Number.POSITIVE_INFINITY, "ms", maxAge * 1000)
  for (const each of [revoker, deaf]) await each.end()
}
