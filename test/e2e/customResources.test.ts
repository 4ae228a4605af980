import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';

const versions: ToolVersion[] = ['v35', 'v32'];
for (const version of versions) ofVersion(version);

function ofVersion(version: ToolVersion): void {
  const kubectl = packagedTool('kubectl', version);
  const { describe: describeWithKubectl } = needs(noTool(kubectl));

  describeWithKubectl(`custom resources with kubectl ${version}`, () => {
    let plane: Plane;
    let cli: ReturnType<typeof kubectlFor>;

    beforeAll(async () => {
      plane = await openPlane('custom');
      cli = kubectlFor(kubectl!, plane);
      await plane.start();
    });
    afterAll(() => plane?.close());

    test('B1: a file of kinds served and not served creates what is served', async () => {
      const documents = [map('one'), monitor, odd, map('two')].map((each) => stringify(each)).join('---\n');
      const said = await cli.raw(['apply', '-f', '-'], documents);
      expect(said).toEqual({
        code: 1,
        stdout: 'configmap/one created\nconfigmap/two created\n',
        stderr: expect.stringMatching(
          /no matches for kind "ServiceMonitor" in version "monitoring.coreos.com\/v1"[\s\S]*no matches for kind "Odd" in version "apps\/v1"/,
        ),
      });
      expect(await cli.k('get', 'crd')).toBe('');
    });

    test('a definition is served at once, with its columns, short names, categories and fields', async () => {
      await cli.apply([definition]);
      expect(await cli.apply([widget('a', 2)])).toBe('widget.shallop.test/a created');
      await cli.k('wait', '--for=condition=Established', 'crd/widgets.shallop.test', '--timeout=90s');
      expect((await cli.k('get', 'wd')).replace(/ +/g, ' ')).toBe('NAME SIZE COLOUR\na 2 red');
      expect(await cli.k('get', 'toys', '-o', 'name')).toBe('widget.shallop.test/a');
      expect(await cli.k('get', 'widgets', '--field-selector', 'spec.colour=blue', '-o', 'name')).toBe('');
      expect(await cli.k('explain', 'widget.spec.size')).toMatch(
        /FIELD: size <integer>[\s\S]*How large it is\./,
      );
      expect(await cli.k('api-resources', '--api-group', 'shallop.test', '-o', 'name')).toBe(
        'widgets.shallop.test',
      );
    });

    test('objects are judged by their schema, rules and fields', async () => {
      const refused = async (object: object) =>
        (await cli.raw(['apply', '-f', '-'], JSON.stringify(object))).stderr;
      expect(await refused(widget('large', 11))).toContain(
        'spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10',
      );
      expect(await refused(widget('odd', 3))).toContain('spec: Invalid value: even sizes only');
      const unknown = { ...widget('unknown', 2), spec: { size: 2, sise: 3 } };
      expect(await refused(unknown)).toContain('unknown field "spec.sise"');
      await expect(cli.k('patch', 'widget', 'a', '-p', '{}')).rejects.toThrow(
        'application/strategic-merge-patch+json is not supported by shallop.test/v1, Kind=Widget',
      );
    });

    test('changes, scale and status go their own ways', async () => {
      await cli.k('patch', 'widget', 'a', '--type=merge', '-p', '{"spec":{"size":4}}');
      await cli.k('scale', 'widget/a', '--replicas=6');
      const status = { status: { ready: true }, spec: { size: 8 } };
      await cli.k(
        'patch',
        'widget',
        'a',
        '--type=merge',
        '--subresource=status',
        '-p',
        JSON.stringify(status),
      );
      await cli.apply(
        [{ ...widget('a', 6), spec: { colour: 'blue' } }],
        '--server-side',
        '--force-conflicts',
      );
      expect(await cli.json('get', 'widget', 'a')).toMatchObject({
        metadata: { generation: 4 },
        spec: { size: 6, colour: 'blue' },
        status: { ready: true },
      });
    });

    test('objects and their kind go with the definition', async () => {
      await cli.k('delete', 'crd', 'widgets.shallop.test', '--timeout=90s');
      await expect(cli.k('get', 'widgets')).rejects.toThrow(
        /could not find the requested resource|doesn't have a resource type/,
      );
      await cli.apply([definition]);
      expect(await cli.k('get', 'widgets', '-o', 'name')).toBe('');
    });
  });
}

const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const monitor = { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata: { name: 'm' } };
const odd = { apiVersion: 'apps/v1', kind: 'Odd', metadata: { name: 'o' } };
const widget = (name: string, size: number) => ({
  apiVersion: 'shallop.test/v1',
  kind: 'Widget',
  metadata: { name },
  spec: { size },
});

const spec = {
  type: 'object',
  'x-kubernetes-validations': [{ rule: '!has(self.size) || self.size % 2 == 0', message: 'even sizes only' }],
  properties: {
    size: { type: 'integer', maximum: 10, description: 'How large it is.' },
    colour: { type: 'string', default: 'red' },
  },
};
const status = { type: 'object', properties: { ready: { type: 'boolean' }, size: { type: 'integer' } } };
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.shallop.test' },
  spec: {
    group: 'shallop.test',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'], categories: ['toys'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec, status } } },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Colour', type: 'string', jsonPath: '.spec.colour' },
        ],
        selectableFields: [{ jsonPath: '.spec.colour' }],
      },
    ],
  },
};
