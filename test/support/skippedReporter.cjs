/** Counts skipped tests by the reason that their names give (test/support/needs.ts), and prints the counts at the end. */
module.exports = class SkippedReporter {
  #reasons = new Map();

  onTestResult(_test, { testResults }) {
    for (const { status, fullName } of testResults) {
      if (status !== 'pending') continue;
      const reason = /\[skipped: ([^\]]+)\]/.exec(fullName)?.[1] ?? 'not chosen';
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    }
  }

  onRunComplete() {
    for (const [reason, count] of [...this.#reasons].sort((a, b) => b[1] - a[1]))
      if (reason !== 'not chosen') console.log(`${count} skipped: ${reason}`);
  }
};
