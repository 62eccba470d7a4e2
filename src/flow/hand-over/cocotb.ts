import { basename } from "node:path";
import type { HandOver } from "./package.js";

/** A cocotb test of the top: the vectors one after another, the class compared after the top's latency. */
export function emitCocotbTest({ base, comment, vectors, latency }: HandOver): string {
  return `${comment.map((line) => `# ${line}\n`).join("")}"""Test vectors through ${base}_top; the first COCOTB_SAMPLES of them (200)."""

import os
from pathlib import Path

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, Timer

VECTORS = Path(__file__).with_name("${basename(vectors)}")
# Clock edges from features to class_index; 0 is combinational.
LATENCY = ${latency}


def read_vectors(path):
    """The samples that the file announces, as (features, class)."""
    total, *lines = path.read_text().splitlines()
    assert int(total) == len(lines), f"{path}: {total} samples announced, {len(lines)} found"
    return [tuple(int(field, 16) for field in line.split()) for line in lines]


async def settle(dut):
    """Until class_index is that of the features."""
    if LATENCY == 0:
        await Timer(1, "ns")
    for _ in range(LATENCY):
        await FallingEdge(dut.clk)


@cocotb.test()
async def classes_of_the_test_set(dut):
    if LATENCY > 0:
        dut.enable.value = 1
        cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
        await FallingEdge(dut.clk)
    samples = read_vectors(VECTORS)[: int(os.environ.get("COCOTB_SAMPLES", "200"))]
    assert samples, f"{VECTORS} holds no samples"
    for number, (features, expected) in enumerate(samples):
        dut.features.value = features
        await settle(dut)
        found = int(dut.class_index.value)
        assert found == expected, f"sample {number}: expected class {expected} but found {found}"
`;
}
