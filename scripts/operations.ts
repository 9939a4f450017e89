/** Prints which operations of docs/operations.md the contract performed; fails if a claimed one never succeeded. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Exchange } from "@latchkey/testing/contract"
import { kinde } from "latchkey/kinde"
import { ory } from "latchkey/ory"
import { polar } from "latchkey/polar"

interface Row {
  readonly number: string
  readonly vendor: string
  readonly name: string
  readonly method: string
  readonly path: RegExp
  readonly statuses: ReadonlyArray<number>
  readonly operations: ReadonlyArray<string>
}

interface Recording {
  readonly vendor: string
  readonly backend: string
  readonly exchanges: ReadonlyArray<Exchange>
}

/** The adapters, by the first word of the vendor's column. */
const adapters: Readonly<Record<string, { readonly can: ReadonlyArray<string> }>> = {
  Kinde: kinde,
  Ory: ory,
  Polar: polar,
}

/** The grant type per operation, because all token requests have the same URL. */
const grants: Readonly<Record<string, string>> = {
  exchange: "authorization_code",
  refresh: "refresh_token",
  clientCredentials: "client_credentials",
  pollDevice: "urn:ietf:params:oauth:grant-type:device_code",
  jwtBearer: "urn:ietf:params:oauth:grant-type:jwt-bearer",
}

const rows = (markdown: string): ReadonlyArray<Row> =>
  Array.from(
    markdown.matchAll(/^\| (\d+) \| (\S+)[^|]* \| ([^|]+) \| (\w+) (\S+) \| ([\d, ]+) \| (.+) \|$/gm),
    ([, number = "", vendor = "", name = "", method = "", path = "", statuses = "", operations = ""]) => ({
      number,
      vendor,
      name,
      method,
      path: new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
      statuses: statuses.split(",").map(Number),
      operations: Array.from(operations.matchAll(/`([\w.]+)`/g), ([, operation = ""]) => operation),
    }),
  )

const performed = (row: Row, operation: string, { vendor, exchanges }: Recording): boolean =>
  vendor === row.vendor.toLowerCase() &&
  exchanges.some(
    ({ method, path, status, grantType, redirectError }) =>
      method === row.method &&
      row.path.test(path) &&
      row.statuses.includes(status) &&
      redirectError === undefined &&
      (grants[operation] === undefined || grants[operation] === grantType),
  )

const record = (folder: string): void => {
  const vitest = join(import.meta.dirname, "..", "node_modules", "vitest", "vitest.mjs")
  const run = spawnSync(process.execPath, [vitest, "run", "test/contract"], {
    env: { ...process.env, LATCHKEY_RECORD: folder },
    encoding: "utf8",
  })
  if (run.status !== 0) throw new Error(`${run.stdout}${run.stderr}\nthe contract failed`)
}

/** Prints a line per claimed operation with a mark per backend, and gives the operations without a success. */
const report = (recordings: ReadonlyArray<Recording>): ReadonlyArray<string> => {
  const missing: Array<string> = []
  const claimed = new Set<string>()
  for (const [index, { backend }] of recordings.entries()) console.log(`${letter(index)}  ${backend}`)
  console.log()
  for (const row of rows(readFileSync(new URL("../docs/operations.md", import.meta.url), "utf8")))
    for (const operation of row.operations.filter((each) => adapters[row.vendor]?.can.includes(each))) {
      claimed.add(row.number)
      const marks = recordings.map((recording, index) => (performed(row, operation, recording) ? letter(index) : "."))
      if (marks.every((mark) => mark === ".")) missing.push(`${row.number} ${operation}`)
      console.log(
        `${row.number.padStart(2)}  ${marks.join(" ")}  ${row.vendor.padEnd(5)} ${row.name.padEnd(38)} ${operation}`,
      )
    }
  console.log(
    `\n${claimed.size} rows claimed, ${missing.length === 0 ? "each succeeded" : "not all succeeded"}; ${recordings.length} backends`,
  )
  return missing
}

const letter = (index: number): string => String.fromCharCode("A".charCodeAt(0) + index)

const folder = mkdtempSync(join(tmpdir(), "latchkey-operations-"))
try {
  record(folder)
  const recordings = readdirSync(folder).map(
    (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Recording,
  )
  const missing = report(recordings)
  if (missing.length > 0) throw new Error(`claimed without a success: ${missing.join(", ")}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
