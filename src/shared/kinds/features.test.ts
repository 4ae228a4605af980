import { describe, expect, test } from '@jest/globals';
import { featuresOf, knownAmong } from './features.ts';
import { kinds } from './registry.ts';

const beta = 'admissionregistration.k8s.io/v1beta1';

/** Returns what is served beyond what is on. */
const further = (...versions: string[]) =>
  featuresOf({ gates: [], versions })
    .kinds.slice(kinds.length)
    .map(({ version, plural }) => `${version}/${plural}`);

describe('features', () => {
  test.each<[string[], string[]]>([
    [[], []],
    [[beta], ['v1beta1/mutatingadmissionpolicies', 'v1beta1/mutatingadmissionpolicybindings']],
    [
      [`${beta}=true`, `${beta}/mutatingadmissionpolicybindings=false`],
      ['v1beta1/mutatingadmissionpolicies'],
    ],
    [['api/alpha=true'], ['v1alpha1/mutatingadmissionpolicies', 'v1alpha1/mutatingadmissionpolicybindings']],
    [['api/all=true', 'api/beta=false', 'api/alpha=false'], []],
  ])('%j serve %j', (versions, expected) => expect(further(...versions)).toEqual(expected));

  test.each<[string[], boolean]>([
    [[], false],
    [['MutatingAdmissionPolicy=true'], true],
    [['AllBeta=true'], true],
    [['AllBeta=true', 'MutatingAdmissionPolicy=false'], false],
    [['MutatingAdmissionPolicy=false', 'MutatingAdmissionPolicy=T'], true],
  ])('%j let policies change requests: %j', (gates, expected) =>
    expect(featuresOf({ gates, versions: [] }).mutatingAdmissionPolicy).toBe(expected),
  );

  test.each<[string[], string[], string]>([
    [['Other=true'], [], '--feature-gates: unrecognized feature gate: Other'],
    [['MutatingAdmissionPolicy'], [], '--feature-gates: invalid value of MutatingAdmissionPolicy='],
    [['AllBeta=maybe'], [], '--feature-gates: invalid value of AllBeta=maybe'],
    [[], ['apps/v1=false'], '--runtime-config: apps/v1 is not a version that is off'],
    [[], [`${beta}=x`], `--runtime-config: invalid value of ${beta}=x`],
  ])('%j and %j are refused', (gates, versions, message) =>
    expect(() => featuresOf({ gates, versions })).toThrow(message),
  );

  test('that mean nothing here can be left out', () => {
    expect(knownAmong({ gates: ['Other=true', 'AllBeta=true'], versions: ['apps/v1=false', beta] })).toEqual({
      gates: ['AllBeta=true'],
      versions: [beta],
    });
  });
});
