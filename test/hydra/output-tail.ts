import type { Readable } from "node:stream"

/**
 * Reads streams to their end and keeps only the last part of what they said, so that a talkative process can neither
 * block on a full pipe nor fill our memory. Returns a function that gives the last `lines` lines.
 */
export function outputTail(streams: ReadonlyArray<Readable | null>, limit = 32 * 1024): (lines?: number) => string {
  let kept = ""
  for (const stream of streams) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      kept = (kept + text).slice(-limit)
    })
  }
  return (lines = 15) => kept.trimEnd().split("\n").slice(-lines).join("\n")
}
