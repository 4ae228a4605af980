// The `shallop` command.
import { runCommand } from './command.ts';
import { openInput } from './input.ts';
import { endBy, Interruption } from './interruption.ts';
import { isTaken } from './isTaken.ts';
import { isDrawn, type Paint, paintLead, paintOn } from './paint.ts';
import { Progress } from './progress.ts';
import { onUnread, type Unread } from './unread.ts';

const interruption = new Interruption(endBy);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => interruption.ask(signal));

let unread: Unread = 'end';
let endsAtOnce = false;
const opened: NodeJS.WriteStream[] = [];
/** An output, opened when it is first asked for: that loads modules, and while a request is under way it costs nothing. */
function opening(name: 'stdout' | 'stderr'): () => NodeJS.WriteStream {
  let stream: NodeJS.WriteStream | undefined;
  return () => {
    if (stream) return stream;
    stream = process[name];
    opened.push(stream);
    onUnread([stream], {
      wanted: () => unread,
      exit: (code) => process.exit(code),
      interrupt: () => interruption.ask('SIGPIPE'),
    });
    return stream;
  };
}
const [stdout, stderr] = [opening('stdout'), opening('stderr')];
const { env } = process;
let paint: Paint | undefined;
const progress = new Progress((text) => void stderr().write(text), Date.now);

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (line) => {
    progress.clear();
    stdout().write(`${line}\n`);
  },
  err: (line) => {
    progress.clear();
    stderr().write(`${paintLead(line, paintOn(stderr(), env))}\n`);
  },
  paint: (colour, text) => {
    paint ??= paintOn(stdout(), env);
    return paint(colour, text);
  },
  progress: (text) => (isDrawn(stderr(), env) ? progress.start(text) : () => {}),
  whenUnread: (wish) => {
    unread = wish;
    // Others than this write to them too.
    stdout();
    stderr();
  },
  endAtOnce: () => {
    endsAtOnce = true;
  },
  isHeard: () => isTaken(process.stderr),
  write: (chunk) => void stdout().write(chunk),
  writeError: (chunk) => void stderr().write(chunk),
  input: async () => {
    const [{ text }, { addAbortSignal }] = await Promise.all([
      import('node:stream/consumers'),
      import('node:stream'),
    ]);
    return interruption.during((signal) => text(addAbortSignal(signal, process.stdin)));
  },
  openInput,
  env,
  cwd: process.cwd(),
  get interrupted() {
    return interruption.signal;
  },
  confirm: async (question) => {
    if (!process.stdin.isTTY) return false;
    const { createInterface } = await import('node:readline/promises');
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await interruption.during((signal) => prompt.question(`${question} [y/N] `, { signal }));
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      // As long as it listens the process does not end.
      prompt.close();
    }
  },
});
interruption.over();
if (endsAtOnce) endOnceTaken(opened);

/** Ends the process when its outputs have been taken; by itself it would take 3 ms to put away what goes with it. */
function endOnceTaken([output, ...more]: NodeJS.WriteStream[]): void {
  if (!output) process.exit();
  // Whoever cannot write ends by what onUnread does.
  output.write('', (error) => error || endOnceTaken(more));
}
