import type { FlagWords } from './flags.ts';

/** As kube-apiserver's library says it. */
export const pflagWords: FlagWords = {
  unknown: (written, name) => {
    if (name === '') return `bad flag syntax: ${written}`;
    if (written.startsWith('--')) return `unknown flag: ${written}`;
    return `unknown shorthand flag: '${name[0]}' in ${written}`;
  },
  needsValue: (written) => `flag needs an argument: ${written}`,
  notBoolean: (written, _, value) => {
    const quoted = JSON.stringify(value);
    return `invalid argument ${quoted} for "${written}" flag: strconv.ParseBool: parsing ${quoted}: invalid syntax`;
  },
  stray: (operands) =>
    `"kube-apiserver" does not take any arguments, got [${operands.map((each) => JSON.stringify(each)).join(' ')}]`,
};

/** As Go's own library says it, for etcd. */
export const goWords: FlagWords = {
  unknown: (written, name) =>
    name === '' ? `bad flag syntax: ${written}` : `flag provided but not defined: -${name}`,
  needsValue: (_, name) => `flag needs an argument: -${name}`,
  notBoolean: (_, name, value) => `invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`,
  stray: ([first]) => `${JSON.stringify(first)} is not a valid flag`,
};
