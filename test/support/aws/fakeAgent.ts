import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { encodeMuxFrame, MuxFrameReader, muxCommands } from '../../../src/cli/aws/forward/frames.ts';
import { flags, payloads } from '../../../src/cli/aws/session/message.ts';

/** What the agent does in a session. */
export interface Program {
  take(payloadType: number, payload: Buffer): void;
  close(): void;
}

export type StartProgram = (to: {
  send(payloadType: number, payload: Buffer): void;
  /** It is over. */
  end(): void;
}) => Program;

/** A command on a terminal. */
export const shell =
  (command: string): StartProgram =>
  ({ send, end }) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => {});
    child.stdout.on('data', (bytes: Buffer) => send(payloads.output, bytes));
    child.once('close', end);
    return {
      take: (type, payload) => void (type === payloads.output && child.stdin.write(payload)),
      close: () => void child.kill('SIGKILL'),
    };
  };

/** Connections to a port of this machine; the end of one direction is the end of both, as the agent has it. */
export const port =
  (number: number): StartProgram =>
  ({ send, end }) => {
    const reader = new MuxFrameReader();
    const open = new Map<number, Socket>();
    const say = (command: number, id: number, data?: Buffer) => {
      for (const piece of pieces(encodeMuxFrame(command, id, data), 1_024)) send(payloads.output, piece);
    };
    const begin = (id: number) => {
      const socket = connect(number, '127.0.0.1');
      open.set(id, socket);
      socket.on('data', (data: Buffer) => {
        for (const piece of pieces(data, 32_768)) say(muxCommands.data, id, piece);
      });
      socket.once('error', () => send(payloads.flag, Buffer.from([0, 0, 0, flags.connectFailed])));
      socket.once('close', () => {
        open.delete(id);
        say(muxCommands.end, id);
      });
    };
    const close = () => {
      for (const socket of open.values()) socket.destroy();
    };
    return {
      take: (type, payload) => {
        if (type === payloads.flag && payload[3] === flags.terminate) {
          close();
          end();
        }
        if (type !== payloads.output) return;
        for (const { command, id, data } of reader.take(payload)) {
          if (command === muxCommands.open) begin(id);
          else if (command === muxCommands.data) open.get(id)?.write(data);
          else if (command === muxCommands.end) open.get(id)?.destroySoon();
        }
      },
      close,
    };
  };

function* pieces(bytes: Buffer, longest: number) {
  for (let at = 0; at < bytes.length; at += longest) yield bytes.subarray(at, at + longest);
}
