import { ApiError } from '../errors/apiError.ts';

/** A write asked for values that other objects hold. Nothing changed; the same write would be refused again. */
export class ClaimsHeld extends ApiError {
  /** Those that are held. */
  readonly claims: readonly string[];

  constructor(claims: readonly string[]) {
    super('Invalid', `held by another object: ${claims.join(', ')}`);
    this.claims = claims;
  }
}
