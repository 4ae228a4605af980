/** A terminal of this size takes `pieces`, one after the other. */
export interface Case {
  name: string;
  rows: number;
  columns: number;
  pieces: string[];
}

const size = { rows: 6, columns: 20 };

const named: [name: string, ...pieces: string[]][] = [
  ['lines', 'one\r\ntwo\r\n', 'three'],
  ['a line that is too long', 'The quick brown fox jumps over the lazy dog'],
  ['more lines than rows', '1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8'],
  ['a sequence in pieces', '\x1b', '[3', '1mre', 'd\x1b]0;ti', 'tle\x1b', '\\ plain? \x1b[', 'm no'],
  ['the last column waits to wrap', `${'x'.repeat(20)}\b!`, `\r\n${'y'.repeat(20)}`, 'z'],
  ['no wrapping', '\x1b[?7l', 'The quick brown fox jumps over', '\x1b[?7h'],
  ['wide characters', '한글 日本\r\n', `${'x'.repeat(19)}한`, '\x1b[1;2Hx', '\x1b[1;6H\x1b[P'],
  ['accents', 'e\u0301a\u0308', '한\u0301'],
  ['lines and corners', '\x1b(0lqqk\r\nx  x\r\nmqqj\x1b(B lq', '\x1b)0\x0etu\x0fab'],
  ['colours', '\x1b[31;42ma\x1b[91;102mb\x1b[38;5;208;48;5;17mc\x1b[38;2;1;2;3;48;2;4;5;6md\x1b[39;49me'],
  [
    'colours with colons',
    '\x1b[38:5:208ma\x1b[38:2::1:2:3mb\x1b[48:2::1:2:3mc\x1b[m',
    '\x1b[58:5:1md\x1b[4:3me\x1b[4:0mf',
  ],
  ['marks', '\x1b[1ma\x1b[2mb\x1b[22;3mc\x1b[23;4md\x1b[24;7me\x1b[27;8mf\x1b[28;9mg\x1b[29mh'],
  [
    'erasing keeps the ground',
    '\x1b[44mblue\x1b[K\r\n\x1b[42m\x1b[J\x1b[m',
    '\x1b[2;5H\x1b[1K\x1b[4;4H\x1b[1J',
  ],
  ['erasing all of it', 'a\r\nb\r\nc', '\x1b[2J', 'd'],
  ['forgetting what is above', '1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8', '\x1b[3J'],
  ['moving', '\x1b[3;5Ha\x1b[Ab\x1b[2Bc\x1b[3Dd\x1b[Ce\x1b[99;99Hf\x1b[Gg\x1b[2dh\x1b[2Ei\x1b[Fj'],
  [
    'characters in and out',
    'abcdef',
    '\x1b[1;3H\x1b[2@',
    '\x1b[1;6H\x1b[P',
    '\x1b[1;1H\x1b[X',
    '\x1b[4hxy\x1b[4l',
  ],
  ['lines in and out', '1\r\n2\r\n3\r\n4\r\n5', '\x1b[2;1H\x1b[L', '\x1b[4;1H\x1b[2M'],
  [
    'an area that scrolls',
    '1\r\n2\r\n3\r\n4\r\n5\r\n6',
    '\x1b[2;4r\x1b[4;1H\n\nx',
    '\x1b[2;1H\x1bM',
    '\x1b[r',
  ],
  ['an area at the top', '1\r\n2\r\n3\r\n4\r\n5\r\n6', '\x1b[1;3r\x1b[3;1H\n\nx'],
  ['scrolling', '1\r\n2\r\n3\r\n4\r\n5\r\n6', '\x1b[2S', 'a\x1b[T'],
  ['places in an area', '\x1b[2;5r\x1b[?6h', 'a\x1b[2;2Hb\x1b[9;9Hc', '\x1b[?6l\x1b[1;1Hd'],
  ['another screen', 'before\r\n', '\x1b[?1049h\x1b[Hvi\r\n~', '\x1b[2;4r', '\x1b[?1049lafter'],
  ['saving', '\x1b[2;3H\x1b[1;31m\x1b7\x1b[m\x1b[5;5Hx\x1b8y', '\x1b[s\x1b[Hz\x1b[u!'],
  ['tabs', 'a\tb\tc\td', '\r\n\x1b[3g\x1b[5C\x1bH\r\tx', '\x1b[Zy'],
  ['again', 'ab\x1b[5b', '\x1b[mx\x1b[3b'],
  ['as at the beginning', '\x1b[31mred\x1b[2;4r\x1b[?7l', '\x1bc', 'The quick brown fox jumps'],
  ['set back', 'kept\x1b[31;4m\x1b[4h\x1b[2;3r', '\x1b[!p', '\x1b[5;1Hx'],
  [
    'what is nobody else’s',
    'a\x1b[>4;2mb\x1b[?2026hc\x1b[22;0;0td\x1bP1$r0m\x1b\\e\x1b_x\x1b\\f\x1b[?12$pg\x1b=h\x1b>',
  ],
  ['feeds that return', '\x1b[20ha\nb\x1b[20l\nc'],
  [
    'strings that are broken off',
    '\x1b]0;ti',
    'tle\x1b[31ma\x1b]0;x\x18b\x1b]0;y\x1ac',
    '\x1bPq#0\x07q',
    '\x1b[32md\x1b\\e\x1b^f\x07\x1b\\g\x1b_h',
  ],
  ['more parameters than are taken', `\x1b[${'1;'.repeat(31)}31ma\x1b[m\x1b[${'1;'.repeat(32)}31mb`],
  [
    'colours that are cut short',
    '\x1b[38;2;1ma\x1b[m\x1b[38;5mb\x1b[m\x1b[38;38;5;1mc\x1b[m\x1b[38;2;1;2;3;4md',
  ],
  ['tabs beyond the edges', 'a\x1b[99Ib\x1b[99Zc\x1b[2Id\x1b[65535Ze'],
];

/** xterm.js moves the place that ESC 7 has saved with lines that scroll; DEC's terminals, and real xterm, do not. */
const differing = [103];
const seeds = Array.from({ length: 150 }, (_, seed) => seed).filter((seed) => !differing.includes(seed));

/** Some that people think of, and some that nobody would. */
export const cases: Case[] = [
  ...named.map(([name, ...pieces]) => ({ name, ...size, pieces })),
  ...seeds.map((seed) => ({ name: `random ${seed}`, ...size, pieces: randomPieces(seed) })),
];

function randomPieces(seed: number): string[] {
  let state = seed + 1;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
  const oneOf = (from: readonly string[]) => from[below(from.length)]!;
  const number = () => oneOf(['', '0', '1', '2', '3', '5', '9', '30']);
  const makers = [
    () => oneOf(['hello', 'a', 'xy', 'The quick brown fox jumps over', '한글', '日', 'e\u0301', 'é', '│─']),
    () => oneOf(['\r\n', '\n', '\r', '\b', '\t', '\r\n\r\n']),
    () => `\x1b[${number()}${oneOf([...'ABCDEFGdae`'])}`,
    () => `\x1b[${number()};${number()}H`,
    () => `\x1b[${oneOf(['', '0', '1', '2'])}${oneOf(['J', 'K'])}`,
    () => `\x1b[${number()}${oneOf([...'LMP@XS'])}`,
    () =>
      `\x1b[${oneOf(['', '1', '2', '4', '7', '31', '104', '38;5;200', '48;5;17', '22', '39', '1;31;44'])}m`,
    () =>
      oneOf([
        '\x1b7',
        '\x1b8',
        '\x1bM',
        '\x1bD',
        '\x1bE',
        '\x1b(0lqk\x1b(B',
        '\x1bH',
        '\x1b[g',
        '\x1b[Z',
        '\x1b[4b',
      ]),
    () => (below(3) ? 'word ' : `\x1b[${oneOf(['2;5', '', '3;6', '1;4', '4;4'])}r`),
    () => oneOf(['\x1b[?1049h', '\x1b[?1049l', '\x1b[?7l', '\x1b[?7h', '\x1b[4h', '\x1b[4l', '\x1b[!p', 'x']),
  ];
  return Array.from({ length: 8 + below(24) }, () => makers[below(makers.length)]!());
}
