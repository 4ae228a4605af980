import { expect, test } from '@jest/globals';
import { Series } from '../../tools/operators/metrics.ts';
import { type Answered, refusalsOf, warningsOf } from '../../tools/operators/refusals.ts';

const answered = (
  code: number,
  requestURI: string,
  message = '',
  userAgent = 'kueue/v0.0.0 (linux)',
): Answered => ({
  requestURI,
  verb: 'get',
  userAgent,
  responseStatus: { code, message },
});

test.each<[why: string, answer: Answered, refusals: string[]]>([
  ['a success', answered(200, '/api/v1/pods'), []],
  ['an object that is not there', answered(404, '/api/v1/namespaces/a/pods/b', 'pods "b" not found'), []],
  ['a write that comes too late', answered(409, '/api/v1/namespaces/a/pods/b', 'Operation cannot be'), []],
  ['a request of the story', answered(404, '/nix', '', 'kubectl/v1.35.2 (linux)'), []],
  ['an unknown route', answered(404, '/apis/a.b/v1?timeout=5s'), ['1 × 404 get /apis/a.b/v1 (kueue): ']],
  ['a right that is not given', answered(403, '/livez', 'no'), ['1 × 403 get /livez (kueue): no']],
  ['a type of content', answered(415, '/api/v1/pods', 'no'), ['1 × 415 get /api/v1/pods (kueue): no']],
])('of %s is told what a reader has to judge', (_, answer, refusals) => {
  expect(refusalsOf([answer])).toEqual(refusals);
});

test('the same refusal is told once, with how often it came', () => {
  const unknown = answered(404, '/apis/a.b/v1');
  expect(refusalsOf([unknown, answered(406, '/version'), unknown])).toEqual([
    '2 × 404 get /apis/a.b/v1 (kueue): ',
    '1 × 406 get /version (kueue): ',
  ]);
});

test('series are counted and added up by their labels', () => {
  const series = new Series('# HELP a b\na{x="1",y="2"} 3\na{x="1",y="3"} 4e1\nab{x="1"} 5\n');
  expect(series.count('a')).toBe(2);
  expect(series.sum('a', 'x="1"')).toBe(43);
  expect(series.sum('a', 'y="3"')).toBe(40);
  expect(series.sum('a', 'y="4"')).toBeUndefined();
});

test('warnings are told once, however a program writes them down', () => {
  const log = [
    'W1130 15:35:53.228705       1 warnings.go:110] "Warning: v1 Endpoints is deprecated in v1.33+"',
    'W1130 15:36:53.228705       1 warnings.go:110] "Warning: v1 Endpoints is deprecated in v1.33+"',
    '2026-11-30T15:35:53Z\tINFO\tKubeAPIWarningLogger\tunknown field "spec.nix"',
    'I1130 15:35:53.228705       1 server.go:110] "Started"',
  ].join('\n');
  expect(warningsOf(log)).toEqual([
    '"Warning: v1 Endpoints is deprecated in v1.33+"',
    'unknown field "spec.nix"',
  ]);
});
