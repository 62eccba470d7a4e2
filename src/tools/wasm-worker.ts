import { parentPort } from "node:worker_threads";
import type { ToolAnswer, ToolRequest } from "./tool-files.js";
import { PRINTED } from "./tool-files.js";

type Tree = { readonly [name: string]: Tree | string | Uint8Array };
type Command = (
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
  options: { stdout: (bytes: Uint8Array | null) => void; stderr: (bytes: Uint8Array | null) => void },
) => Promise<Tree | undefined>;
/** What every package of these has: programs by name, and the error that an exit status other than 0 is. */
interface Package {
  readonly commands: Readonly<Record<string, Command>>;
  readonly Exit: new () => Error & { readonly code: number };
}

async function run({ bundle, program, args, files, outputs }: ToolRequest): Promise<ToolAnswer> {
  const { commands, Exit } = (await import(bundle)) as Package;
  const printed: Uint8Array[] = [];
  let log = "";
  const decoder = new TextDecoder();
  const collect = (bytes: Uint8Array | null): void => {
    if (bytes !== null) log += decoder.decode(bytes, { stream: true });
  };
  const isOutput = outputs.includes(PRINTED);
  const stdout = isOutput
    ? (bytes: Uint8Array | null): void => void (bytes !== null && printed.push(bytes))
    : collect;
  try {
    const written = await commands[program]!(args, { ...files }, { stdout, stderr: collect });
    const tree: Tree = { ...written, ...(isOutput ? { [PRINTED]: Buffer.concat(printed) } : {}) };
    const missing = outputs.find((file) => tree[file] === undefined);
    if (missing !== undefined) return { error: `no ${missing} was written: ${log.trim()}` };
    const bytes = (written: unknown): Uint8Array =>
      typeof written === "string" ? new TextEncoder().encode(written) : (written as Uint8Array);
    return { log, outputs: Object.fromEntries(outputs.map((file) => [file, bytes(tree[file])])) };
  } catch (error) {
    if (error instanceof Exit) return { error: log.trim() || `exit status ${error.code}` };
    throw error;
  }
}

const port = parentPort!;
port.on("message", (request: ToolRequest) => {
  void run(request).then((answer) => port.postMessage(answer));
});
