import { spawn } from "node:child_process"

/**
 * Ties another process to this one: the other process is killed when this process ends for any reason. A negative
 * number means a process group, as in kill(2). Returns a function that unties the process, to be called after the
 * process has ended.
 *
 * An "exit" handler covers a normal end. The handler does not run when a signal ends this process, which happens when a
 * test runner kills a stuck worker. For this case a shell waits for the end of its input: the kernel closes that pipe
 * when this process ends.
 */
export function tie(target: number): () => void {
  const onExit = () => kill(target)
  process.on("exit", onExit)
  const guard = spawn("/bin/sh", ["-c", `read _; kill -s KILL -- ${target}`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  })
  guard.on("error", () => {}) // without a shell, only the exit handler is left
  guard.stdin.on("error", () => {})
  guard.unref()
  return () => {
    process.off("exit", onExit)
    guard.kill("SIGKILL")
    guard.stdin.destroy()
  }
}

/** Sends SIGKILL to a process, or to a process group for a negative number. An ended process is not an error. */
export function kill(target: number): void {
  try {
    process.kill(target, "SIGKILL")
  } catch {
    // The process has ended already.
  }
}
