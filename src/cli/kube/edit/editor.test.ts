import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { isWindows, needs } from '../../../../test/support/needs.ts';
import { discard, editText } from './editor.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'shallop-editor-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** Edits `secret` by a script that writes down which file it was given; answers that file and what was told. */
async function editBy(script: string) {
  const [editor, opened] = [join(cwd, 'editor'), join(cwd, 'opened')];
  writeFileSync(editor, `#!/bin/sh\nprintf %s "$1" >'${opened}'\n${script}\n`);
  chmodSync(editor, 0o755);
  const told: string[] = [];
  const io = {
    env: { ...process.env, KUBE_EDITOR: editor },
    cwd,
    err: (line: string) => void told.push(line),
  };
  const edited = editText('secret', '.yaml', io);
  const failure = await edited.then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { failure, told, file: readFileSync(opened, 'utf8') };
}

needs(isWindows).test('an editor that fails and changed nothing leaves no file', async () => {
  const { failure, told, file } = await editBy('exit 3');
  expect({ failure, told }).toEqual({
    failure: expect.stringContaining('there was a problem with the editor'),
    told: [],
  });
  expect(existsSync(dirname(file))).toBe(false);
});

needs(isWindows).test('what was changed before the editor failed is kept, and told where', async () => {
  const { failure, told, file } = await editBy('echo more >>"$1"; exit 3');
  try {
    expect(failure).toContain('there was a problem with the editor');
    expect(told).toEqual([`A copy of your changes has been stored to ${JSON.stringify(file)}`]);
    expect(readFileSync(file, 'utf8')).toBe('secretmore\n');
  } finally {
    await discard(file);
  }
});
