import type { RemoteClient } from '../../../shared/client/client.ts';
import type { Call, Io } from '../../verb.ts';

/** Describes what an action on logical clusters works with. */
export interface Scene {
  /** The operands after the action's word. */
  names: string[];
  folder: string;
  url: string;
  client: RemoteClient;
  call: Call;
  io: Io;
}

/** Answers the exit code. */
export type Action = (scene: Scene) => Promise<number>;

const lookEveryMs = 20;
const limitMs = 30_000;

/** Throws after half a minute. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += lookEveryMs) {
    if (waited > limitMs) throw new Error(`timed out after ${limitMs / 1000} s waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
