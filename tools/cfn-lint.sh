#!/usr/bin/env bash
# What CloudFormation's own resource schemas and IAM's lists of actions say of the templates, by cfn-lint: installs the
# pinned version below .cache/emulators, synthesises the app in its plainest and in its wider forms, and judges all.
#   tools/cfn-lint.sh [install]
# Environment: PYTHON (python3).
set -euo pipefail
. "$(dirname "$0")/python.sh"
version=1.58.0
venv=$programs/cfn-lint-$version

install "$venv" "${PYTHON:-python3}" "cfn-lint==$version"
[ "${1:-}" = install ] && exit 0

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cd "$repository"
npm run -s synth -- -c name=plain -o "$out/plain"
npm run -s synth -- -o "$out/wide" -c name=wide -c events=true -c fileSystem=true -c domain=k8s.example.org \
  -c certificateArn=arn:aws:acm:us-east-1:111111111111:certificate/c -c domainZoneId=Z1 -c domainZone=example.org \
  -c vpcId=vpc-0123456789abcdef0 -c vpcCidr=10.9.0.0/16 -c subnets=subnet-0123456789abcdef0=us-east-1a \
  -c alarmTopicArn=arn:aws:sns:us-east-1:111111111111:alarms -c allowedCidrs=203.0.113.0/24 -c tracing=true -c reserve=true
npm run -s synth -- -o "$out/inside" -c name=inside -c endpoint=private -c nat=gateway -c ipv6=true \
  -c table=shallop-inside-restored -c tableStream=arn:aws:dynamodb:us-east-1:111111111111:table/shallop-inside-restored/stream/now
npm run -s synth -- -o "$out/instance" -c name=instance -c nat=instance -c scaleToZero=true -c concurrency=1000
npm run -s synth -- -o "$out/webhooks" -c name=webhooks -c eventRules=test/support/aws/eventRules.yaml
# W3005: the CDK names dependencies that references imply already.
lint() { "$venv/bin/cfn-lint" --ignore-checks W3005 --regions "$@"; }
lint us-east-1 eu-west-1 ap-southeast-1 --template "$out"/*/*.template.json
# The other partitions. In GovCloud CloudFormation has no API destinations, so that rules call no webhooks there.
lint cn-north-1 us-gov-west-1 eusc-de-east-1 --template "$out"/{plain,wide,inside,instance}/*.template.json
