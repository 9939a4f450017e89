/** What the measurement tells a process, and what the process reports. */
export type Order =
  | { readonly kind: "load"; readonly tokens: ReadonlyArray<string>; readonly rate: number; readonly seconds: number }
  | { readonly kind: "watch"; readonly token: string; readonly seconds: number }
  | { readonly kind: "revoke"; readonly token: string }
  | { readonly kind: "connect" }
  | { readonly kind: "end" }

export interface Report {
  readonly errors: number
  readonly calls: number
  /** In milliseconds. */
  readonly p50: number
  readonly p99: number
  /** The commands to the server in each second. */
  readonly commandsOf: ReadonlyArray<number>
}
