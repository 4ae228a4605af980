import type { PodRef } from '../provider.ts';

/** Gives each Pod of the process runtime an address of its own. */
export interface PodNetwork {
  /** The Pod's address; the same again for a Pod that has one, after a restart of the control plane too. */
  setup(ref: PodRef): Promise<PodAddress>;
  /** Frees the address. Nothing happens when there is none. */
  teardown(ref: PodRef): Promise<void>;
}

export interface PodAddress {
  ip: string;
  /** The command (program and arguments) as it has to be started so that it lives in the Pod's network. */
  wrap(command: string[]): string[];
}
