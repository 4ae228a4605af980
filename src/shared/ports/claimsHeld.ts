import { ApiError } from '../errors/apiError.ts';

/** Is thrown when a write claims values that other objects hold. Nothing changed; the same write would fail again. */
export class ClaimsHeld extends ApiError {
  /** The claimed values that other objects hold. */
  readonly claims: readonly string[];

  constructor(claims: readonly string[]) {
    super('Invalid', `held by another object: ${claims.join(', ')}`);
    this.claims = claims;
  }
}
