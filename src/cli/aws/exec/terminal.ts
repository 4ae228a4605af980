import type { Talking } from './bridge.ts';
import { ExitCodeReader } from './script.ts';

const [interrupt, endOfInput] = [Buffer.from([3]), Buffer.from([4])];

/** For a command of `commandLine`: both have a terminal. */
export const onTerminal: Talking = ({ write, finish, send }) => {
  const exit = new ExitCodeReader();
  return {
    output: (stream, bytes) => write(stream, stream === 'stdout' ? exit.take(bytes) : bytes),
    input: send,
    inputEnd: () => void send(endOfInput),
    // What a terminal that hangs up does: the container has two sessions at a time, and this one would stay for long. A
    // shell that is interrupted while it reads may lose the end of input that it was reading: another one follows.
    left: () => send(Buffer.concat([interrupt, endOfInput, endOfInput, endOfInput])),
    ended: ({ code, why }) => {
      const last = exit.end();
      if ('rest' in last) write('stdout', last.rest);
      finish(code ?? ('code' in last ? last.code : undefined), why);
    },
  };
};
