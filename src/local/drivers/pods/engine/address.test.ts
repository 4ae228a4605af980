import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { engineAddresses } from './address.ts';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'shallop-home-'));
  const meta = join(home, '.docker/contexts/meta', createHash('sha256').update('colima').digest('hex'));
  mkdirSync(meta, { recursive: true });
  const host = { Endpoints: { docker: { Host: 'unix:///somewhere/docker.sock' } } };
  writeFileSync(join(meta, 'meta.json'), JSON.stringify(host));
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ currentContext: 'colima' }));
  mkdirSync(join(home, 'empty'));
  mkdirSync(join(home, 'runtime/podman'), { recursive: true });
  writeFileSync(join(home, 'runtime/podman/podman.sock'), '');
  mkdirSync(join(home, 'empty/.colima/default'), { recursive: true });
  writeFileSync(join(home, 'empty/.colima/default/docker.sock'), '');
});
afterAll(() => rmSync(home, { recursive: true }));

const names = (env: Record<string, string>, at = home, platform: NodeJS.Platform = 'linux') =>
  engineAddresses({ env, home: at, platform }).map(({ name }) => name);

describe('an engine is looked for where docker would', () => {
  test('DOCKER_HOST goes before everything', () => {
    expect(engineAddresses({ env: { DOCKER_HOST: 'unix:///x.sock' }, home })).toEqual([
      { name: 'unix:///x.sock', connection: { socketPath: '/x.sock' } },
    ]);
    expect(engineAddresses({ env: { DOCKER_HOST: 'tcp://[::1]:1234' }, home })).toEqual([
      { name: 'tcp://[::1]:1234', connection: { host: '::1', port: 1234 } },
    ]);
  });

  test('TLS by DOCKER_TLS_VERIFY, on its own port', () => {
    const [found] = engineAddresses({ env: { DOCKER_HOST: 'tcp://box', DOCKER_TLS_VERIFY: '1' }, home });
    expect(found?.connection).toEqual({ host: 'box', port: 2376, tls: {} });
  });

  test('a context, chosen by name or in the configuration', () => {
    expect(names({})).toEqual(['unix:///somewhere/docker.sock']);
    expect(names({ DOCKER_CONTEXT: 'colima', DOCKER_CONFIG: join(home, '.docker') }, '/nowhere')).toEqual([
      'unix:///somewhere/docker.sock',
    ]);
    expect(() => names({ DOCKER_CONTEXT: 'gone' })).toThrow('docker context "gone" has no endpoint in ');
  });

  test('else the usual sockets that are there', () => {
    const found = names({ XDG_RUNTIME_DIR: join(home, 'runtime') }, join(home, 'empty'));
    expect(found).toEqual(
      expect.arrayContaining([
        `unix://${join(home, 'runtime/podman/podman.sock')}`,
        `unix://${join(home, 'empty/.colima/default/docker.sock')}`,
      ]),
    );
    expect(names({}, join(home, 'empty'), 'win32')).toEqual(['npipe:////./pipe/docker_engine']);
  });

  test('what cannot be spoken to is refused, and says so', () => {
    expect(() => names({ DOCKER_HOST: 'ssh://me@box' })).toThrow(
      'ssh://me@box cannot be used: engines are reached by unix://, npipe:// and tcp://',
    );
  });
});
