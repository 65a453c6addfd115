// Work is what runs with nobody waiting for it. It belongs to what it works on,
// and ends with it: to find a database closed is then its end, and no error.
// Anything else that goes wrong is thrown as ever.
export class Work {
  private stop = new AbortController();

  get ended(): boolean {
    return this.stop.signal.aborted;
  }

  // signal is aborted at the end.
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  // do begins a task, unless this has ended.
  do(task: () => PromiseLike<unknown> | undefined): void {
    if (!this.ended) void this.run(task);
  }

  private async run(task: () => PromiseLike<unknown> | undefined): Promise<void> {
    try {
      await task();
    } catch (err) {
      if (!this.ended || !closed(err)) throw err;
    }
  }

  end(): void {
    this.stop.abort();
  }
}

// closed says that a database was let go of, by this page or by the browser.
export function closed(err: unknown): boolean {
  const names = [(err as Error)?.name, (err as { inner?: Error })?.inner?.name];
  return names.some(n => n === "DatabaseClosedError" || n === "InvalidStateError");
}
