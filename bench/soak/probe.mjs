// Loaded into the control plane before its program: tells a file what only the process itself can know.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = process.env.SHALLOP_SOAK_PROBE;
const everyMs = 2000;

if (file) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  setInterval(() => {
    const { heapUsed, external } = process.memoryUsage();
    // Nanoseconds, with the histogram's own resolution in them.
    const lateMs = Math.max(0, delay.percentile(99) / 1e6 - 10);
    writeFileSync(`${file}.new`, JSON.stringify({ heapUsed, external, lateMs }));
    renameSync(`${file}.new`, file);
    delay.reset();
  }, everyMs).unref();
}
