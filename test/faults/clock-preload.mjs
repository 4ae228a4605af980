// Loaded into a process before its program: its wall clock runs ahead of the machine's by what stands in a file
// (milliseconds), and jumps when that changes. Timers go on as they were, as they do when a machine's clock is set.
import { readFileSync } from 'node:fs';

const file = process.env.SHALLOP_TEST_CLOCK;
const RealDate = Date;
let offset = 0;
const look = () => {
  try {
    offset = Number(readFileSync(file, 'utf8')) || 0;
  } catch {}
};
if (file) {
  look();
  setInterval(look, 20).unref();
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + offset);
      else super(...args);
    }
    static now() {
      return RealDate.now() + offset;
    }
  };
}
