/** One test of a JUnit report. */
export interface TestCase {
  readonly group: string;
  readonly name: string;
  readonly seconds: number;
  /** `error`: it could not be told whether it holds. */
  readonly outcome: "passed" | "failure" | "error" | "skipped";
  /** One line for what is not passed. */
  readonly message: string;
  /** What else there is to say about it. */
  readonly details: string;
}

/**
 * JUnit XML, as build servers read it (the Jenkins schema: failures, errors and skipped apart).
 *
 * @param suite names the suite.
 */
export function junitXml(suite: string, tests: readonly TestCase[]): string {
  const count = (outcome: TestCase["outcome"]): number => tests.filter((t) => t.outcome === outcome).length;
  const total = tests.reduce((sum, { seconds }) => sum + seconds, 0);
  const numbers = `tests="${tests.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${total.toFixed(1)}"`;
  const lines = tests.map((test) => testElement(suite, test));
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${escaped(suite)}" ${numbers}>
<testsuite name="${escaped(suite)}" ${numbers}>
${lines.join("\n")}
</testsuite>
</testsuites>
`;
}

function testElement(suite: string, { group, name, seconds, outcome, message, details }: TestCase): string {
  const head = `<testcase classname="${escaped(`${suite}.${group}`)}" name="${escaped(name)}" time="${seconds.toFixed(1)}"`;
  if (outcome === "passed") return `${head}/>`;
  if (outcome === "skipped") return `${head}><skipped message="${escaped(message)}"/></testcase>`;
  return `${head}>
<${outcome} message="${escaped(message)}">${escaped(details)}</${outcome}>
</testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text for XML 1.0; characters that it cannot hold, terminal colours among them, become �. */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"]/g, (letter) => ENTITIES[letter]!);
