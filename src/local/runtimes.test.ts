import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FakeEngine, startFakeEngine } from '../../test/support/fakeEngine.ts';
import type { Runtime } from './config.ts';
import { usualThresholds } from './drivers/images/nodeImages.ts';
import { chooseRuntime } from './runtimes.ts';

describe('what runs Pods', () => {
  let fake: FakeEngine;
  beforeEach(async () => {
    fake = await startFakeEngine();
  });
  afterEach(() => fake.close());

  const choose = (runtime: Runtime, platform: NodeJS.Platform, host = `unix://${fake.socket}`) =>
    chooseRuntime({ runtime, registryMirrors: {}, imageThresholds: usualThresholds }, '/nowhere', {
      platform,
      env: { DOCKER_HOST: host },
    });

  test.each(['darwin', 'win32'] as const)('an engine that answers, on %s', async (platform) => {
    const { words, engine } = await choose('auto', platform);
    expect(engine?.kind).toBe('docker');
    expect(words).toBe(`containers of Docker Engine fake at unix://${fake.socket}`);
  });

  test('an engine by choice, on Linux', async () => {
    expect((await choose('engine', 'linux')).engine?.version).toBe('fake');
  });

  test('host processes where none answers, and why', async () => {
    const { words, engine } = await choose('auto', 'darwin', 'unix:///nowhere.sock');
    expect(engine).toBeUndefined();
    expect(words).toMatch(/^host processes, as no engine answers \(unix:\/\/\/nowhere\.sock: .*ENOENT/);
    await expect(choose('engine', 'darwin', 'unix:///nowhere.sock')).rejects.toThrow(
      /^--runtime engine does not work on this machine: no engine answers/,
    );
  });

  test('host processes by choice, whatever answers', async () => {
    expect(await choose('process', 'darwin')).toEqual({ words: 'host processes' });
  });
});
