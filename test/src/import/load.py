"""Load exported weights as docs/import.md says; print the class of every sample of an IDX file, gzipped, of 8-bit images.

Arguments: weights, IDX file."""
import gzip, json, sys
import numpy as np
import torch
from dbnc_torch import Network


def main(weights, source):
    network = Network(weights).eval()
    with gzip.open(source) as file:
        pixels = np.frombuffer(file.read(), "uint8", offset=16).reshape(-1, 784)
    bits = network.encode(torch.from_numpy(pixels.astype("int64")))
    with torch.no_grad():
        hard = network(bits)
    network.train()
    loss = torch.nn.functional.cross_entropy(network(bits[:100]), hard[:100].argmax(-1))
    loss.backward()
    learns = any(p.grad is not None and float(p.grad.abs().sum()) > 0 for p in network.parameters())
    print(json.dumps({"predictions": hard.argmax(-1).tolist(), "learns": learns}))


main(*sys.argv[1:])
