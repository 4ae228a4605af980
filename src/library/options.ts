import type { ShallopOptions } from './types.ts';

const runtimes = ['fake', 'process', 'native', 'engine', 'auto'];
const processes = ['same', 'beside'];
const networks = ['auto', 'loopback', 'netns'];
const known = ['runtime', 'process', 'dataFolder', 'port', 'images', 'nodes', 'podNetwork', 'log'];

/** Throws an error that says which option is wrong and what it may be. */
export function checkOptions(options: ShallopOptions): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown) throw new Error(`startShallop knows no option "${unknown}"; it knows ${known.join(', ')}`);
  oneOf('runtime', options.runtime, runtimes);
  oneOf('process', options.process, processes);
  oneOf('podNetwork', options.podNetwork, networks);
  whole('port', options.port, 0, 65_535);
  whole('nodes', options.nodes, 1, 1_000);
  if (options.images && (options.runtime ?? 'fake') === 'fake')
    throw new Error(
      "images are for Pods that run, and with the runtime fake none does: say runtime: 'process' too",
    );
}

function oneOf(name: string, value: string | undefined, choices: string[]): void {
  if (value !== undefined && !choices.includes(value))
    throw new Error(`${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}`);
}

function whole(name: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most))
    throw new Error(`${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`);
}
