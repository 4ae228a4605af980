import type { Talking } from '../bridge.ts';
import { FramesReader } from './reader.ts';
import { endOfInput, inputFrames } from './script.ts';

const needs = 'without a terminal exec needs sh, base64, dd and stty in the container';

/** For a command of `framedCommandLine`. */
export const inFrames: Talking = ({ write, finish, send }) => {
  const frames = new FramesReader();
  let over = false;
  let goOn = () => {};
  // What comes earlier the terminal would echo, and change.
  const ready = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const end = (code: number | undefined, why?: string) => {
    over = true;
    goOn();
    finish(code, why);
  };
  const output = (bytes: Uint8Array) => {
    for (const frame of frames.take(bytes)) {
      if (frame.is === 'ready') goOn();
      else if (frame.is === 'output') write(frame.stream, frame.bytes);
      else {
        // The program's reader may still wait for input.
        void send(endOfInput);
        end(frame.code);
      }
    }
  };
  const inputEnd = async () => {
    await ready;
    if (!over) await send(endOfInput);
  };
  return {
    output: (_stream, bytes) => output(bytes),
    input: async (bytes) => {
      await ready;
      if (!over) await send(inputFrames(bytes));
    },
    inputEnd: () => void inputEnd(),
    left: inputEnd,
    ended: ({ why }) => {
      const { complaint } = frames;
      end(undefined, complaint === undefined ? why : `${complaint || why || 'nothing ran'} (${needs})`);
    },
  };
};
