import type { Talking } from './bridge.ts';
import { ExitCodeReader } from './script.ts';

const endOfInput = Buffer.from([4]);

/** For a command of `commandLine`: both have a terminal. */
export const onTerminal: Talking = ({ write, finish, send }) => {
  const exit = new ExitCodeReader();
  return {
    output: (stream, bytes) => write(stream, stream === 'stdout' ? exit.take(bytes) : bytes),
    input: send,
    inputEnd: () => void send(endOfInput),
    ended: ({ code, why }) => {
      const last = exit.end();
      if ('rest' in last) write('stdout', last.rest);
      finish(code ?? ('code' in last ? last.code : undefined), why);
    },
  };
};
