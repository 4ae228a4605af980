import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as lambda from '@aws-sdk/client-lambda';

type Input = Record<string, unknown>;
interface Service {
  send(operation: string, input: Input): Promise<unknown>;
}

/** Services by their names on the command line. */
const services: Record<string, () => Service> = {
  dynamodb: () => service(dynamodb, new dynamodb.DynamoDBClient({})),
  lambda: () => service(lambda, new lambda.LambdaClient({})),
};

/** Options of the command line itself, which say nothing to the service. */
const ofCommandLine = new Set(['CliBinaryFormat']);

/**
 * Does what `aws SERVICE OPERATION --option value …` of a page would, by the SDK: the command line is generated from the
 * same names. Throws for a service or an operation that it does not know.
 */
export async function awsCommand(line: string): Promise<unknown> {
  const [, name = '', operation = '', ...rest] = words(line);
  const open = services[name];
  if (!open) throw new Error(`no such service here: ${line}`);
  if (operation === 'wait') return undefined;
  return open().send(pascal(operation), inputOf(rest));
}

function service(sdk: object, client: { send(command: never): Promise<unknown> }): Service {
  return {
    send: (operation, input) => {
      const Command = (sdk as Record<string, new (input: Input) => unknown>)[`${operation}Command`];
      if (!Command) throw new Error(`the SDK knows no ${operation}`);
      return client.send(new Command(input) as never);
    },
  };
}

function inputOf(rest: string[]): Input {
  const input: Input = {};
  for (const [i, word] of rest.entries()) {
    if (!word.startsWith('--')) continue;
    const next = rest[i + 1];
    const key = pascal(word.slice(2));
    if (!ofCommandLine.has(key))
      input[key] = next === undefined || next.startsWith('--') ? true : typed(key, next);
  }
  return input;
}

const typed = (key: string, text: string): unknown => {
  if (key.endsWith('DateTime')) return new Date(text);
  return key === 'Payload' ? Buffer.from(text) : text;
};

const pascal = (kebab: string) => kebab.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

const words = (line: string) =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
