import { parentPort } from "node:worker_threads";
import { Exit, runYosys } from "@yowasp/yosys";

/** Files in, files out. */
export interface YosysRequest {
  /** Name to text. */
  readonly files: Readonly<Record<string, string>>;
  readonly script: string;
  /** Files that the script writes. */
  readonly outputs: readonly string[];
}

/** The text of every output, or what Yosys complained about. */
export type YosysAnswer = { readonly outputs: Readonly<Record<string, string>> } | { readonly error: string };

async function run({ files, script, outputs }: YosysRequest): Promise<YosysAnswer> {
  let log = "";
  const decoder = new TextDecoder();
  const collect = (bytes: Uint8Array | null): void => {
    if (bytes !== null) log += decoder.decode(bytes, { stream: true });
  };
  try {
    const tree = await runYosys(["-q", "-p", script], { ...files }, { stdout: collect, stderr: collect });
    const missing = outputs.find((file) => tree?.[file] === undefined);
    if (missing !== undefined) return { error: `no ${missing} was written: ${log.trim()}` };
    const text = (written: unknown): string =>
      typeof written === "string" ? written : new TextDecoder().decode(written as Uint8Array);
    return { outputs: Object.fromEntries(outputs.map((file) => [file, text(tree?.[file])])) };
  } catch (error) {
    if (error instanceof Exit) return { error: log.trim() || `exit status ${error.code}` };
    throw error;
  }
}

const port = parentPort!;
port.once("message", (request: YosysRequest) => {
  void run(request).then((answer) => port.postMessage(answer));
});
