import { spawn } from "node:child_process"

/**
 * Ties another process to this one: when this process ends, in whatever way, the other is killed. A negative number
 * means a process group, as for kill(2). Returns the function that unties, to be called once the other has ended.
 *
 * An "exit" handler serves the ordinary ways out. It does not run when a signal ends this process (a test runner kills
 * its stuck workers so), hence the shell that waits for the end of its input: the kernel closes that pipe for us.
 */
export function tie(target: number): () => void {
  const onExit = () => kill(target)
  process.on("exit", onExit)
  const guard = spawn("/bin/sh", ["-c", `read _; kill -s KILL -- ${target}`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  })
  guard.on("error", () => {}) // without a shell, the exit handler remains
  guard.stdin.on("error", () => {})
  guard.unref()
  return () => {
    process.off("exit", onExit)
    guard.kill("SIGKILL")
    guard.stdin.destroy()
  }
}

/** Sends SIGKILL to a process or, by a negative number, to a process group; one that is gone already is no error. */
export function kill(target: number): void {
  try {
    process.kill(target, "SIGKILL")
  } catch {
    // gone already
  }
}
