import { boolType, stringType } from '../../types/type.ts';
import { fail, noSuchOverload, type Outcome, type Value } from '../../values/value.ts';
import { declareDynamic, notFor } from '../declare.ts';
import { compilePattern, stepThrough } from '../patterns.ts';

/** Methods of strings that cel-go does not guard by the types of their arguments. */
const onText = (name: string, id: string, run: (text: string, other: string) => boolean) =>
  declareDynamic(
    name,
    ([text, other]) =>
      typeof text === 'string' && typeof other === 'string' ? run(text, other) : noSuchOverload(),
    [id, [stringType, stringType], boolType, 'method'],
  );

function matches([text = null, source = null]: readonly Value[]): Outcome {
  if (typeof text !== 'string') return notFor('matches', text);
  if (typeof source !== 'string') return noSuchOverload();
  const compiled = compilePattern(source);
  if ('problem' in compiled) return fail(compiled.problem);
  stepThrough(compiled, text.length);
  return compiled.pattern.matcher(text).find();
}

export const text = [
  onText('contains', 'contains_string', (whole, part) => whole.includes(part)),
  onText('endsWith', 'ends_with_string', (whole, end) => whole.endsWith(end)),
  onText('startsWith', 'starts_with_string', (whole, start) => whole.startsWith(start)),
  declareDynamic(
    'matches',
    matches,
    ['matches', [stringType, stringType], boolType],
    ['matches_string', [stringType, stringType], boolType, 'method'],
  ),
];
