import { resolve } from 'node:path';
import { version } from '../../../local/version.ts';
import { clusterPath } from '../running.ts';
import type { ApiAction } from './api.ts';

/** `snapshot NAME FILE`. */
export const snapshot: ApiAction = async ({ names, connection, io }) => {
  const [cluster = '', file = ''] = names;
  const { writeSnapshot } = await import('../../snapshot/file.ts');
  const { objectsOf } = await import('../../snapshot/save.ts');
  const tally = { secrets: 0 };
  const about = { cluster, taken: new Date().toISOString(), shallop: version };
  const found = objectsOf(connection.below(clusterPath(cluster)), tally);
  const count = await writeSnapshot(resolve(io.cwd, file), about, found).catch((error) => {
    throw error.code === 'EEXIST' ? new Error(`${file} already exists; choose another file`) : error;
  });
  io.out(`${count} objects of cluster ${cluster} are in ${file}`);
  if (tally.secrets)
    io.out(
      `${tally.secrets} Secrets among them stand there as they are: the file is readable by you only (mode 0600)`,
    );
  return 0;
};
