/** How long each part of one run takes, in milliseconds, and how many calls are under way at once. */
export interface Sizes {
  readonly warmUp: number
  readonly load: number
  readonly sequential: number
  readonly concurrency: number
}

/** What a measured process finds out about itself. */
export interface Load {
  readonly callsPerSecond: number
  /** Microseconds a call takes when nothing else is under way. */
  readonly p50: number
  /** Microseconds of user and system time, those of the collector and the compiler included. */
  readonly cpuPerCall: number
  /** Processor time of the stub per second of the load; near 1 the stub was the limit. */
  readonly stubCores: number
}

/** One run of one peer in one fresh process. */
export interface Run extends Load {
  /** Milliseconds from the start of the process to its first answer. */
  readonly coldStart: number
}

/** What the table compares. */
export type Measure = "callsPerSecond" | "p50" | "cpuPerCall" | "coldStart"

/** Tells whether the client, and not the stub, was the limit of a run. */
export const counts = (run: Run): boolean => run.stubCores < 0.9
