import { badRequest } from '../errors/common.ts';

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

  get matchesEverything(): boolean {
    return this.terms.length === 0;
  }

  /** `read` answers a field's value, `''` when the object has none. */
  matches(read: (field: string) => string): boolean {
    for (const { field, value, not } of this.terms) if ((read(field) === value) === not) return false;
    return true;
  }

  /** The one value an equality term demands of the field, if there is such a term. */
  exactly(field: string): string | undefined {
    return this.terms.find((term) => term.field === field && !term.not)?.value;
  }
}

/**
 * Parses `a.b=c,d!=e`; `\` escapes `,`, `=` and itself in values. Throws BadRequest. Whether the fields can be
 * selected by is for the caller to say.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const terms: FieldRequirement[] = [];
  for (const part of splitTerms(text)) {
    if (part === '') continue;
    const operator = /!=|==|=/.exec(part);
    if (!operator) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    terms.push({
      field: part.slice(0, operator.index),
      not: operator[0] === '!=',
      value: unescapeValue(part.slice(operator.index + operator[0].length)),
    });
  }
  return new FieldSelector(terms);
}

export const escapeFieldValue = (value: string): string => value.replace(/[\\,=]/g, '\\$&');

const splitTerms = (text: string): string[] => text.match(/(?:[^\\,]|\\[\s\S]?)+/g) ?? [];

function unescapeValue(value: string): string {
  return value.replace(/\\([\s\S]?)|=/g, (found: string, escaped?: string) => {
    // Go prints the rune as its number.
    if (found === '=') throw badRequest('invalid field selector: unescaped character in value: 61');
    if (escaped && '\\,='.includes(escaped)) return escaped;
    throw badRequest(`invalid field selector: invalid escape sequence: ${found}`);
  });
}
