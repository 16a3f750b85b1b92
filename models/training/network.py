"""MobileNet V1, Table 1 of arXiv 1704.04861: a full convolution, thirteen depthwise separable ones, pooling, a linear layer.

And what the paper compares it with: the same with full convolutions (Table 4), and a shallow one (Table 5).
"""

import math
import os

import torch
from torch import nn
from torch.nn import functional as F

# Table 1: output channels at alpha 1.0, and the stride of the depthwise convolution.
BLOCKS = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + [(512, 1)] * 5 + [(1024, 2), (1024, 1)]
# Table 5 leaves out the five alike in the middle.
SHALLOW_BLOCKS = BLOCKS[:6] + BLOCKS[11:]
STEM_CHANNELS = 32
# Activations and products; weights and losses are float32. Half the time where the processor has instructions for it, far more where not.
with open('/proc/cpuinfo') as cpu:
    DTYPE = torch.bfloat16 if 'avx512_bf16' in cpu.read() else torch.float32
# Of the usual spread. Batch norm undoes the scale of a filter, but a small one turns faster at the same rate (README.md).
INITIAL_GAIN = 0.15


def scaled(channels, alpha):
    """Channels thinned by the width multiplier, as packages/mobilenet does it."""
    return max(8, int(channels * alpha))


class Pointwise(nn.Conv2d):
    """A 1 x 1 convolution as the matrix product that it is: about a tenth faster, forward and backward, for channels last."""

    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, 1, bias=False)

    def forward(self, x):
        return F.linear(x.permute(0, 2, 3, 1), self.weight.flatten(1)).permute(0, 3, 1, 2)


class Depthwise(nn.Conv2d):
    def __init__(self, channels, stride):
        super().__init__(channels, channels, 3, stride, 1, groups=channels, bias=False)

    def forward(self, x):
        if x.dtype != torch.bfloat16:
            return super().forward(x)
        import fused  # compiled at first use

        return fused.Depthwise.apply(x, self.weight, self.stride[0])


class NormRelu(nn.BatchNorm2d):
    """Batch norm and ReLU. While it learns in bfloat16 it keeps no running statistics: export.py gathers them anew."""

    def forward(self, x):
        if x.dtype != torch.bfloat16 or not self.training:
            return F.relu(super().forward(x), inplace=True)
        import fused

        return fused.NormRelu.apply(x, self.weight, self.bias, self.eps)


class Separable(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.depthwise = Depthwise(inputs, stride)
        self.depthwise_bn = NormRelu(inputs)
        self.pointwise = Pointwise(inputs, outputs)
        self.pointwise_bn = NormRelu(outputs)

    def forward(self, x):
        x = self.depthwise_bn(self.depthwise(x))
        return self.pointwise_bn(self.pointwise(x))


class Full(nn.Module):
    """A standard convolution with its batch norm: the stem, and what a separable one stands in for."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn = NormRelu(outputs)

    def forward(self, x):
        return self.bn(self.conv(x))


class MobileNet(nn.Module):
    """Logits of `classes` from N x 3 x R x R in [-1, 1], any R that is a multiple of 32."""

    def __init__(self, alpha, classes=200, blocks=BLOCKS, convolution=Separable):
        super().__init__()
        channels = scaled(STEM_CHANNELS, alpha)
        self.stem = Full(3, channels, 2)
        self.depth = len(blocks)
        for number, (outputs, stride) in enumerate(blocks, 1):
            self.add_module(f'block{number}', convolution(channels, scaled(outputs, alpha), stride))
            channels = scaled(outputs, alpha)
        self.classifier = nn.Linear(channels, classes)
        self.initialize(classes)

    def initialize(self, classes):
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                # A filter's own fan, 9 for a depthwise one: with the layer's channels it would start far too small.
                fan = module.weight[0].numel()
                nn.init.normal_(module.weight, std=INITIAL_GAIN * math.sqrt(2 / fan))
        nn.init.normal_(self.classifier.weight, std=0.01)
        # Independent outputs start at the rate of a class, so that the first steps don't just push them all down.
        nn.init.constant_(self.classifier.bias, -math.log(classes - 1))

    def forward(self, x):
        x = self.stem(x)
        for number in range(1, self.depth + 1):
            x = getattr(self, f'block{number}')(x)
        return self.classifier(x.mean((2, 3)))


def autocast():
    return torch.autocast('cpu', dtype=torch.bfloat16, enabled=DTYPE == torch.bfloat16)


def load_trained(run):
    """The network that train.py left in RUN/trained.pt."""
    trained = torch.load(os.path.join(run, 'trained.pt'))
    network = MobileNet(trained['alpha']).to(memory_format=torch.channels_last)
    network.load_state_dict(trained['network'])
    return network
