import { exactly, parseExactJson } from '../../meta/integers.ts';
import { maxDepth } from './mismatch.ts';

/** Is thrown when a body is no JSON; the message is Go's where that can be told. */
export class MalformedJson extends Error {}

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The value of a JSON body and its text. Throws MalformedJson with Go's words as far as they can be told, and for
 * nesting deeper than any object needs.
 */
export function parseJsonBody(bytes: Uint8Array): { text: string; value: unknown } {
  const text = decodeUtf8(bytes);
  checkDepth(text);
  try {
    const value = parseExactJson(text);
    // Half a surrogate pair is no character.
    return { text, value: /\\u[dD][89a-fA-F]/.test(text) ? JSON.parse(text, wellFormed) : value };
  } catch (error) {
    throw new MalformedJson(inGo(text, error as SyntaxError));
  }
}

const wellFormed = (key: string, value: unknown, context?: { source?: string }) =>
  typeof value === 'string' ? value.toWellFormed() : exactly(key, value, context);

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new MalformedJson('invalid UTF-8');
  }
}

function checkDepth(text: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22:
        i = endOfString(text, i);
        break;
      case 0x7b:
      case 0x5b:
        if (++depth > maxDepth) throw new MalformedJson('exceeded max depth');
        break;
      case 0x7d:
      case 0x5d:
        depth--;
    }
  }
}

/** Returns where the string that opens at `start` closes. */
function endOfString(text: string, start: number): number {
  for (let i = text.indexOf('"', start + 1); i !== -1; i = text.indexOf('"', i + 1)) {
    let slashes = 0;
    while (text.charCodeAt(i - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return i;
  }
  return text.length;
}

function inGo(text: string, error: SyntaxError): string {
  const at = /at position (\d+)/.exec(error.message)?.[1];
  const token = at === undefined ? /Unexpected token '(.)'/su.exec(error.message)?.[1] : text[Number(at)];
  if (token === undefined || /end of JSON input|Unterminated/.test(error.message))
    return 'unexpected end of JSON input';
  const shown = token < ' ' ? `\\x${token.charCodeAt(0).toString(16).padStart(2, '0')}` : token;
  const where = /after JSON|whitespace character after/.test(error.message)
    ? 'after top-level value'
    : /double-quoted property name/.test(error.message)
      ? 'looking for beginning of object key string'
      : 'looking for beginning of value';
  return `invalid character '${shown}' ${where}`;
}
