import { createInterface } from 'node:readline/promises';
import { protect } from './table.ts';

export interface DestroyParts {
  /** Name of the deployment where no argument says it: that of cdk.json. */
  usualName?: string | undefined;
  /** Asks the user, who can be asked; absent: nobody can. */
  ask?(question: string): Promise<string>;
  /** Takes the protection from the table of that name. */
  unprotect(table: string): Promise<boolean>;
  destroy(args: string[]): Promise<void>;
}

/**
 * Destroys a deployment once its name has been typed, or with `--yes`. All objects go with it, so that its table is
 * protected until then. Throws when the name is not typed.
 */
export async function destroyAsked(args: string[], parts: DestroyParts): Promise<void> {
  const name = nameIn(args) || parts.usualName || 'default';
  const isSure = args.some((arg) => arg === '--yes' || arg === '-y' || arg === '--force');
  if (!isSure) await sure(name, parts.ask);
  await parts.unprotect(`shallop-${name}`);
  await parts.destroy(['--force', ...args.filter((arg) => !/^(--yes|-y|--force|-f)$/.test(arg))]);
}

/** The CDK takes `-c name=dev`, `-cname=dev` and `--context=name=dev`; the last one counts. */
const nameIn = (args: string[]): string | undefined =>
  args.map((arg) => /^(?:-c=?|--context=)?name=(.*)$/.exec(arg)?.[1]).findLast((name) => name !== undefined);

async function sure(name: string, ask: DestroyParts['ask']): Promise<void> {
  if (!ask)
    throw new Error(`nobody can be asked here: say --yes to destroy shallop-${name} with all its objects`);
  const typed = await ask(
    `This deletes shallop-${name} with every object, Pod, load balancer and Secret. Type ${name} to go on: `,
  );
  if (typed.trim() !== name) throw new Error(`shallop-${name} stays as it is`);
}

/** As `npm run destroy` does it: the user is asked where there is a terminal. */
export const inTerminal = ({
  destroy,
  usualName,
}: Pick<DestroyParts, 'destroy' | 'usualName'>): DestroyParts => ({
  destroy,
  usualName,
  unprotect: (table) => protect(table, false),
  ...(process.stdin.isTTY && {
    ask: async (question: string) => {
      const terminal = createInterface({ input: process.stdin, output: process.stdout });
      try {
        return await terminal.question(question);
      } finally {
        terminal.close();
      }
    },
  }),
});
