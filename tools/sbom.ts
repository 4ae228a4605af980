import type { Package } from './bundledPackages.ts';

/**
 * What the npm package consists of, as a CycloneDX 1.6 document: packages inside the bundle, and those that npm installs
 * beside it. It has no time and no random number, so that the same sources give the same document.
 */
export function sbomOf(
  own: { name: string; version: string; license: string },
  bundled: readonly Package[],
  installed: readonly Package[],
): string {
  const ref = `pkg:npm/${own.name}@${own.version}`;
  const all = [
    ...bundled.map((each) => component(each, 'bundled into dist/')),
    ...installed.map((each) => component(each, 'installed by npm')),
  ];
  // A package may lie in several folders of node_modules; a document names it once.
  const components = [...new Map(all.map((each) => [each['bom-ref'], each])).values()];
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': ref, purl: ref, ...named(own) },
    },
    components,
    dependencies: [{ ref, dependsOn: components.map((each) => each['bom-ref']) }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function component(each: Package, how: string) {
  const purl = `pkg:npm/${each.name.replace('@', '%40')}@${each.version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    purl,
    ...named(each),
    properties: [{ name: 'shallop:how', value: how }],
  };
}

const named = ({ name, version, license }: Pick<Package, 'name' | 'version' | 'license'>) => ({
  name,
  version,
  licenses: [/ (OR|AND) /.test(license) ? { expression: license } : { license: { id: license } }],
});
