import { parse, stringify, type Tags } from 'yaml';
import { MalformedJson } from './json.ts';

/** Plain text in Kubernetes, although YAML 1.1 has types for them. */
const untyped = ['timestamp', 'binary', 'set', 'omap', 'pairs'].map((name) => `tag:yaml.org,2002:${name}`);
const customTags = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || !untyped.includes(tag.tag));

/** A YAML 1.1 document as plain values: `y` and `no` are booleans. Throws MalformedJson. */
export function parseYamlBody(text: string): unknown {
  try {
    return parse(text, {
      version: '1.1',
      maxAliasCount: 100,
      uniqueKeys: false,
      customTags,
      logLevel: 'error',
    });
  } catch (error) {
    throw new MalformedJson((error as Error).message.split('\n')[0]!);
  }
}

/** As `application/yaml` answers are written: keys sorted. */
export const toYaml = (value: unknown): string =>
  stringify(value, {
    sortMapEntries: true,
    version: '1.1',
    lineWidth: 0,
    indentSeq: false,
    aliasDuplicateObjects: false,
  });
