/** As much of vitest as the fixture uses: it is installed by those who use it. */
declare module 'vitest' {
  export interface TestAPI<Context> {
    (name: string, run: (context: Context) => void | Promise<void>): void;
    extend<More>(
      fixtures: {
        [Name in keyof More]: (context: Context, use: (value: More[Name]) => Promise<void>) => Promise<void>;
      },
    ): TestAPI<Context & More>;
  }
  export const test: TestAPI<object>;
}
