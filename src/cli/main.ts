// The `shallop` command.
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { runCommand } from './command.ts';
import { openInput } from './input.ts';
import { isTaken } from './isTaken.ts';
import { isDrawn, paintLead, paintOn } from './paint.ts';
import { Progress } from './progress.ts';
import { onUnread, type Unread } from './unread.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => interrupted.abort(signal));

const { stdout, stderr, env } = process;
let unread: Unread = 'end';
onUnread([stdout, stderr], {
  wanted: () => unread,
  exit: (code) => process.exit(code),
  interrupt: () => interrupted.abort('SIGPIPE'),
});

const paintError = paintOn(stderr, env);
const progress = new Progress((text) => void stderr.write(text), Date.now);

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (line) => {
    progress.clear();
    stdout.write(`${line}\n`);
  },
  err: (line) => {
    progress.clear();
    stderr.write(`${paintLead(line, paintError)}\n`);
  },
  paint: paintOn(stdout, env),
  ...(isDrawn(stderr, env) && { progress: (text: string) => progress.start(text) }),
  whenUnread: (wish) => {
    unread = wish;
  },
  isHeard: () => isTaken(stderr),
  write: (chunk) => void stdout.write(chunk),
  writeError: (chunk) => void stderr.write(chunk),
  input: () => text(process.stdin),
  openInput,
  env,
  cwd: process.cwd(),
  interrupted: interrupted.signal,
  confirm: async (question) => {
    if (!process.stdin.isTTY) return false;
    const prompt = createInterface({ input: process.stdin, output: stderr });
    const answer = await prompt.question(`${question} [y/N] `);
    prompt.close();
    return /^y(es)?$/i.test(answer.trim());
  },
});
