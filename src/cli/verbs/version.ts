import type { Verb } from '../verb.ts';

export const version: Verb = {
  name: 'version',
  summary: 'Print the version of shallop',
  usage: ['version'],
  options: {},
  run: async (_call, io) => {
    const { name, version: number } = await import('../../local/version.ts');
    io.out(`${name} ${number} (Node ${process.version}, ${process.platform} ${process.arch})`);
    return 0;
  },
};
