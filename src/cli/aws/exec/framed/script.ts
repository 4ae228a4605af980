import { quoted } from '../script.ts';

/** Stands before every frame; a `;` after it. */
export const frameStart = 0x1e;
/** So much of the input goes in one piece at most. */
const longestPiece = 12_288;

/** Some of the input as the script reads it: its length on a line of its own, then itself. */
export function inputFrames(bytes: Uint8Array): Buffer {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; at += longestPiece) {
    const piece = Buffer.from(bytes.subarray(at, at + longestPiece)).toString('base64');
    frames.push(`${piece.length}\n${piece}`);
  }
  return Buffer.from(frames.join(''));
}

export const endOfInput = Buffer.from('0\n');

/**
 * The command line that ECS Exec is to run for a program and its arguments when the user has no terminal, though ECS
 * gives one: what goes over it is Base64, so that no byte is changed and the program's two outputs stay apart. The
 * container needs `sh`, `base64`, `dd` and `stty`: what it says before the first frame is that one is missing.
 *
 * A frame is `r` (ready for input), `o` or `e` (some output), `x` (the exit code).
 */
export function framedCommandLine(words: string[], stdin: boolean): string {
  const program = `exec ${words.map(quoted).join(' ')}`;
  const script = `${preamble}${stdin ? `input <&6 9>&- | ${run(program)}` : `${run(program)} </dev/null`}\n}`;
  // Without quotes, and as Base64 short: it is a parameter of an address on its way.
  return `sh -c 'eval "$(printf %s ${Buffer.from(script).toString('base64')} | base64 -d)"'`;
}

/**
 * Two processes write to one terminal: the one that has taken the line out of pipe 9 may. `dd` passes on what there is, where `base64`
 * by itself would wait for more.
 */
const preamble = `dd iflag=fullblock count=0 </dev/null 2>/dev/null || { echo 'dd with fullblock: not found'; exit; }
stty raw -echo || exit
input() {
  while read -r n && [ "$n" != 0 ]; do dd bs=$n count=1 iflag=fullblock 2>/dev/null | base64 -d; done
}
frames() {
  while b=$(dd bs=16384 count=1 2>/dev/null | base64) && [ "$b" ]; do
    read -r _ <&9; printf "\\036$1%s;" "$b" >&5; echo >&9
  done
}
exec 5>&1 6<&0
printf '\\036r;'
: | {
exec 9<>/proc/self/fd/0
echo >&9
`;

/** Its code comes by 3, its output by 4; it has none of the descriptors of this script. */
const run = (program: string) => `{
code=$({ { { (${program} 3>&- 4>&- 5>&- 6<&- 9>&-); echo $? >&3; } 2>&1 >&4 | frames e; } 4>&1 | frames o; } 3>&1)
printf "\\036x$code;" >&5
}`;
