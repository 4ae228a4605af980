/** Series as a program tells them to Prometheus. */
export class Series {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  /** Asks the program that listens on a port of this machine. @throws when it does not answer with series. */
  static async of(port: number): Promise<Series> {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    if (!answer.ok) throw new Error(`the program answers ${answer.status}`);
    return new Series(await answer.text());
  }

  /** How many series a family has. */
  count(family: string): number {
    return this.#of(family, []).length;
  }

  /** The sum of those with all of these labels, each as `name="value"`. Undefined when there is none. */
  sum(family: string, ...labels: string[]): number | undefined {
    const found = this.#of(family, labels);
    if (found.length === 0) return undefined;
    return found.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  #of(family: string, labels: readonly string[]): string[] {
    return this.#lines.filter(
      (line) => line.startsWith(`${family}{`) && labels.every((label) => line.includes(label)),
    );
  }
}
