import type { Clock } from '../../../src/shared/clock/clock.ts';
import { allFaults, type Faults, noFaults } from '../dynamodb/faults.ts';

/** What goes wrong besides DynamoDB, as probabilities. */
export interface Trouble {
  /** A function's process dies, somewhere within a run. */
  kill: number;
  /** It dies right after a call to AWS had its effect. */
  strike: number;
  /** A call to AWS is throttled; fails before its effect; fails after it. */
  aws: number;
  /** A record, a message or a task's event is lost; comes twice. */
  drop: number;
  duplicate: number;
  /** For a while all calls of one service fail, and what is to be told is lost: how much of the time. */
  spells: number;
}

const noTrouble: Trouble = { kill: 0, strike: 0, aws: 0, drop: 0, duplicate: 0, spells: 0 };

const worst: Trouble = {
  kill: 0.1,
  strike: 0.08,
  aws: 0.1,
  drop: 0.12,
  duplicate: 0.15,
  spells: 0.25,
};

const scaled = <T extends object>(shares: T, by: number): T =>
  Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, share * by])) as T;

/**
 * `worst`: everything goes wrong that may. `disturbed`: only what a queue makes good by itself, things fail, come late, twice
 * and in any order, but nothing is lost. `calm`: no trouble.
 */
export type Mood = 'worst' | 'disturbed' | 'calm';

/** How it is in a mood, in a world of so much harm (0 to 1): also DynamoDB's faults, and how late messages may come. */
export function moodOf(mood: Mood, harm: number): { trouble: Trouble; faults: Faults; lateMs: number } {
  if (mood === 'calm') return { trouble: noTrouble, faults: { ...noFaults, delayMs: 1 }, lateMs: 0 };
  const { throttle, conflict, slow, lose } = allFaults;
  const faults = { ...allFaults, ...scaled({ throttle, conflict, slow, lose }, harm) };
  const trouble = scaled(worst, harm);
  if (mood === 'worst') return { trouble, faults, lateMs: 400 };
  const { aws, duplicate } = trouble;
  return { trouble: { ...noTrouble, aws, duplicate }, faults: { ...faults, lose: 0 }, lateMs: 400 };
}

const longestSpellMs = 12_000;

/** Outages: whether one is on, by name. Each name is looked at anew when its last spell has passed. */
export function openSpells(clock: Clock, random: () => number, trouble: () => Trouble) {
  const spells = new Map<string, { on: boolean; until: number }>();
  return (name: string): boolean => {
    const { spells: share } = trouble();
    if (!share) return false;
    const known = spells.get(name);
    if (known && known.until > clock.now()) return known.on;
    const fresh = { on: random() < share, until: clock.now() + random() * longestSpellMs };
    spells.set(name, fresh);
    return fresh.on;
  };
}

export interface Unreliable {
  clock: Clock;
  random: () => number;
  trouble(): Trouble;
  /** Whether the whole service is out. */
  out(service: string): boolean;
}

interface Command {
  constructor: { name: string };
  input: unknown;
}
export interface AwsClient {
  send(command: Command): Promise<never>;
}

const longestWayMs = 15;
const slowMs = 2_000;
const isRead = /^(Describe|List|Get)/;
const failure = (name: string, $fault: string) => Object.assign(new Error(name), { name, $fault });

/**
 * A service as one process sees it: calls take their time, are throttled, fail before or after they had their effect.
 * `struck` is told of each effect, and may end the process then.
 */
export const unreliable =
  ({ clock, random, trouble, out }: Unreliable) =>
  (service: string, client: AwsClient, struck: () => void): AwsClient => ({
    send: async (command) => {
      const { aws, strike } = trouble();
      const way = () => clock.sleep(Math.ceil(random() * (random() < aws / 2 ? slowMs : longestWayMs)));
      await way();
      if (out(service) || random() < aws) throw failure('ThrottlingException', 'client');
      if (random() < aws) throw failure('TimeoutError', 'server');
      const answer = await client.send(command);
      if (!isRead.test(command.constructor.name) && random() < strike) struck();
      await way();
      if (random() < aws / 2) throw failure('InternalServerException', 'server');
      return answer;
    },
  });
