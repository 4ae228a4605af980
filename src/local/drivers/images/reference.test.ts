import { expect, test } from '@jest/globals';
import { canonicalName, parseReference } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27'],
  ['me/app', 'docker.io/me/app:latest'],
  ['docker.io/nginx', 'docker.io/library/nginx:latest'],
  ['index.docker.io/me/app:v1', 'docker.io/me/app:v1'],
  ['localhost/app', 'localhost/app:latest'],
  ['localhost:5000/a/b/c:v1', 'localhost:5000/a/b/c:v1'],
  ['127.0.0.1:5000/app', '127.0.0.1:5000/app:latest'],
  [`registry.k8s.io/pause:3.10@${digest}`, `registry.k8s.io/pause@${digest}`],
  [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
])('%s is %s', (name, full) => {
  expect(canonicalName(parseReference(name))).toBe(full);
});

test.each([
  ['', 'invalid reference format'],
  ['a b', 'invalid reference format'],
  ['nginx:', 'invalid reference format'],
  ['nginx@sha256:12', 'invalid reference format'],
  ['../etc', 'invalid reference format'],
  ['a//b', 'invalid reference format'],
  ['example.com/Nginx', 'invalid reference format: repository name must be lowercase'],
  ['nginx:a/b', 'invalid reference format'],
])('%j is no image name', (name, message) => {
  expect(() => parseReference(name)).toThrow(message);
});
