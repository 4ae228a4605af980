import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { describedBy, openDescriptions } from './descriptions.ts';
import { packDescriptions, packedName } from './packedDescriptions.ts';

const describe = openDescriptions()!;
const apps = { group: 'apps', version: 'v1' };

test('a type and its fields have the words of the package beside', () => {
  const found = describe({ ...apps, goName: 'DeploymentSpec' })!;
  expect(found.text).toMatch(/^DeploymentSpec is the specification of the desired behavior/);
  expect(found.fields.replicas).toMatch(/^Number of desired pods\./);
});

test('types of one name are told apart by their group', () => {
  expect(describe({ group: '', version: 'v1', goName: 'Event' })!.fields).toHaveProperty('lastTimestamp');
  expect(describe({ group: 'events.k8s.io', version: 'v1', goName: 'Event' })!.fields).toHaveProperty(
    'deprecatedLastTimestamp',
  );
});

test('parameters are described as fields of the options of a request', () => {
  const optionsNamed = (goName: string) => describe({ group: 'meta.k8s.io', version: 'v1', goName })!.fields;
  expect(optionsNamed('ListOptions')).toMatchObject({
    watch: expect.stringMatching(/^Watch for changes to the described resources/),
    continue: expect.stringContaining('the "next key"'),
    limit: expect.stringContaining('the `continue` field'),
    pretty: expect.stringMatching(/^If 'true', then/),
  });
  expect(optionsNamed('PatchOptions')).toHaveProperty('force');
  expect(optionsNamed('DeleteOptions')).toHaveProperty('gracePeriodSeconds');
  expect(optionsNamed('PodLogOptions')).toHaveProperty('tailLines');
});

test('names that TypeScript cannot have are as in JSON', () => {
  const rule = describe({ group: 'networking.k8s.io', version: 'v1', goName: 'NetworkPolicyIngressRule' })!;
  expect(Object.keys(rule.fields)).toEqual(['from', 'ports']);
  expect(rule.text).toContain("NetworkPolicySpec's podSelector");
});

test('nothing is said of a type of ours, and nothing at all where the package is not', () => {
  expect(describe({ group: 'shallop.dev', version: 'v1', goName: 'LogicalCluster' })).toBeUndefined();
  expect(openDescriptions('file:///nowhere/index.js')).toBeUndefined();
});

test('a comment of several lines loses its stars', () => {
  const source =
    "/**\n* One.\n* Two.\n*/\nexport declare class A {\n    /**\n    * x \\'y\\'\n    */\n    '_from'?: string;\n}";
  expect(describedBy(source)).toEqual({ text: 'One.\nTwo.', fields: { from: "x 'y'" } });
});

test('C10: the packed file says the same, of the types that it was made for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-words-'));
  try {
    const types = ['DeploymentSpec', 'Deployment', 'NoSuchType'].map((goName) => ({ ...apps, goName }));
    writeFileSync(join(folder, packedName), packDescriptions(describe, types));
    for (const module of ['shallop.js', 'chunks/core.js']) {
      const packed = openDescriptions(pathToFileURL(join(folder, module)).href)!;
      for (const type of types) expect(packed(type)).toEqual(describe(type));
      expect(packed({ ...apps, goName: 'DaemonSet' })).toBeUndefined();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
