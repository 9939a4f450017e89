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
  /** Microseconds a call takes when nothing else is under way: half of them are quicker, and 99 of 100. */
  readonly p50: number
  readonly p99: number
  /** Microseconds of user and system time, those of the collector and the compiler included. */
  readonly cpuPerCall: number
  /** Processor time of the stub per second of the load; near 1 the stub was the limit. */
  readonly stubCores: number
}
