/**
 * Asks the parser that Kubernetes uses, robfig/cron with Go's time zones, when schedules come next to every change of the
 * clock of every zone, and writes its answers: `node tools/cron/record.ts MODULE`, where MODULE is the folder of a Go
 * module that requires k8s.io/kubernetes.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isTimeZone } from '../../src/shared/meta/cron/index.ts';
import { seeded } from '../differential/grammar.ts';
import { changesOf } from './changes.ts';

const program = `package main

import (
	"bufio"
	"encoding/json"
	"os"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

type asked struct {
	Schedule string  \`json:"schedule"\`
	Zone     string  \`json:"zone"\`
	From     int64   \`json:"from"\`
	Change   int64   \`json:"change,omitempty"\`
	Next     []int64 \`json:"next,omitempty"\`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var one asked
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			panic(err)
		}
		// Whose rules have another edition there: it does not change then.
		zone, err := time.LoadLocation(one.Zone)
		if err != nil {
			panic(err)
		}
		_, before := time.Unix(one.Change-60, 0).In(zone).Zone()
		_, after := time.Unix(one.Change, 0).In(zone).Zone()
		if before == after {
			continue
		}
		one.Change = 0
		// As the CronJob controller has it (formatSchedule).
		schedule, err := cron.ParseStandard("TZ=" + one.Zone + " " + one.Schedule)
		if err != nil {
			panic(err)
		}
		at := time.Unix(one.From, 0).UTC()
		for i := 0; i < 4; i++ {
			at = schedule.Next(at)
			if at.IsZero() {
				break
			}
			one.Next = append(one.Next, at.Unix())
		}
		out.Encode(one)
	}
}
`;

const [moduleFolder] = process.argv.slice(2);
if (!moduleFolder) throw new Error('usage: node tools/cron/record.ts MODULE');
const work = mkdtempSync(join(tmpdir(), 'shallop-cron-'));
for (const file of ['go.mod', 'go.sum']) copyFileSync(join(moduleFolder, file), join(work, file));
writeFileSync(join(work, 'main.go'), program);

const random = seeded(35);
const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
const upTo = (most: number) => Math.floor(random() * (most + 1));
/** Hours that a change is near to come often. */
const hours = () => one(['*', '*/2', '0', '1', '2', '3', '1-3', '0,23', '@', `${upTo(23)}`]);
function schedule(): string {
  const hour = hours();
  if (hour === '@') return one(['@hourly', '@daily', '@weekly', '@every 90m']);
  return `${one(['0', '15', '30', '45', '*/20', '59'])} ${hour} ${one(['*', '*', '1', '*/7'])} * ${one(['*', '*', '*', '0', '1-5'])}`;
}

const begin = Date.UTC(2024, 0, 1);
const years = 2 * 365 * 86_400_000;
const asked = Intl.supportedValuesOf('timeZone')
  .filter(isTimeZone)
  .flatMap((zone) => changesOf(zone, begin, begin + years).map((at) => ({ zone, at })))
  .flatMap(({ zone, at }) =>
    Array.from({ length: 3 }, () => ({
      schedule: schedule(),
      zone,
      change: at / 1000,
      from: at / 1000 + 60 * (upTo(480) - 360) + upTo(59),
    })),
  );
const answers = execFileSync('go', ['run', '.'], {
  cwd: work,
  env: { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' },
  input: asked.map((line) => JSON.stringify(line)).join('\n'),
  maxBuffer: 1 << 28,
});
const target = join(import.meta.dirname, '../../src/shared/meta/cron/testdata/changes.jsonl.gz');
writeFileSync(target, gzipSync(answers, { level: 9 }));
const written = answers.toString().trim().split('\n').length;
console.log(
  `${written} schedules beside ${written / 3} changes, of ${asked.length / 3} by the zones of Node`,
);
rmSync(work, { recursive: true });
