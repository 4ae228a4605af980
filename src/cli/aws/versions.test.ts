import { expect, test } from '@jest/globals';
import { version as own } from '../../local/version.ts';
import { readVersions, versionLines } from './versions.ts';

const metrics = '# TYPE shallop_table_format gauge\nshallop_table_format 2\nprocess_start_time_seconds 17\n';
const answering = (status: number, body: string) => async (path: string) =>
  path === '/metrics' ? { status, body } : { status: 404, body: '' };

test('functions of the version of the command are told with their commit and the format of their table', async () => {
  const versions = await readVersions(answering(200, metrics), {
    release: { version: own, commit: 'abcdef012' },
  });
  expect(versions).toEqual({ deployed: own, commit: 'abcdef012', command: own, tableFormat: 2 });
  expect(versionLines(versions, 'v1.35.4')).toEqual([
    `versions      shallop ${own} (abcdef012), as this command; table of format 2; Kubernetes v1.35.4`,
  ]);
});

test('functions of another version are told with what to do', async () => {
  const versions = await readVersions(answering(200, metrics), { release: { version: '9.0.0' } });
  expect(versionLines(versions, 'v1.40.0')).toEqual([
    `versions      shallop 9.0.0, this command is ${own}; table of format 2; Kubernetes v1.40.0`,
    '  → take the same version for both: docs/versioning.md#upgrading-on-aws',
  ]);
});

test('what the stack or the API does not tell is said to be not known', async () => {
  const versions = await readVersions(answering(403, '{}'), {});
  expect(versions).toEqual({ command: own });
  const [line, ...more] = versionLines(versions);
  expect(line).toContain(`shallop not known: the stack does not say it; this command is ${own}`);
  expect(line).toContain('it takes the right to get /metrics; Kubernetes not known');
  expect(more).toEqual([]);
});
