import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ignoredIn } from './changes.ts';
import { labelOf } from './label.ts';
import { manifestsIn, ownImage } from './manifests.ts';
import { objectsOf } from './objects.ts';
import { projectIn } from './project.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'shallop-project-')), 'My_Shop');
  mkdirSync(folder);
});
afterEach(() => rmSync(dirname(folder), { recursive: true, force: true }));

const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};

test.each<{ files: Record<string, string>; source: string; commands: Record<string, string[] | undefined> }>([
  {
    files: { 'shallop.json': '{}', Procfile: 'web: x' },
    source: 'shallop.json',
    commands: { web: undefined },
  },
  {
    files: { Procfile: 'worker_one: python w.py\nrelease: migrate\nweb: node s.js --port $PORT\n# no\n' },
    source: 'Procfile',
    commands: {
      web: ['sh', '-c', 'exec node s.js --port $PORT'],
      'worker-one': ['sh', '-c', 'exec python w.py'],
    },
  },
  {
    files: { 'package.json': '{"scripts":{"start":"tsc && node .","dev":"vite"}}' },
    source: 'package.json',
    commands: { web: ['sh', '-c', 'tsc && node .'] },
  },
  {
    files: { 'package.json': '{"scripts":{"start":"NODE_ENV=dev node ."}}' },
    source: 'package.json',
    commands: { web: ['sh', '-c', 'NODE_ENV=dev node .'] },
  },
  {
    files: { 'package.json': '{}', 'server.js': '' },
    source: 'package.json',
    commands: { web: ['node', 'server.js'] },
  },
  {
    files: { 'package.json': '{"main":"lib/x.js"}', 'lib/x.js': '' },
    source: 'package.json',
    commands: { web: ['node', 'lib/x.js'] },
  },
  {
    files: { 'package.json': '{"scripts":{"dev":"vite"}}' },
    source: 'package.json',
    commands: { web: ['sh', '-c', 'exec vite'] },
  },
  {
    files: { 'pyproject.toml': '[project]\nname = "shop"\n[project.scripts]\nshop = "shop.cli:app.main"\n' },
    source: 'pyproject.toml',
    commands: { web: ['python3', '-c', 'import sys; from shop.cli import app; sys.exit(app.main())'] },
  },
  {
    files: { 'main.py': '', 'package.json': '{}' },
    source: 'main.py',
    commands: { web: ['python3', 'main.py'] },
  },
  {
    files: {
      Dockerfile:
        'FROM a AS build\nCMD ["no"]\nFROM b\n# CMD no\nENTRYPOINT ["node", \\\n "s.js"]\ncmd ["--port", "1"]\n',
    },
    source: 'Dockerfile',
    commands: { web: ['node', 's.js', '--port', '1'] },
  },
  {
    files: { Dockerfile: 'FROM b\nCMD exec gunicorn app' },
    source: 'Dockerfile',
    commands: { web: ['sh', '-c', 'exec gunicorn app'] },
  },
])('$source says how it starts: $commands', ({ files, source, commands }) => {
  write(files);
  const found = projectIn(folder);
  expect(found.source).toBe(source);
  expect(found.programs.map(({ name, command }) => [name, command])).toEqual(Object.entries(commands));
});

test('a Dockerfile tells the port that it exposes, and its environment', () => {
  write({ 'app.py': '', Dockerfile: 'FROM x\nENV A=1 B="two words"\nEXPOSE 5000/tcp\nCMD ["x"]' });
  expect(projectIn(folder)).toMatchObject({ name: 'my-shop', exposed: 5000, source: 'app.py' });
  rmSync(join(folder, 'app.py'));
  expect(projectIn(folder).programs[0]!.env).toEqual({ A: '1', B: 'two words' });
});

test('a folder that says nothing is refused, and so is a file that cannot be read', () => {
  expect(() => projectIn(folder)).toThrow(/nothing in .*My_Shop says how it starts: a Procfile,/);
  write({ 'package.json': '{' });
  expect(() => projectIn(folder)).toThrow(/^package.json: /);
  write({ 'package.json': 'null', 'pyproject.toml': 'a = = b' });
  expect(() => projectIn(folder)).toThrow(/^pyproject.toml: /);
});

test.each([
  ['@me/Hello_App', 'hello-app'],
  ['7-up', 'up'],
  ['---', 'app'],
  ['x'.repeat(80), 'x'.repeat(50)],
])('%s is called %s', (name, label) => expect(labelOf(name)).toBe(label));

test('each program of a Procfile is a Deployment; the first one has a port and the Service', () => {
  write({ Procfile: 'web: a\nworker: b' });
  const objects = objectsOf(projectIn(folder), [1111, 2222]);
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Deployment my-shop-web',
    'Deployment my-shop-worker',
    'Service my-shop',
  ]);
  expect(JSON.stringify(objects[0])).toContain('"containerPort":1111');
  expect(JSON.stringify(objects[1])).not.toContain('containerPort');
  expect(JSON.stringify(objects[1])).toContain('"value":"2222"');
});

const deployment = (...images: string[]) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a' },
    spec: { template: { spec: { containers: images.map((image) => ({ name: 'c', image })) } } },
  });

test('manifests are those of a folder of a usual name, else those beside the program', () => {
  write({ 'app.yaml': deployment('a'), 'compose.yaml': 'services: {}', 'values.yml': ': {' });
  expect(manifestsIn(folder)).toEqual(['app.yaml']);
  write({ 'k8s/b.yml': deployment('b'), 'k8s/a.yaml': deployment('a'), 'k8s/notes.txt': '' });
  expect(manifestsIn(folder)).toEqual(['k8s/a.yaml', 'k8s/b.yml']);
});

test('the image with the name of the project is the project, or the only one', () => {
  write({ 'app.py': '' });
  const project = projectIn(folder);
  const own = (...images: string[]) => ownImage([JSON.parse(deployment(...images))], project);
  expect(own('redis:7', 'localhost:5000/me/my-shop:v1@sha256:0')).toBe(
    'localhost:5000/me/my-shop:v1@sha256:0',
  );
  expect(own('other:v1')).toBe('other:v1');
  expect(() => own('redis:7', 'other')).toThrow('Say --image with one of redis:7, other');
  expect(() => own()).toThrow('no Deployment');
});

test('what .gitignore names, and what tools write, does not count', () => {
  write({ '.gitignore': 'dist/\n!dist/keep\n*.db\n' });
  const ignored = ignoredIn(folder, ['notes/**']);
  const judge = (path: string) => ignored(join(folder, path));
  for (const path of [
    'node_modules',
    'a/node_modules/x.js',
    '.git',
    'dist/x.js',
    'data.db',
    'x.log',
    'notes/a',
  ])
    expect([path, judge(path)]).toEqual([path, true]);
  for (const path of ['src/a.js', '.env', '', 'distance.js'])
    expect([path, judge(path)]).toEqual([path, false]);
  expect(ignored(dirname(folder))).toBe(false);
});
