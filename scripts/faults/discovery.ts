import type { Fault } from "./fault.ts"

const file = "src/adapters/oidc/operations/discovery.ts"
const tests = ["test/bad-days/discovery.test.ts"]

/** The metadata document. */
export const discovery: ReadonlyArray<Fault> = [
  {
    name: "the issuer of a metadata document is not compared",
    file,
    find: "isIssuer(server, document.issuer)\n",
    replace: 'document.issuer !== ""\n',
    tests,
  },
  {
    name: "the issuer of a metadata document is normalised before it is compared",
    file,
    find: "isIssuer(server, document.issuer)\n",
    replace:
      "isIssuer(server, document.issuer) || URL.parse(document.issuer)?.href === URL.parse(server.issuer)?.href\n",
    tests,
  },
  {
    name: "an endpoint on another origin is accepted from a metadata document",
    file,
    find: "return origin === expected ||",
    replace: 'return expected !== "" ||',
    tests,
  },
  {
    name: "the browser is sent to any URL in a metadata document",
    file,
    find: "return isWebPage(url, insecureOrigins)",
    replace: 'return isWebPage("https://any.example", insecureOrigins)',
    tests,
  },
  {
    name: "a failed discovery is cached",
    file: "src/internal/kept-value.ts",
    find: "    this.flight = undefined\n",
    replace: "    if (Exit.isSuccess(exit)) this.flight = undefined\n",
    tests,
  },
  {
    name: "the metadata document is fetched for every call",
    file: "src/adapters/oidc/engine/discovered-metadata.ts",
    find: "< freshFor,\n      isUsable: (_, fetchedAt, now) => ageOf(fetchedAt, now) < usableFor,",
    replace: "< -freshFor,\n      isUsable: (_, fetchedAt, now) => ageOf(fetchedAt, now) < -usableFor,",
    tests,
  },
  {
    name: "a fetched key keeps its private members",
    file: "src/adapters/oidc/http/key-set.ts",
    find: "!secretMembers.has(name)",
    replace: 'name !== ""',
    tests: ["test/unit/published-keys.test.ts"],
  },
]
