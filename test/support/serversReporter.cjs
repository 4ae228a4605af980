/**
 * Looks for `shallop up` processes that tests started and left behind (Linux). They are ended and told, and the run
 * fails: what one test leaves makes the next ones fail, for a port or a folder that is taken.
 */
const { readdirSync, readFileSync } = require('node:fs');
const { randomUUID } = require('node:crypto');

const graceMs = 15_000;
const mark = `SHALLOP_TEST_RUN=${randomUUID()}`;

module.exports = class ServersReporter {
  #left = [];

  constructor() {
    // Workers are forked later and inherit it, and so does what tests start.
    process.env.SHALLOP_TEST_RUN = mark.split('=')[1];
  }

  async onRunComplete() {
    if (process.platform !== 'linux') return;
    // One that was told to end may still be at it.
    const end = performance.now() + graceMs;
    while (serversWith(mark).length && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 100));
    this.#left = serversWith(mark);
    for (const { pid, command } of this.#left) {
      console.error(`left by a test, and ended now: ${command} (pid ${pid})`);
      process.kill(pid, 'SIGTERM');
    }
  }

  getLastError() {
    if (this.#left.length) return new Error(`tests left ${this.#left.length} servers behind`);
  }
};

/** Processes of `shallop up` whose environment has the mark. Exported for its test. */
function serversWith(wanted) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const words = wordsOf(pid, 'cmdline');
      const at = words.findIndex((word) => /shallop(\.js)?$/.test(word));
      const isServer = at >= 0 && words[at + 1] === 'up';
      return isServer && wordsOf(pid, 'environ').includes(wanted)
        ? [{ pid: Number(pid), command: words.filter(Boolean).join(' ') }]
        : [];
    });
}
module.exports.serversWith = serversWith;

/** Empty for a process that has ended or is somebody else's. */
function wordsOf(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
