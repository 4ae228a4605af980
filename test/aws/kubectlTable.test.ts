import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { onAws } from '../../tools/conformance/awsTable.ts';
import { commands } from '../../tools/conformance/verdicts.ts';
import { kubeconfigOf } from '../../tools/emulator/awsKubeconfig.ts';
import { type LocalCloud, openLocalCloud } from '../../tools/emulator/localCloud.ts';
import { noMiniStack } from '../../tools/emulator/ministack.ts';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { testEveryCommand } from '../conformance/everyCommand.ts';
import { Replay } from '../conformance/replay.ts';
import { needs } from '../support/needs.ts';

const versions: ToolVersion[] = ['v35', 'v32'];
const missing = process.env.SHALLOP_AWS_TESTS
  ? (noMiniStack() ??
    (packagedTool('kubectl', 'v35') ? undefined : 'the packaged kubectl is for Linux on x86-64'))
  : 'SHALLOP_AWS_TESTS=1 is not set';

test('what deviates on AWS is about recorded commands', () => {
  const names = commands.map(({ name }) => name);
  expect(Object.keys({ ...onAws('v35'), ...onAws('v32') }).filter((name) => !names.includes(name))).toEqual(
    [],
  );
});

// The API's own bundle, the controllers in their functions, Pods as tasks, Services as load balancers.
needs(missing).describe('every recorded command on AWS', () => {
  let cloud: LocalCloud | undefined;
  let folder: string;
  let access: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-aws-table-'));
    // `npm run account -- prove` has a deployment already.
    const given = process.env.SHALLOP_KUBECONFIG_ON_AWS;
    cloud = given ? undefined : await openLocalCloud({ name: 'table', say: () => {} });
    access = cloud ? kubeconfigOf(cloud) : readFileSync(given!, 'utf8');
  }, 900_000);

  afterAll(async () => {
    await cloud?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(versions)('with kubectl %s', (version) => {
    let replay: Replay;

    beforeAll(async () => {
      const home = join(folder, version);
      mkdirSync(home);
      const kubeconfig = join(home, 'kubeconfig');
      writeFileSync(kubeconfig, access, { mode: 0o600 });
      replay = new Replay(home, packagedTool('kubectl', version)!, kubeconfig, {
        patienceMs: 120_000,
        slow: true,
      });
      await replay.shell('kubectl delete namespace demo --ignore-not-found');
      await replay.prepare();
    }, 360_000);

    testEveryCommand({ version, replay: () => replay, deviations: onAws(version), limitMs: 180_000 });
  });
});
