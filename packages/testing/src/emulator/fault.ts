/** A failure of one request. Every kind but `latency` replaces the response. */
export type Fault =
  /** Delays the response by `ms` milliseconds. */
  | { readonly kind: "latency"; readonly ms: number }
  /** Sends this response. Default body: empty. */
  | {
      readonly kind: "status"
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Sends an HTML page in place of JSON. Default status: 200. */
  | { readonly kind: "html"; readonly status?: number }
  /** Closes the connection with a TCP reset, before any response. */
  | { readonly kind: "reset" }
  /** Announces a longer JSON body, sends its first `bytes` bytes (default: 20), and closes the connection. */
  | { readonly kind: "truncate"; readonly bytes?: number }
  /** Sends a complete response whose body is incomplete JSON. */
  | { readonly kind: "cut-json" }
  /** Sends a JSON body with a string of `bytes` bytes. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** Starts a JSON body, then sends one space every `everyMs` milliseconds, without end. */
  | { readonly kind: "drip"; readonly everyMs: number }
  /** Never responds. */
  | { readonly kind: "hang" }
  /** Redirects to `location`. Default status: 302. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** Writes `bytes` (Latin-1) to the socket, which need not be HTTP, and closes it. */
  | { readonly kind: "raw"; readonly bytes: string }
