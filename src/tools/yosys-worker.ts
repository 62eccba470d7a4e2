import { parentPort } from "node:worker_threads";
import { Exit, runYosys } from "@yowasp/yosys";

/** Verilog in, JSON out. */
export interface YosysRequest {
  readonly files: Readonly<Record<string, string>>;
  readonly script: string;
  /** File that the script writes. */
  readonly output: string;
}

export type YosysAnswer = { readonly output: string } | { readonly error: string };

async function run({ files, script, output }: YosysRequest): Promise<YosysAnswer> {
  let log = "";
  const decoder = new TextDecoder();
  const collect = (bytes: Uint8Array | null): void => {
    if (bytes !== null) log += decoder.decode(bytes, { stream: true });
  };
  try {
    const tree = await runYosys(["-q", "-p", script], { ...files }, { stdout: collect, stderr: collect });
    const written = tree?.[output];
    if (written === undefined) return { error: `no ${output} was written: ${log.trim()}` };
    return { output: typeof written === "string" ? written : decoder.decode(written as Uint8Array) };
  } catch (error) {
    if (error instanceof Exit) return { error: log.trim() || `exit status ${error.code}` };
    throw error;
  }
}

const port = parentPort!;
port.once("message", (request: YosysRequest) => {
  void run(request).then((answer) => port.postMessage(answer));
});
