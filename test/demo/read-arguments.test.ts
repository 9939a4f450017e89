import { describe, expect, it } from "vitest"
import { readArguments } from "../../demo/read-arguments.ts"

describe("the arguments of the demo", () => {
  it.each(["--port 80", "--serve --port 65536", "--serve --port x", "--serve --port -1", "--serve --json", "x", "-h"])(
    "are rejected: %s",
    (args) => {
      expect(readArguments(args.split(" "))).toBeUndefined()
    },
  )

  it("have port 0 for a free port, by default", () => {
    expect([readArguments(["--serve"]), readArguments(["--serve", "--port", "8080"])]).toEqual([
      { serve: true, port: 0 },
      { serve: true, port: 8080 },
    ])
  })
})
