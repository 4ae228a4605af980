import { ApiError } from '../errors/apiError.ts';

export interface FieldRequirement {
  field: string;
  value: string;
  /** `!=` */
  not: boolean;
}

/** A parsed field selector: every term has to hold. */
export class FieldSelector {
  readonly terms: FieldRequirement[];

  constructor(terms: FieldRequirement[]) {
    this.terms = terms;
  }

  /** `valueOf` answers a field's value, `''` when the object has none. */
  matches(valueOf: (field: string) => string): boolean {
    return this.terms.every(({ field, value, not }) => (valueOf(field) === value) !== not);
  }

  /** The one value an equality term demands of the field, if there is such a term. */
  exactly(field: string): string | undefined {
    return this.terms.find((term) => term.field === field && !term.not)?.value;
  }
}

/** Parses `a.b=c,d!=e`; `\` escapes `,`, `=` and itself in values. Throws BadRequest. */
export function parseFieldSelector(text: string): FieldSelector {
  const terms: FieldRequirement[] = [];
  for (const part of splitUnescaped(text)) {
    if (part === '') continue;
    const match = /^((?:[^\\=!]|\\.)*?)(==|!=|=)((?:[^\\]|\\.)*)$/s.exec(part);
    if (!match) throw new ApiError('BadRequest', `invalid selector: '${part}'; can't understand '${part}'`);
    terms.push({ field: match[1]!, not: match[2] === '!=', value: unescape(match[3]!, part) });
  }
  return new FieldSelector(terms);
}

export const escapeFieldValue = (value: string): string => value.replace(/[\\,=]/g, '\\$&');

function splitUnescaped(text: string): string[] {
  return text.match(/(?:[^\\,]|\\.)+/gs) ?? [];
}

function unescape(value: string, part: string): string {
  if (/(?:^|[^\\])(?:\\\\)*=/.test(value))
    throw new ApiError('BadRequest', `invalid selector: '${part}'; can't understand '${part}'`);
  return value.replace(/\\(.)/gs, (_whole, char: string) => {
    if (!'\\,='.includes(char))
      throw new ApiError('BadRequest', `invalid field selector: invalid escape sequence in value: \\${char}`);
    return char;
  });
}
