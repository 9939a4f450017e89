import type { Readable } from "node:stream"

/**
 * Reads streams to their end and keeps only the last part of their text, so that a process with much output does not
 * block on a full pipe or fill the memory. Returns a function that returns the last `lines` lines.
 */
export function outputTail(streams: ReadonlyArray<Readable | null>, limit = 32 * 1024): (lines?: number) => string {
  let tail = ""
  for (const stream of streams) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-limit)
    })
  }
  return (lines = 15) => tail.trimEnd().split("\n").slice(-lines).join("\n")
}
