import type { Fault } from "./fault.ts"

const report = { file: "src/guard/report.ts", tests: ["test/guard/asynchronous-hooks.test.ts"] }
const bindings = ["test/guard/bindings.test.ts"]
const layers = ["test/guard/several-guards.test.ts"]
const options = ["test/guard/options.test.ts"]
const target = { file: "src/guard/target.ts", tests: ["test/guard/absolute-form.test.ts"] }

/** What an attacker, or a mistake of the application, could make of a guard. */
export const guardAttackFaults: ReadonlyArray<Fault> = [
  {
    ...report,
    name: "the rejection of an onError that is called for missing scopes ends the process",
    find: "return report(new AuthError(",
    replace: "return void report(new AuthError(",
  },
  {
    ...report,
    name: "the rejection of an onError that is called at intervals ends the process",
    find: "    return report(error)\n",
    replace: "    return void report(error)\n",
  },
  {
    ...target,
    name: "the target of a request completes the host that a DPoP proof must name",
    find: 'path.startsWith("/") ? base + path : base',
    replace: "base + path",
  },
  {
    ...target,
    name: "a whole URL of another scheme than http is a path",
    find: "/^[a-z][a-z\\d+.-]*:\\/\\/[^/?#]*/i",
    replace: "/^https?:\\/\\/[^/?#]*/i",
  },
  {
    name: "the RSA key of a DPoP proof may be of any size",
    file: "src/guard/dpop/proof-form.ts",
    find: "value.length <= (longest[name] ?? value.length)",
    replace: "longest[name] !== 0",
    tests: ["test/guard/dpop/proof-keys.test.ts"],
  },
  {
    name: "a route forgets the requirements that it inherits",
    file: "src/guard/plain.ts",
    find: "return prototype === null || Object.getPrototypeOf(prototype) === null",
    replace: "return prototype !== undefined",
    tests: options,
  },
  {
    name: "an endpoint of HttpApi forgets the requirements that it inherits",
    file: "src/guard/needs.ts",
    find: "(needs === undefined || isPlain(needs) ? { ...needs, optional } : needs)",
    replace: "({ ...needs, optional })",
    tests: ["test/guard/effect-endpoints.test.ts"],
  },
  {
    name: "the guard for Fastify forgets the options that it inherits",
    file: "src/guard/fastify.ts",
    find: "copyable(auth, given)",
    replace: "given",
    tests: options,
  },
  {
    name: "a login may have to be of the last moment",
    file: "src/guard/needs.ts",
    find: "(millisOf(needs.maxAuthAge) ?? 0) >= shortestAge",
    replace: "millisOf(needs.maxAuthAge) !== undefined",
    tests: options,
  },
  {
    name: "the public address may have a user with a password",
    file: "src/guard/address.ts",
    find: '[^/?#@\\s"\\\\]+',
    replace: '[^/?#\\s"\\\\]+',
    tests: options,
  },
  {
    name: "the metadata may name an issuer that is not a URL",
    file: "src/guard/metadata.ts",
    find: "isRight: listOf(isAddress)",
    replace: "isRight: listOf((each) => each !== undefined)",
    tests: options,
  },
  {
    name: "the metadata may have two scopes in one text",
    file: "src/guard/metadata.ts",
    find: "listOf(isWord)",
    replace: "listOf((each) => each !== undefined)",
    tests: options,
  },
  {
    name: "a route may have no handler",
    file: "src/guard/binding-arguments.ts",
    find: 'if (typeof handler === "function") return\n',
    replace: "if (handler !== null) return\n",
    tests: options,
  },
  {
    name: "the second guard of a request takes its DPoP proof for a replay",
    file: "src/guard/dpop/spent-proofs.ts",
    find: "if (by !== undefined && requests.get(by) === key) return undefined\n",
    replace: "",
    tests: layers,
  },
  {
    name: "the second guard of a request does not spend its proof in a store of its own",
    file: "src/guard/dpop/spent-proofs.ts",
    find: "requestsOf(store)",
    replace: "requestsOf(spentIn as never)",
    tests: layers,
  },
  {
    name: "guards of node:http do not know that they check one request",
    file: "src/guard/node-request.ts",
    find: "    return this.#raw\n",
    replace: "    return {}\n",
    tests: layers,
  },
  {
    name: "guards of web handlers do not know that they check one request",
    file: "src/guard/web-request.ts",
    find: "    return this.#raw\n",
    replace: "    return {}\n",
    tests: layers,
  },
  {
    name: "guard row 3: the challenge of a scheme that the request did not use has the error",
    file: "src/guard/guard.ts",
    find: 'acceptsProofs && isDpop(authorization) ? "dpop" : "bearer"',
    replace: '"bearer"',
    tests: bindings,
  },
  {
    name: "the request that a hook gets has the header lines with the token",
    file: "src/guard/node-request.ts",
    find: "    this.#raw = request\n",
    replace: "    this.#raw = request\n    Object.assign(this, { incoming: request })\n",
    tests: ["test/guard/hook-requests.test.ts"],
  },
  {
    name: "a part of a scope is a scope if a client answers with a text",
    file: "src/guard/needs.ts",
    find: "if (!Array.isArray(granted))",
    replace: "if (granted === undefined)",
    tests: ["test/guard/own-clients.test.ts"],
  },
  {
    name: "a client's answer that cannot be judged ends the process",
    file: "src/guard/guard.ts",
    find: "  } catch (error) {\n    if (!isAuthError(error)",
    replace: "  } catch (error) {\n    if (error instanceof TypeError) throw error\n    if (!isAuthError(error)",
    tests: ["test/guard/own-clients.test.ts"],
  },
]
