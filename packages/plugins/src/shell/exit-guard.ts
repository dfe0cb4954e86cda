const running = new Set<number>();

/** A command has a session of its own, so it would outlive this process; at an orderly exit it is ended with it. */
function killAll(): void {
  for (const pid of running) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Has ended already.
    }
  }
}

/** Ends the group of a command when this process exits. @returns what takes that back; to be called when the command has ended */
export function guardExit(pid: number): () => void {
  if (running.size === 0) process.on('exit', killAll);
  running.add(pid);
  return () => {
    running.delete(pid);
    if (running.size === 0) process.off('exit', killAll);
  };
}
