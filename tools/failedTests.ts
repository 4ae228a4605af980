import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

// failedTests REPORT: prints the tests of a report that jest has written (--json) which failed, each with the start of
// what it said.

interface Report {
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

const startChars = 1500;
const startOf = (text: string) => stripVTControlCharacters(text).slice(0, startChars);

const { testResults } = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Report;
for (const { name, message, assertionResults } of testResults) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  for (const { fullName, failureMessages } of failed)
    console.log(`== ${name}: ${fullName}\n${startOf(failureMessages.join('\n'))}`);
  // A file that could not be run has no test.
  if (!assertionResults.length && message) console.log(`== ${name}\n${startOf(message)}`);
}
