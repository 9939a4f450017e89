// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
import type { Fault } from "./fault.ts"

const addresses = ["test/bad-days/addresses.test.ts"]
const compared = ["test/unit/compared-values.test.ts"]
const proxies = ["test/transport/proxies.test.ts"]
const tls = ["test/transport/tls-failures.test.ts"]
const lastRequest = "src/internal/current-call.ts"
const errorResponse = "src/adapters/oidc/http/error-response.ts"
const comparedValues = "src/adapters/oidc/http/compared-values.ts"
const vendorWords = ["test/unit/vendor-words.test.ts"]

/** What errors tell: the address, the compared values, the vendor's words, a TLS code, a proxy. */
export const errorTexts: ReadonlyArray<Fault> = [
  {
    name: "the address of an error has the query of the request",
    file: lastRequest,
    find: "{ origin, pathname }: URL",
    replace: "{ origin, pathname: path, search }: URL, pathname = path + search",
    tests: addresses,
  },
  {
    name: "the address of an error has a token in its path",
    file: lastRequest,
    find: 'each.length < longest.segment ? each : "[redacted]"',
    replace: "each",
    tests: addresses,
  },
  {
    name: "a caller that waits for the metadata document of another call gets no address",
    file: "src/adapters/oidc/engine/make-engine.ts",
    find: "return failingAt(metadataUrl, endpoint)",
    replace: "return endpoint",
    also: [
      {
        file: lastRequest,
        find: "Effect.tapError(effect, () => addressedTo(url))",
        replace: 'url === "" ? Effect.tapError(effect, () => addressedTo(url)) : effect',
      },
    ],
    tests: addresses,
  },
  {
    name: "a call ended by its timeout has no address",
    file: "src/adapters/transport/circuit-breaker.ts",
    find: "if (call !== undefined) call.url = request.url\n",
    replace: "",
    tests: addresses,
  },
  {
    name: "the vendor's words of a 503 are hidden",
    file: errorResponse,
    find: 'detail: words || "the server failed"',
    replace: 'detail: code ?? "the server failed"',
    tests: addresses,
  },
  {
    name: "the vendor's words of a 429 are hidden",
    file: errorResponse,
    find: '...(words !== "" && { detail: words }), ',
    replace: "",
    tests: addresses,
  },
  {
    name: "the words of a callback repeat the values of the transaction",
    file: "src/adapters/oidc/operations/callback.ts",
    find: "...secretsOf(transaction), ",
    replace: "",
    tests: compared,
  },
  {
    name: "a compared value keeps its query",
    file: comparedValues,
    find: "const end = found.search(/[?#]/)",
    replace: "const end = found.search(/#/)",
    tests: compared,
  },
  {
    name: "the error of an ID token does not show the audience",
    file: "src/adapters/oidc/http/claim-difference.ts",
    find: 'return comparison("audience", aud, [clientId], secrets)',
    replace: "return undefined",
    tests: compared,
  },
  {
    name: "a token in the audience of an ID token is shown",
    file: "src/adapters/oidc/operations/id-token.ts",
    find: "[...secrets, ...textsOf(body)]",
    replace: "secrets",
    tests: compared,
  },
  {
    name: "a certificate that is not accepted is retried",
    file: "src/adapters/transport/tls-failure.ts",
    find: "...(!passing.test(code) && { permanent: true })",
    replace: "...(passing === undefined && { permanent: true })",
    tests: tls,
  },
  {
    name: "a certificate that is not accepted turns stale answers off",
    file: "src/core/policies/introspection-requests.ts",
    find: "!isOutage(error.reason)) return",
    replace: "!error.isRetryable) return",
    tests: ["test/policies/introspection-cache.test.ts"],
  },
  {
    name: "an open circuit hides the last failure",
    file: "src/adapters/transport/circuit-breaker.ts",
    find: "openCircuit(circuit.lastFailure,",
    replace: 'openCircuit({ detail: "" },',
    tests: ["test/policies/circuit-breaker.test.ts"],
  },
  {
    name: "a proxy's refusal shows its password",
    file: "src/adapters/transport/proxy.ts",
    find: "`${url.protocol}//${url.host}`",
    replace: "url.href",
    tests: proxies,
  },
  {
    name: "a proxy's refusal of a CONNECT is a closed connection",
    file: "src/adapters/transport/allowed-origins.ts",
    find: "if (refused !== undefined) return proxyRefusal(refused, proxy)",
    replace: "if (refused === 407) return proxyRefusal(refused, proxy)",
    tests: proxies,
  },
  {
    name: "a 407 rejects the client's secret",
    file: "src/adapters/oidc/http/json-response.ts",
    find: "  if (response.status === 407) return proxyRefusal(407)\n",
    replace: "",
    tests: addresses,
  },
  {
    name: "the words of a gateway are dropped",
    file: "src/adapters/oidc/http/vendor-words.ts",
    find: "joinedTexts(body) ?? others ?? server",
    replace: "joinedTexts(body) ?? server",
    tests: vendorWords,
  },
  {
    name: "the words of a challenge are dropped",
    file: "src/adapters/oidc/http/vendor-words.ts",
    find: "body?.error ?? challenge.error",
    replace: "body?.error",
    tests: vendorWords,
  },
  {
    name: "compared values show a secret in another case",
    file: "src/adapters/oidc/http/secret-parts.ts",
    find: "placesOfShared(lowerCase(text), forms.map(lowerCase))",
    replace: "placesOfShared(text, forms)",
    tests: compared,
  },
  {
    name: "the code of a callback may be a secret",
    file: "src/adapters/oidc/operations/callback.ts",
    find: " && !holdsSecret(value, secrets)",
    replace: "",
    tests: vendorWords,
  },
  {
    name: "a failure behind a proxy hides the proxy",
    file: "src/adapters/transport/allowed-origins.ts",
    find: "return proxy === undefined\n",
    replace: "return proxy !== null\n",
    tests: vendorWords,
  },
  {
    name: "an alert of TLS with a slash in its code is retried",
    file: "src/adapters/transport/allowed-origins.ts",
    find: "[A-Z0-9_/]{2,60}",
    replace: "[A-Z0-9_]{2,60}",
    tests: vendorWords,
  },
]
