/** What has to be ended, in the order in which it was begun. */
export class Cleanups {
  private readonly all: (() => Promise<void> | void)[] = [];

  add(cleanup: () => Promise<void> | void): void {
    this.all.push(cleanup);
  }

  /** Runs each of them once, the last one first, whatever some of them throw, then throws the first of it. */
  async run(): Promise<void> {
    const failed: unknown[] = [];
    for (let cleanup = this.all.pop(); cleanup !== undefined; cleanup = this.all.pop()) {
      try {
        await cleanup();
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length > 0) throw failed[0];
  }
}
