import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123SubdomainProblems, textsExceed } from '../../../../meta/names.ts';
import { validInlineVolume } from '../../../core/v1/persistentvolume/inline.ts';
import { validDriverName } from '../../../core/v1/pod/validate/volumeDrivers.ts';
import { goText } from '../../../schema/goText.ts';
import type {
  VolumeAttachment,
  VolumeAttachmentSource,
  VolumeAttachmentStatus,
  VolumeError,
} from '../../../schema/types.ts';
import { forbidden, invalidValue, required, tooLong } from '../../../validation/causes.ts';
import { checked, immutable } from '../../../validation/rules.ts';

export function validate({ spec, status }: VolumeAttachment, old?: VolumeAttachment): Cause[] {
  const { attacher, source, nodeName } = spec;
  return [
    ...(attacher ? [] : [required('spec.attacher')]),
    ...validSource('spec.source', source),
    ...checked('spec.nodeName', nodeName, dns1123SubdomainProblems),
    ...validStatus('status', status),
    ...(old
      ? immutable('spec', spec, old.spec, () => goText('VolumeAttachmentSpec', spec))
      : [
          ...validDriverName('spec.attacher', attacher),
          ...(source.persistentVolumeName === undefined
            ? []
            : checked(
                'spec.source.persistentVolumeName',
                source.persistentVolumeName,
                dns1123SubdomainProblems,
              )),
        ]),
  ];
}

export const validateStatus = (object: VolumeAttachment, old: VolumeAttachment): Cause[] =>
  validate(object, old);

const exactlyOne = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';

function validSource(
  at: string,
  { inlineVolumeSpec: inline, persistentVolumeName: name }: VolumeAttachmentSource,
): Cause[] {
  if (inline && name !== undefined) return [forbidden(at, exactlyOne)];
  if (inline) return validInlineVolume(`${at}.inlineVolumeSpec`, inline);
  if (name === undefined) return [required(at, exactlyOne)];
  return name ? [] : [required(`${at}.persistentVolumeName`, 'must specify non empty persistentVolumeName')];
}

const mostMetadataBytes = 256 * 1024;
const longestMessage = 1024;

function validStatus(at: string, status: VolumeAttachmentStatus | undefined): Cause[] {
  const { attachmentMetadata = {}, attachError, detachError } = status ?? {};
  return [
    ...(textsExceed(attachmentMetadata, mostMetadataBytes)
      ? [tooLong(`${at}.attachmentMetadata`, mostMetadataBytes)]
      : []),
    ...validError(`${at}.attachError`, attachError),
    ...validError(`${at}.detachError`, detachError),
  ];
}

function validError(at: string, { message = '', errorCode = 0 }: VolumeError = {}): Cause[] {
  // Kubernetes names the other limit.
  const causes =
    Buffer.byteLength(message) > longestMessage ? [tooLong(`${at}.message`, mostMetadataBytes)] : [];
  if (errorCode < 0)
    causes.push(invalidValue(`${at}.errorCode`, errorCode, 'must be between 0 and 2147483647, inclusive'));
  return causes;
}
