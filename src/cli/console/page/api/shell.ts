import { known, pathOf } from './paths.ts';
import type { Status } from './types.ts';

/** Is what kubectl speaks too: a byte before each message says which stream it is of. */
const protocol = 'v5.channel.k8s.io';
const streams = { input: 0, output: 1, errors: 2, status: 3, resize: 4 } as const;

export interface Shell {
  say(text: string): void;
  /** The terminal has this size now. */
  resize(rows: number, columns: number): void;
  close(): void;
}

export interface Heard {
  output(text: string): void;
  /** The program is over, or was never begun. */
  ended(how: string): void;
}

/** Runs a command in a terminal in a container. */
export function openShell(
  pod: { namespace: string; name: string; container: string },
  command: readonly string[],
  { output, ended }: Heard,
): Shell {
  const search = new URLSearchParams({ container: pod.container, tty: 'true' });
  for (const word of command) search.append('command', word);
  const address = new URL(`.${pathOf(known.pods, pod.namespace, pod.name)}/exec?${search}`, document.baseURI);
  address.protocol = 'ws:';
  const socket = new WebSocket(address, protocol);
  socket.binaryType = 'arraybuffer';
  const decoders = { output: new TextDecoder(), errors: new TextDecoder() };
  let how: string | undefined;
  socket.onmessage = ({ data }) => {
    const bytes = new Uint8Array(data as ArrayBuffer);
    const said = bytes.subarray(1);
    if (bytes[0] === streams.output) output(decoders.output.decode(said, { stream: true }));
    if (bytes[0] === streams.errors) output(decoders.errors.decode(said, { stream: true }));
    if (bytes[0] === streams.status) how = endOf(JSON.parse(new TextDecoder().decode(said)) as Status);
  };
  socket.onclose = () => ended(how ?? 'It could not be opened, or the connection was lost.');
  // What is said before the connection is there waits for it.
  const early: Uint8Array<ArrayBuffer>[] = [];
  socket.onopen = () => {
    for (const message of early.splice(0)) socket.send(message);
  };
  const encoder = new TextEncoder();
  const send = (stream: number, bytes: Uint8Array) => {
    const message = Uint8Array.of(stream, ...bytes);
    if (socket.readyState === WebSocket.OPEN) socket.send(message);
    else if (socket.readyState === WebSocket.CONNECTING) early.push(message);
  };
  return {
    say: (text) => {
      // A long paste goes in pieces: servers have a limit for one message. They are cut as bytes, which the program puts together.
      const bytes = encoder.encode(text);
      for (let at = 0; at < bytes.length; at += mostAtOnce)
        send(streams.input, bytes.subarray(at, at + mostAtOnce));
    },
    resize: (rows, columns) =>
      send(streams.resize, encoder.encode(JSON.stringify({ Width: columns, Height: rows }))),
    close: () => socket.close(),
  };
}

/** Is how much of the input goes in one message, in bytes. */
const mostAtOnce = 8192;

/** The exit code stands among the causes. */
function endOf({ status, message, details }: Status & { status?: string }): string {
  const code = details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (code) return `It has ended with exit code ${code}.`;
  return status === 'Success' ? 'It has ended well.' : `It has ended: ${message}`;
}
