"""One run on several processes: one CPU, one GPU, or many of either under `torchrun`, with the same loss curve.

Every process draws the same order and the same variation from the same seed and works on its share of each batch;
gradients and batch statistics are summed over all. So a run depends on the global batch, not on how many share it, up
to rounding (torch's own batch normalisation on a CPU is good to 1e-6; Adam can make more of it over many steps).
"""

import os
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.distributed as dist
from numpy.typing import NDArray
from timm.layers.norm_act import BatchNormAct2d, convert_sync_batchnorm
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True, slots=True)
class Processes:
    """Who takes part in a run, and on what device this one computes."""

    rank: int = 0
    count: int = 1
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))

    @property
    def leads(self) -> bool:
        """Whether this process writes files and reports."""
        return self.rank == 0

    def share(self, chosen: NDArray[Any]) -> NDArray[Any]:
        """Return the part of a batch that this process works on."""
        return chosen[self.rank :: self.count]

    def mine(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Return the same part of tensors (N, ...)."""
        return tuple(tensor[self.rank :: self.count] for tensor in tensors)

    def total(self, *values: float) -> list[float]:
        """Return each value summed over all processes."""
        if self.count == 1:
            return list(values)
        summed = torch.tensor(values, dtype=torch.float64, device=self.device)
        dist.all_reduce(summed)
        return [float(value) for value in summed.tolist()]

    def wait(self) -> None:
        """Wait until all processes are here."""
        if self.count > 1:
            dist.barrier()

    def wrap(self, model: nn.Module) -> nn.Module:
        """Return what to train: the model itself, or the model with gradients summed over all processes."""
        if self.count == 1:
            return model
        devices = [self.device.index] if self.device.type == "cuda" else None
        wrapped: nn.Module = DistributedDataParallel(model, device_ids=devices)
        return wrapped

    def with_common_statistics(self, model: nn.Module) -> nn.Module:
        """Return the model with batch normalisation over the global batch; its state dict keeps its names."""
        if self.count == 1:
            return model
        if self.device.type == "cuda":
            converted: nn.Module = convert_sync_batchnorm(model)  # type: ignore[no-untyped-call]
            return converted
        return _common_batch_norm(model)


def best_device() -> torch.device:
    """Return the GPU if there is one, else the CPU."""
    return torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")


def join_processes() -> Processes:
    """Take the place that `torchrun` gave this process; alone where there is no `torchrun`.

    nccl between GPUs, gloo between CPUs.
    """
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        return Processes(device=best_device())
    on_gpu = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if on_gpu else torch.device("cpu")
    if on_gpu:
        torch.cuda.set_device(device)
    if not dist.is_initialized():
        dist.init_process_group("nccl" if on_gpu else "gloo")
    return Processes(dist.get_rank(), dist.get_world_size(), device)


def leave_processes() -> None:
    """End what `join_processes` began."""
    if dist.is_initialized():
        dist.destroy_process_group()


class _Sum(torch.autograd.Function):
    """Sum over all processes; each one's gradient is the sum of what all processes ask of the sum."""

    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        """Sum."""
        total = values.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        """Sum the gradients."""
        total = gradients[0].clone()
        dist.all_reduce(total)
        return total


class CommonBatchNorm(nn.BatchNorm2d):
    """Batch normalisation over the batches of all processes: torch's own `SyncBatchNorm` refuses CPUs."""

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (N, C, H, W)."""
        if not self.training:
            return super().forward(x)
        wide = x.float()
        # In double precision: a variance as a difference of two sums loses half of the digits.
        count = torch.tensor([wide.numel() / wide.shape[1]], dtype=torch.float64)
        exact = wide.double()
        sums = torch.cat([count, exact.sum(dim=(0, 2, 3)), exact.square().sum(dim=(0, 2, 3))])
        totals: Tensor = _Sum.apply(sums)
        n, channels = totals[0], self.num_features
        mean = totals[1 : 1 + channels] / n
        variance = totals[1 + channels :] / n - mean.square()
        with torch.no_grad():
            assert self.running_mean is not None  # noqa: S101 - for the type checker; made by the constructor
            assert self.running_var is not None  # noqa: S101
            assert self.num_batches_tracked is not None  # noqa: S101
            momentum = 0.1 if self.momentum is None else self.momentum
            self.running_mean.lerp_(mean.float(), momentum)
            self.running_var.lerp_((variance * n / (n - 1)).float(), momentum)
            self.num_batches_tracked.add_(1)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        shift = (self.bias - mean * scale).float()
        normalised = wide * scale.float()[:, None, None] + shift[:, None, None]
        return normalised.to(x.dtype)


class CommonBatchNormAct(CommonBatchNorm):
    """The same for timm's layer that ends in an activation."""

    def __init__(self, layer: BatchNormAct2d) -> None:
        super().__init__(layer.num_features, layer.eps, layer.momentum)
        self.drop, self.act = layer.drop, layer.act

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (N, C, H, W), then activate."""
        out: Tensor = self.act(self.drop(super().forward(x)))
        return out


def _common_batch_norm(module: nn.Module) -> nn.Module:
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d) and not isinstance(child, CommonBatchNorm):
            if isinstance(child, BatchNormAct2d):
                common: CommonBatchNorm = CommonBatchNormAct(child)
            else:
                common = CommonBatchNorm(child.num_features, child.eps, child.momentum)
            common.load_state_dict(child.state_dict())
            setattr(module, name, common)
        else:
            _common_batch_norm(child)
    return module
