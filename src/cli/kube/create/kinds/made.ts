import { UsageError } from '../../../verb.ts';
import type { KubeObject } from '../../objects.ts';
import type { Scene } from '../../scene.ts';

/** Describes an object without a namespace, and how a refusal of it begins. */
export interface Made {
  object: KubeObject;
  /** Absent: the server's words stand alone. */
  failed?: string;
}

/** Makes what a call names; `words` follow the kind, `command` follows `--`. */
export type Make = (scene: Scene, words: string[], command: string[]) => Made | Promise<Made>;

/** The one name that a call gives. */
export function nameIn(words: string[]): string {
  if (words.length !== 1) throw new UsageError(`exactly one NAME is required, got ${words.length}`);
  return words[0]!;
}

export const headOf = (apiVersion: string, kind: string, name: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
});

/** Values of an option that may be named several times, or hold several. */
export const listOf = ({ call }: Scene, option: string): string[] =>
  call.texts(option).flatMap((text) => text.split(','));

/** Throws as kubectl does for what has to be there. */
export function required({ call }: Scene, ...options: string[]): string[] {
  const missing = options.filter((option) => call.text(option) === undefined);
  if (missing.length)
    throw new Error(`required flag(s) ${missing.map((option) => JSON.stringify(option)).join(', ')} not set`);
  return options.map((option) => call.text(option)!);
}

/** `80` is a number, `http` a name. */
export const numberOrName = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);
