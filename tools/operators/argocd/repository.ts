import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A repository of git on this machine, whose files are manifests. */
export class Repository {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Has the work done with a new one, which goes afterwards. */
  static async use(work: (repository: Repository) => Promise<void>): Promise<void> {
    const repository = new Repository(await mkdtemp(join(tmpdir(), 'shallop-repository-')));
    try {
      await repository.#git('init', '--quiet', '--initial-branch=main');
      await work(repository);
    } finally {
      await rm(repository.#folder, { recursive: true, force: true });
    }
  }

  get url(): string {
    return `file://${this.#folder}`;
  }

  /** Commits what these files have from now on; undefined removes a file. @returns the commit. */
  async commit(files: Record<string, object[] | undefined>): Promise<string> {
    for (const [name, objects] of Object.entries(files)) {
      const path = join(this.#folder, name);
      await mkdir(dirname(path), { recursive: true });
      if (objects) await writeFile(path, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
      else await rm(path);
    }
    await this.#git('add', '--all');
    const who = ['-c', 'user.name=shallop', '-c', 'user.email=shallop@localhost'];
    await this.#git(...who, 'commit', '--quiet', '--message', 'A change');
    return (await this.#git('rev-parse', 'HEAD')).trim();
  }

  async #git(...args: string[]): Promise<string> {
    return (await run('git', ['-C', this.#folder, ...args])).stdout;
  }
}
