import type { Fault } from "./fault.ts"

const emulator = "packages/testing/src/emulator"
const ory = ["test/fidelity/recorded-ory.test.ts"]
const polar = ["test/fidelity/recorded-polar.test.ts"]
const pages = ["test/emulator/pages.test.ts"]
const likeTheRealServer = ["test/emulator/ory-like-the-real-server.test.ts"]

/** Faults in the emulators: answers that real servers do not give, and pages that no browser gets through. */
export const emulatorFaults: ReadonlyArray<Fault> = [
  {
    name: "a lifetime of an emulator is a bare number",
    file: "packages/testing/src/emulator/durations.ts",
    find: 'const seconds = typeof duration === "string"',
    replace: 'const seconds = typeof duration === "number" ? duration : typeof duration === "string"',
    tests: ["test/emulator/durations.test.ts"],
  },
  {
    name: "the emulated Ory v26.2.0 keeps a member that a patch removes",
    file: `${emulator}/ory/clients.ts`,
    find: "ory.isV26 ? freshValues(patched.values) : mergedValues(old, patched.values)",
    replace: "mergedValues(old, patched.values)",
    tests: ory,
  },
  {
    name: "the emulated Ory stores a null as a key",
    file: `${emulator}/ory/jwk-set.ts`,
    find: "    if (problem !== undefined) return problem\n  }\n  return undefined\n",
    replace: "    if (problem !== undefined && key !== null) return problem\n  }\n  return undefined\n",
    tests: ory,
  },
  {
    name: "the emulated Ory v2.3.0 clears the keys when a patch sets jwks to an empty object",
    file: `${emulator}/ory/clients.ts`,
    find: "jwks: old.values.jwks ?? {}",
    replace: "jwks: {}",
    tests: ory,
  },
  {
    name: "the emulated Ory takes a user code in another case",
    file: `${emulator}/ory/device.ts`,
    find: "record.userCode === userCode)",
    replace: "record.userCode.toLowerCase() === userCode.toLowerCase())",
    tests: likeTheRealServer,
  },
  {
    name: "the emulated Ory ignores the address of the login page",
    file: `${emulator}/ory/state.ts`,
    find: "urls: { ...defaultUrls, ...settings.urls },",
    replace: "urls: defaultUrls,",
    tests: pages,
  },
  {
    name: "the emulated Polar judges a token that is not ASCII",
    file: `${emulator}/polar/errors.ts`,
    find: "if (!/^[\\0-\\x7f]*$/.test(credential))",
    replace: "if (credential === undefined)",
    tests: polar,
  },
  {
    name: "the emulated Polar takes the first of two tokens",
    file: `${emulator}/polar/oauth-form.ts`,
    find: "form.getAll(name).at(-1)",
    replace: "form.getAll(name).at(0)",
    tests: polar,
  },
  {
    name: "the emulated Polar publishes keys with use, which its source does not",
    file: `${emulator}/polar/readings.ts`,
    find: "    keysHaveUse: false,\n",
    replace: "    keysHaveUse: true,\n",
    tests: polar,
  },
  {
    name: "the pages of the emulators have no button",
    file: `${emulator}/html.ts`,
    find: "buttons.map(submitButton)",
    replace: "[].map(submitButton)",
    tests: pages,
  },
  {
    name: "the logout page of the standard provider does not sign out",
    file: `${emulator}/oidc/pages.ts`,
    find: 'field: ["logout", "yes"]',
    replace: 'field: ["logout", ""]',
    tests: pages,
  },
  {
    name: "the pages of the emulators have no content security policy",
    file: `${emulator}/html.ts`,
    find: '  "content-security-policy": ',
    replace: '  "x-policy": ',
    tests: pages,
  },
  {
    name: "the browser of the emulators presses no button",
    file: `${emulator}/browser.ts`,
    find: "for (const field of [...(content.match(/<input\\b[^>]*>/gi) ?? []), button]) {",
    replace: "for (const field of content.match(/<input\\b[^>]*>/gi) ?? []) {",
    tests: ["test/contract/polar.test.ts"],
  },
  {
    name: "a press of Deny on a page of the emulated Kinde allows the request",
    file: `${emulator}/kinde/replies.ts`,
    find: 'form.get(decision) === "deny"',
    replace: 'form.get(decision) === "denied"',
    tests: pages,
  },
  {
    name: "a press of Deny on the consent page of the standard provider allows the request",
    file: `${emulator}/oidc/interact.ts`,
    find: 'get("decision") === "deny"',
    replace: 'get("decision") === "denied"',
    tests: pages,
  },
  {
    name: "the user profile of Kinde has a charset, which Kinde's own SDK rejects",
    file: `${emulator}/kinde/replies.ts`,
    find: 'headers: { "content-type": "application/json" },',
    replace: "headers: jsonHeaders,",
    tests: ["test/emulator/kinde-media-types.test.ts"],
  },
  {
    name: "an issued token has no scopes",
    file: `${emulator}/ory/issue.ts`,
    find: "scopes: request.scopes ?? [],",
    replace: "scopes: [],",
    tests: ["test/emulator/issue.test.ts"],
  },
]
