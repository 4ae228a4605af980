import { CallFailed, type WebhookAnswer, type WebhookRequest, type Webhooks } from '../ports/webhooks.ts';

/** Answers by URL; nobody is at others. */
export class FakeWebhooks implements Webhooks {
  /** Is what was asked, in order. */
  readonly asked: WebhookRequest[] = [];
  readonly #hooks = new Map<string, (request: WebhookRequest) => Promise<string> | string>();

  /** @param answer gives the JSON of an answer of status 200. */
  on(url: string, answer: (request: WebhookRequest) => Promise<string> | string): void {
    this.#hooks.set(url, answer);
  }
  async post(request: WebhookRequest): Promise<WebhookAnswer> {
    this.asked.push(request);
    const url = request.address.url ?? '';
    const answer = this.#hooks.get(url);
    if (!answer) throw new CallFailed(`Post "${url}": no such host`);
    return { status: 200, contentType: 'application/json', body: Buffer.from(await answer(request)) };
  }
}
