import type { Container } from '../kinds/schema/types.ts';
import { expand } from './expand.ts';

/** Describes what an image says of how to run it. */
export interface ImageConfig {
  command: string[];
  args: string[];
  env: Record<string, string>;
  /** Absolute. */
  workingDir: string;
}

/**
 * The command line: a container's `command` replaces the image's and its arguments, `args` alone only the arguments.
 * `$(NAME)` expands from the container's environment.
 */
export function commandLine(
  { command, args }: Container,
  image: Pick<ImageConfig, 'command' | 'args'>,
  env: Record<string, string>,
): string[] {
  const own = (list: string[]) => list.map((text) => expand(text, (name) => env[name]));
  const program = command?.length ? own(command) : image.command;
  const given = args?.length ? own(args) : command?.length ? [] : image.args;
  return [...program, ...given];
}
