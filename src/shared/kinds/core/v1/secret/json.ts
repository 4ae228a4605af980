/**
 * Returns why a text is no JSON object, in the words of Go's encoding/json as far as these can be told from
 * JavaScript's own complaint; undefined when it is one.
 */
export function jsonObjectProblem(text: string): string | undefined {
  if (text.trim() === '') return 'unexpected end of JSON input';
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && !Array.isArray(value)) return undefined;
    return `json: cannot unmarshal ${typeName(value)} into Go value of type map[string]interface {}`;
  } catch {
    return literalProblem(text) ?? syntaxProblem(text);
  }
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** A word that starts like null, true or false and goes on differently. */
function literalProblem(text: string): string | undefined {
  const start = text.trimStart();
  for (const literal of ['null', 'true', 'false']) {
    if (start[0] !== literal[0]) continue;
    const at = [...literal].findIndex((letter, i) => start[i] !== letter);
    if (at < 0) return undefined;
    if (start[at] === undefined) return 'unexpected end of JSON input';
    return `invalid character ${quotedCharacter(start[at])} in literal ${literal} (expecting '${literal[at]}')`;
  }
  return undefined;
}

function syntaxProblem(text: string): string {
  const first = text.trimStart()[0]!;
  if (!/[[{"\d-]/.test(first)) {
    return `invalid character ${quotedCharacter(first)} looking for beginning of value`;
  }
  return 'unexpected end of JSON input';
}

const quotedCharacter = (character: string): string => (character === "'" ? `'\\''` : `'${character}'`);
