import { type Acts, FakeService, failure } from './fakeService.ts';

export interface Entry {
  ARN: string;
  Name: string;
  Description?: string;
  SecretString: string;
  Tags: { Key: string; Value: string }[];
  versions: number;
}

/** Whatever of it a request has. */
interface Input {
  Name: string;
  SecretId: string;
  Description: string;
  SecretString: string;
  Tags: Entry['Tags'];
  Filters: { Key: string; Values: string[] }[];
  MaxResults: number;
  NextToken?: string;
  ForceDeleteWithoutRecovery?: boolean;
}

/** Secrets Manager in memory, with its limit on size and names that are not free at once. */
export class FakeSecrets extends FakeService<Input> {
  readonly entries = new Map<string, Entry>();
  /** Names that lists do not tell of yet. */
  readonly unlisted = new Set<string>();
  /** How many creations of a deleted name fail. */
  lingering = 0;
  readonly #deleted = new Set<string>();
  #count = 0;

  constructor() {
    super('InvalidAction');
  }

  #entry(id: string): Entry {
    const entry = this.entries.get(id);
    if (!entry) throw failure('ResourceNotFoundException');
    return entry;
  }

  protected readonly acts: Acts<Input> = {
    CreateSecret: ({ Name, Description, SecretString, Tags }) => {
      if (this.entries.has(Name)) throw failure('ResourceExistsException');
      if (this.#deleted.has(Name) && this.lingering-- > 0) throw failure('InvalidRequestException');
      checkLength(SecretString);
      checkTexts(Name, Description);
      const suffix = String(++this.#count).padStart(6, '0');
      const ARN = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${Name}-${suffix}`;
      this.entries.set(Name, { ARN, Name, Description, SecretString, Tags, versions: 1 });
      return { ARN };
    },
    UpdateSecret: ({ SecretId, Description, SecretString }) => {
      checkLength(SecretString);
      checkTexts(SecretId, Description);
      const entry = this.#entry(SecretId);
      Object.assign(entry, { Description, SecretString, versions: entry.versions + 1 });
      return undefined;
    },
    TagResource: ({ SecretId, Tags }) => {
      const entry = this.#entry(SecretId);
      const all = new Map([...entry.Tags, ...Tags].map((tag) => [tag.Key, tag]));
      entry.Tags = [...all.values()];
      return undefined;
    },
    DescribeSecret: ({ SecretId }) => {
      const { SecretString: _, versions: __, ...entry } = this.#entry(SecretId);
      return entry;
    },
    DeleteSecret: ({ SecretId, ForceDeleteWithoutRecovery }) => {
      if (!ForceDeleteWithoutRecovery) throw failure('InvalidParameterException');
      if (this.entries.delete(SecretId)) this.#deleted.add(SecretId);
      return undefined;
    },
    ListSecrets: ({ Filters, MaxResults, NextToken }) => {
      const prefix = Filters.find((f) => f.Key === 'name')!.Values[0]!;
      const all = [...this.entries.values()].filter(
        (e) => e.Name.startsWith(prefix) && !this.unlisted.has(e.Name),
      );
      const from = Number(NextToken ?? 0);
      const next = from + MaxResults;
      return { SecretList: all.slice(from, next), ...(next < all.length && { NextToken: String(next) }) };
    },
  };
}

function checkLength(text: string): void {
  if (Buffer.byteLength(text) > 65_536) throw failure('ValidationException');
}

function checkTexts(name: string, description: string): void {
  if (!/^[\w/+=.@-]{1,512}$/.test(name) || description.length > 2_048)
    throw failure('InvalidParameterException');
}
