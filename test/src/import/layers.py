"""Logic layers with the attributes that difflogic and torchlogix give theirs, written for these tests."""
import torch
import torch.nn.functional as F

TABLES = torch.tensor([[(f >> (3 - i)) & 1 for i in range(4)] for f in range(16)], dtype=torch.float32)


def apply_tables(a, b, table):
    return (1 - a) * ((1 - b) * table[:, 0] + b * table[:, 1]) + a * ((1 - b) * table[:, 2] + b * table[:, 3])


class LogicLayer(torch.nn.Module):
    """As in difflogic: `indices` is a pair of index tensors, `weights` the logits of sixteen functions."""

    def __init__(self, in_dim, out_dim):
        super().__init__()
        self.in_dim, self.out_dim = in_dim, out_dim
        self.weights = torch.nn.Parameter(torch.randn(out_dim, 16))
        pairs = torch.randperm(in_dim)[torch.randperm(2 * out_dim) % in_dim].reshape(2, out_dim)
        self.indices = pairs[0], pairs[1]

    def forward(self, x):
        w = F.softmax(self.weights, -1) if self.training else F.one_hot(self.weights.argmax(-1), 16).float()
        return apply_tables(x[..., self.indices[0]], x[..., self.indices[1]], w @ TABLES)


class FixedConnections(torch.nn.Module):
    def __init__(self, in_dim, out_dim):
        super().__init__()
        self.indices = torch.randint(in_dim, (2, out_dim))

    def forward(self, x):
        return x[:, self.indices]


class LearnableConnections(torch.nn.Module):
    def __init__(self, in_dim, out_dim, candidates):
        super().__init__()
        self.indices = torch.randint(in_dim, (candidates, 2, out_dim))
        self.weights = torch.nn.Parameter(torch.rand(candidates, 2, out_dim))

    def forward(self, x):
        chosen = self.weights.argmax(0, keepdim=True)
        if not self.training:
            return x[:, self.indices.gather(0, chosen)[0]]
        return (x[:, self.indices] * F.softmax(4 * self.weights, 0)).sum(1)


class LogicDense(torch.nn.Module):
    """As in torchlogix: `connections.indices`, `weight` in one of three parametrisations, `get_luts_and_ids`."""

    def __init__(self, in_dim, out_dim, parametrization, candidates=None):
        super().__init__()
        self.kind = parametrization
        self.weight = torch.nn.Parameter(torch.randn(out_dim, 16 if parametrization == "raw" else 4))
        self.connections = (
            FixedConnections(in_dim, out_dim) if candidates is None else LearnableConnections(in_dim, out_dim, candidates)
        )

    def values(self):
        """Before thresholding, [gates, 4]: for (a, b) = 00, 01, 10, 11."""
        if self.kind == "light":
            return self.weight
        signs = torch.tensor([[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]).float()
        return -(self.weight @ signs.T)

    def get_luts_and_ids(self):
        if self.kind == "raw":
            ids = self.weight.argmax(1)
            return TABLES[ids].bool(), ids
        luts = self.values() > 0
        return luts, (luts * torch.tensor([8, 4, 2, 1])).sum(1)

    def forward(self, x):
        x = self.connections(x)
        if self.training:
            table = F.softmax(self.weight, -1) @ TABLES if self.kind == "raw" else torch.sigmoid(self.values())
        else:
            table = self.get_luts_and_ids()[0].float()
        return apply_tables(x[:, 0], x[:, 1], table)


class GroupSum(torch.nn.Module):
    def __init__(self, k, tau):
        super().__init__()
        self.k, self.tau = k, tau

    def forward(self, x):
        return x.reshape(x.shape[0], self.k, -1).sum(-1) / self.tau


def train(model, x, y, steps, batch=100):
    optimiser = torch.optim.Adam(model.parameters(), lr=0.03)
    for step in range(steps):
        rows = torch.randint(len(x), (batch,))
        optimiser.zero_grad()
        F.cross_entropy(model(x[rows]), y[rows]).backward()
        optimiser.step()
    return model.eval()


def predictions(model, x):
    with torch.no_grad():
        return model(x).argmax(-1).tolist()
