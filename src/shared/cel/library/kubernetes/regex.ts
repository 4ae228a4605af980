import { intType, listOf, stringType } from '../../types/type.ts';
import { ArrayList } from '../../values/list.ts';
import { fail, type Outcome, type Value } from '../../values/value.ts';
import { declare, method } from '../declare.ts';
import { compilePattern, stepThrough } from '../patterns.ts';

/** Up to `most` parts of a text that a pattern matches; all when negative. */
function matches(text: Value, source: Value, most: number): Outcome {
  const compiled = compilePattern(source as string);
  if ('problem' in compiled) return fail(`Illegal regex: ${compiled.problem}`);
  const matcher = compiled.pattern.matcher(text as string);
  const found: string[] = [];
  const { length } = text as string;
  let at = 0;
  while (found.length !== most) {
    stepThrough(compiled, length - at);
    if (!matcher.find()) break;
    found.push(matcher.group() ?? '');
    at = matcher.end();
  }
  return new ArrayList(found);
}

function find([text = null, source = null]: readonly Value[]): Outcome {
  const found = matches(text, source, 1);
  return found instanceof ArrayList ? (found.size > 0 ? found.at(0) : '') : found;
}

const findAll = ([text = null, source = null, most = -1n]: readonly Value[]): Outcome =>
  matches(text, source, Number(most));

export const regex = [
  declare('find', method('string_find_string', [stringType, stringType], stringType, find)),
  declare(
    'findAll',
    method('string_find_all_string', [stringType, stringType], listOf(stringType), findAll),
    method('string_find_all_string_int', [stringType, stringType, intType], listOf(stringType), findAll),
  ),
];
