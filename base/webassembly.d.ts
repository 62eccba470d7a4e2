/** What the kernels use of WebAssembly's JavaScript interface; Node's own types leave it to the browser's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  /** `Buffer` is `ArrayBuffer` where the memory is not shared. */
  class Memory<Buffer extends ArrayBufferLike = SharedArrayBuffer> {
    constructor(descriptor: {
      readonly initial: number;
      readonly maximum: number;
      readonly shared: Buffer extends SharedArrayBuffer ? true : false;
    });
    readonly buffer: Buffer;
  }
  class Global {
    readonly value: unknown;
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: Readonly<Record<string, unknown>> });
    readonly exports: Readonly<Record<string, unknown>>;
  }
}
