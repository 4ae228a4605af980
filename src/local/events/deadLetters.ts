import { json, pageNotFound } from '../../shared/api/http/answer.ts';
import { methodNotAllowed } from '../../shared/api/http/errors.ts';
import type { ApiRequest } from '../../shared/api/http/message.ts';
import type { Paths } from '../../shared/api/paths.ts';
import { badRequest } from '../../shared/errors/common.ts';
import type { DeadLetter } from '../../shared/ports/outbox.ts';

/** What there is to do about events that nobody took. */
export interface DeadLetterBox {
  deadLetters(): DeadLetter[];
  /** Has those of these numbers wait again, or all. Answers how many there were. */
  retry(numbers?: readonly number[]): Promise<number>;
  /** Forgets those of these numbers, or all. Answers how many there were. */
  drop(numbers?: readonly number[]): Promise<number>;
}

/** A dead letter as it is shown: of its object there is only the place, since rights to objects are others. */
export interface ShownLetter {
  number: number;
  to: string;
  id: string;
  object: string;
  reason: string;
  since: string;
  died: string;
}

const longestBody = 1_000_000;

/**
 * /events/dead-letters: GET lists them, POST has them tried again, DELETE forgets them: those of `{"numbers": […]}`, or all when
 * there is no body.
 */
export const deadLetterPaths =
  (box: DeadLetterBox): Paths =>
  async (request, { cluster, segments }) => {
    if (cluster !== 'default' || segments.length > 2) return pageNotFound();
    switch (request.method) {
      case 'GET':
        return json(200, { items: box.deadLetters().map(shown) });
      case 'POST':
        return json(200, { retried: await box.retry(await numbersIn(request)) });
      case 'DELETE':
        return json(200, { dropped: await box.drop(await numbersIn(request)) });
      default:
        throw methodNotAllowed();
    }
  };

const shown = ({ number, to, id, object, reason, since, died }: DeadLetter): ShownLetter => ({
  ...{ number, to, id, object, reason },
  since: new Date(since).toISOString(),
  died: new Date(died).toISOString(),
});

async function numbersIn(request: ApiRequest): Promise<number[] | undefined> {
  const body = Buffer.from(await request.body(longestBody)).toString();
  if (body === '') return undefined;
  const wrong = badRequest('the body is {"numbers": […]} with the numbers of dead letters, or empty for all');
  let numbers: unknown;
  try {
    ({ numbers } = JSON.parse(body) as { numbers?: unknown });
  } catch {
    throw wrong;
  }
  if (!Array.isArray(numbers) || !numbers.every((each) => Number.isSafeInteger(each))) throw wrong;
  return numbers as number[];
}
