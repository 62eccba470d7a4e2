/** How samples reach the circuit and classes leave it (docs/interfaces.md). */
export const INTERFACES = ["parallel", "valid", "axi-stream", "shift", "uart"] as const;
export type Interface = (typeof INTERFACES)[number];
