import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { repository } from '../../examples/demo/server.ts';
import { formulaOf, notesOf, versionOf } from '../../tools/release.ts';
import { runAction } from '../support/actionRunner.ts';
import { installPacked } from '../support/installedPackage.ts';
import { needs, notLinux } from '../support/needs.ts';
import { ended, execute } from '../support/plane.ts';

const { folder, tarball, home: installed, obstacle } = await installPacked('packaging');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** A runner has Node on its PATH. */
const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;

needs(obstacle).describe('the action setup-shallop', () => {
  const file = join(repository, '.github/actions/setup-shallop/action.yml');
  const world = (name: string) => {
    const home = join(folder, name);
    mkdirSync(home);
    return { home, env: { PATH: path, HOME: process.env.HOME } };
  };

  test('installs the command, starts a control plane and points the next steps at it', async () => {
    const { home, env } = world('started');
    const outcome = await runAction(file, { package: join(folder, 'shallop-*.tgz'), nodes: '2' }, home, env);
    expect(outcome.said).toMatchObject([{ code: 0 }, { code: 0 }]);
    try {
      const nodes = await execute('sh', ['-c', 'shallop get nodes --no-headers'], outcome.env);
      expect(nodes.stdout.trim().split('\n')).toHaveLength(2);
      expect(outcome.outputs).toEqual({
        kubeconfig: outcome.env.KUBECONFIG,
        url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
      });
    } finally {
      expect((await execute('sh', ['-c', 'shallop down'], outcome.env)).stdout).toMatch(/^stopped/);
    }
  });

  test('only installs the command, where that is what is wanted', async () => {
    const { home, env } = world('installed');
    const outcome = await runAction(file, { package: tarball, start: 'false' }, home, env);
    expect(outcome.said).toMatchObject([{ code: 0 }]);
    expect((await execute('sh', ['-c', 'shallop version'], outcome.env)).stdout).toMatch(/^shallop /);
    expect(outcome.outputs).toEqual({ kubeconfig: '', url: '' });
  });

  test('fails with what the command said, when it does not start', async () => {
    const { home, env } = world('failing');
    const outcome = await runAction(file, { package: tarball, runtime: 'docker' }, home, env);
    expect(outcome.said[1]).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('--runtime must be one of'),
    });
  });
});

describe('the container image', () => {
  const lines = readFileSync(join(repository, 'packaging/container/Dockerfile'), 'utf8').split('\n');
  const listAfter = (word: string): string[] =>
    JSON.parse(lines.find((line) => line.startsWith(`${word} `))!.slice(word.length));

  test('is made of Debian and of packages of npm', () => {
    const images = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]);
    expect(new Set(images)).toEqual(new Set(['debian:trixie-slim']));
    expect(lines.filter((line) => /curl|wget|ADD /.test(line))).toEqual([]);
  });

  needs(notLinux || obstacle).test('starts a control plane by its command, which ends on TERM', async () => {
    const data = join(folder, 'container-data');
    const words = [...listAfter('ENTRYPOINT'), ...listAfter('CMD')].map((word) =>
      word === '6443' ? '0' : word.replace(/^\/data/, data),
    );
    const bin = join(installed, 'node_modules', '.bin');
    const env = { PATH: `${bin}${delimiter}${path}`, HOME: '/nonexistent' };
    const child = spawn(words[0]!, words.slice(1), { env, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('ready ')) break;
      const said = await execute(
        'shallop',
        ['get', 'namespaces', '--kubeconfig', join(data, 'kubeconfig')],
        env,
      );
      expect(said.stdout).toContain('kube-system');
    } finally {
      await ended(child, 'SIGTERM');
    }
    expect(child.exitCode).toBe(0);
  });
});

describe('a release', () => {
  test('has the version of its tag, and what the changelog says of it', () => {
    expect(versionOf('v1.2.3', '1.2.3')).toBe('1.2.3');
    expect(() => versionOf('v1.2.4', '1.2.3')).toThrow('expected v1.2.3');
    const changelog = '# Changelog\n\n## 1.2.3 - 2026-12-01\n\n### Added\n- This.\n\n## 1.2.2\n- That.\n';
    expect(notesOf('1.2.3', changelog)).toBe('### Added\n- This.');
    expect(notesOf('1.2.2', changelog)).toBe('- That.');
    expect(() => notesOf('1.2', changelog)).toThrow('nothing below a heading "## 1.2"');
  });

  const noRuby = spawnSync('ruby', ['--version']).status !== 0 && 'Ruby is not installed';
  test('has a formula for Homebrew with the checksum of its tarball', () => {
    const formula = formulaOf(tarball);
    const version = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')).version;
    expect(formula).toContain(`/shallop/-/shallop-${version}.tgz"`);
    expect(formula).toContain(createHash('sha256').update(readFileSync(tarball)).digest('hex'));
    expect(formula).not.toMatch(/@[A-Z]/);
  });
  needs(noRuby).test('the formula is Ruby', () => {
    writeFileSync(join(folder, 'shallop.rb'), formulaOf(tarball));
    expect(spawnSync('ruby', ['-c', join(folder, 'shallop.rb')]).status).toBe(0);
  });
});

test('workflows are YAML, ask for no right beyond reading by default, and run what there is', () => {
  const workflows = join(repository, '.github/workflows');
  for (const name of readdirSync(workflows)) {
    const text = readFileSync(join(workflows, name), 'utf8');
    const { permissions, jobs } = parse(text);
    expect({ name, permissions }).toEqual({ name, permissions: { contents: 'read' } });
    for (const job of Object.values<{ uses?: string; 'timeout-minutes'?: number }>(jobs))
      expect(job.uses ?? job['timeout-minutes']).toBeTruthy();
    for (const [, local] of text.matchAll(
      /(?:uses: |run: |node |)(\.\/?[\w./-]+\.(?:yml|ts)|\.ci\/run|tools\/[\w.]+)/g,
    )) {
      const place = join(repository, local!);
      const isFolder = statSync(place).isDirectory();
      expect(isFolder ? readdirSync(place) : readFileSync(place, 'utf8')).not.toHaveLength(0);
    }
  }
});
