import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import { prepareForCreate } from '../../kinds/core/v1/pod/strategy.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { detailOf, type Level, levelText, violations } from './checks.ts';

interface Fixture {
  level: Level;
  minor: number;
  name: string;
  allowed: boolean;
  pod: Pod;
  message?: string;
}

/** The Pods of Kubernetes' own tests, and what a real server said of them (tools/podsecurity). */
const fixtures = gunzipSync(readFileSync(new URL('./testdata/fixtures.jsonl.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Fixture);

const versions = [...new Set(fixtures.map(({ level, minor }) => `${level}:v1.${minor}`))];

test.each(versions)(
  '%s lets the same Pods pass as Kubernetes, and says the same of the others',
  (version) => {
    const own = fixtures.filter((each) => levelText(each) === version);
    expect(own.length).toBeGreaterThan(10);
    const schema = goSchema('Pod');
    const told = own.map(({ name, pod: manifest, ...level }) => {
      const pod = schema.withDefaults(schema.decode(manifest)) as unknown as Pod;
      // Profiles of annotations become fields before anybody judges the Pod.
      prepareForCreate(pod, { clock: new ManualClock() });
      const found = violations(level, { metadata: pod.metadata, spec: pod.spec! });
      const text = found.length > 0 ? `violates PodSecurity "${version}": ${detailOf(found)}` : '';
      return { name, allowed: found.length === 0, ...(level.message !== undefined && { message: text }) };
    });
    expect(told).toEqual(
      own.map(({ name, allowed, message }) => ({ name, allowed, ...(message !== undefined && { message }) })),
    );
  },
);
