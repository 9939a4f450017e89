/** The duration of each part of a run in milliseconds, and the number of concurrent calls. */
export interface Sizes {
  readonly warmUp: number
  readonly load: number
  readonly sequential: number
  readonly concurrency: number
}

/** The measurements of a process. */
export interface Load {
  readonly callsPerSecond: number
  /** Median and 99th percentile of the latency of sequential calls, in microseconds. */
  readonly p50: number
  readonly p99: number
  /** Microseconds of user and system time, including garbage collection and compilation. */
  readonly cpuPerCall: number
  /** Processor time of the stub per second of load; near 1, the stub was the limit. */
  readonly stubCores: number
}
