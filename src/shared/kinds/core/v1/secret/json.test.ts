import { expect, test } from '@jest/globals';
import { jsonObjectProblem } from './json.ts';

test.each([
  { text: '{}', problem: undefined },
  { text: ' {"auths":{}} ', problem: undefined },
  { text: 'null', problem: undefined },
  { text: '', problem: 'unexpected end of JSON input' },
  { text: '{"a":', problem: 'unexpected end of JSON input' },
  { text: 'not', problem: "invalid character 'o' in literal null (expecting 'u')" },
  { text: 'x', problem: "invalid character 'x' looking for beginning of value" },
  { text: '[]', problem: 'json: cannot unmarshal array into Go value of type map[string]interface {}' },
  { text: '1', problem: 'json: cannot unmarshal number into Go value of type map[string]interface {}' },
])('$text: $problem', ({ text, problem }) => expect(jsonObjectProblem(text)).toBe(problem));
